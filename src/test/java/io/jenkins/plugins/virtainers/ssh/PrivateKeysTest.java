package io.jenkins.plugins.virtainers.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeysTest {
    /** Behind the magic, "none" twice, and options, which are empty. */
    private static final int NUMBER_OF_KEYS = 15 + 8 + 8 + 4 + 3;

    private static final int LENGTH_OF_THE_TYPE = NUMBER_OF_KEYS + 1 + 4 + 3;
    private static final int UP_TO_THE_PRIVATE_HALF = NUMBER_OF_KEYS + 1 + 4 + 51;

    @Test
    void findsThePublicHalfOfAnOpenSshKey() {
        SshKeyPair pair = new OpenSshKeys().ed25519("me");
        assertEquals(pair.publicLine(), PrivateKeys.publicLine(pair.privatePem(), "me"));
    }

    /** {@code ssh-keygen -N '' -C me} made them, and nobody's machine knows them. */
    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-2048"})
    void findsThePublicHalfOfEveryTypeOfKeyThatOpenSshMakes(String name) throws IOException {
        assertEquals(resource(name + ".pub").strip(), PrivateKeys.publicLine(resource(name), "me"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = PrivateKeysTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void findsTheKeyBehindOtherThingsAndIndented() throws IOException {
        String pem =
                pem("CERTIFICATE", new byte[] {1, 2, 3}) + resource("ecdsa-256").indent(4);
        assertEquals(resource("ecdsa-256.pub").strip(), PrivateKeys.publicLine(pem, "me"));
    }

    @Test
    void findsThePublicHalfOfAnRsaKeyInBothOfItsFormats() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        String ofPkcs8 =
                PrivateKeys.publicLine(pem("PRIVATE KEY", pair.getPrivate().getEncoded()), "me");
        assertEquals(ofPkcs8, PrivateKeys.publicLine(pem("RSA PRIVATE KEY", pkcs1(pair.getPrivate())), "me"));
        assertTrue(ofPkcs8.matches("ssh-rsa AAAAB3NzaC1yc2EA[A-Za-z0-9+/=]+ me"), ofPkcs8);
        byte[] blob = Base64.getDecoder().decode(ofPkcs8.split(" ", -1)[1]);
        byte[] modulus = ((RSAPublicKey) pair.getPublic()).getModulus().toByteArray();
        assertTrue(Arrays.equals(modulus, Arrays.copyOfRange(blob, blob.length - modulus.length, blob.length)));
    }

    /** The key inside of PKCS #8 is the last value, behind a header of 26 bytes for these sizes. */
    private static byte[] pkcs1(PrivateKey key) {
        byte[] pkcs8 = key.getEncoded();
        return Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind);
    }

    @Test
    void refusesWhatItCannotUseAndQuotesNothingOfIt() {
        assertRefused("secret", "it is not a private key in PEM format.");
        assertRefused(
                pem("ENCRYPTED PRIVATE KEY", "secret".getBytes(StandardCharsets.UTF_8)),
                "the key is encrypted. Use one without a passphrase.");
        assertRefused(
                pem("EC PRIVATE KEY", "secret".getBytes(StandardCharsets.UTF_8)),
                "it is a key of kind EC. Convert it with: ssh-keygen -p -N '' -f FILE");
        assertRefused(pem("OPENSSH PRIVATE KEY", "secret".getBytes(StandardCharsets.UTF_8)), "it is cut off.");
        assertRefused(
                pem("PRIVATE KEY", "secret".getBytes(StandardCharsets.UTF_8)),
                "it is no RSA key. Convert it with: ssh-keygen -p -N '' -f FILE");
    }

    @Test
    void refusesKeysThatAreEncrypted() throws IOException {
        String sentence = "the key is encrypted. Use one without a passphrase.";
        assertRefused(resource("encrypted"), sentence);
        assertRefused("""
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,F1E2

                c2VjcmV0
                -----END RSA PRIVATE KEY-----
                """, sentence);
    }

    @Test
    void refusesKeysThatAreBroken() throws Exception {
        byte[] whole = Base64.getMimeDecoder().decode(resource("ed25519").replaceAll("-----[^-]*-----", ""));
        for (int length = 0; length < UP_TO_THE_PRIVATE_HALF; length++) {
            assertRefused(pem("OPENSSH PRIVATE KEY", Arrays.copyOf(whole, length)), "it is cut off.");
        }
        byte[] several = whole.clone();
        several[NUMBER_OF_KEYS] = 2;
        assertRefused(pem("OPENSSH PRIVATE KEY", several), "it holds several keys.");
        byte[] typeless = whole.clone();
        typeless[LENGTH_OF_THE_TYPE] = 127;
        assertRefused(pem("OPENSSH PRIVATE KEY", typeless), "it is cut off.");
        assertRefused("-----BEGIN RSA PRIVATE KEY-----\nA\n-----END RSA PRIVATE KEY-----\n", "its text is not base64.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void refusesInPemWhatIsNoWholeRsaKey(String algorithm) throws Exception {
        byte[] der = KeyPairGenerator.getInstance(algorithm)
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String sentence = "it is no RSA key. Convert it with: ssh-keygen -p -N '' -f FILE";
        if (algorithm.equals("RSA")) {
            der = Arrays.copyOf(der, der.length - 10);
        }
        assertRefused(pem("PRIVATE KEY", der), sentence);
        assertRefused(pem("RSA PRIVATE KEY", Arrays.copyOfRange(der, 26, der.length)), sentence);
        assertRefused(pem("PRIVATE KEY", new byte[0]), sentence);
        assertRefused(pem("RSA PRIVATE KEY", new byte[0]), sentence);
    }

    @Test
    void refusesThePublicHalfAlone() {
        assertRefused(pem("PUBLIC KEY", new byte[] {48, 0}), "it is not a private key in PEM format.");
    }

    private static void assertRefused(String pem, String sentence) {
        assertEquals(
                sentence,
                assertThrows(IllegalArgumentException.class, () -> PrivateKeys.publicLine(pem, "me"))
                        .getMessage());
    }
}
