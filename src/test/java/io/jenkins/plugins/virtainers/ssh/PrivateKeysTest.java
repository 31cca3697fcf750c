package io.jenkins.plugins.virtainers.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.SshKeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PrivateKeysTest {
    @Test
    void findsThePublicHalfOfAnOpenSshKey() {
        SshKeyPair pair = new OpenSshKeys().ed25519("me");
        assertEquals(pair.publicLine(), PrivateKeys.publicLine(pair.privatePem(), "me"));
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
                pem("ENCRYPTED PRIVATE KEY", "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "the key is encrypted. Use one without a passphrase.");
        assertRefused(
                pem("EC PRIVATE KEY", "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "it is a key of kind EC. Convert it with: ssh-keygen -p -N '' -f FILE");
        assertRefused(
                pem("OPENSSH PRIVATE KEY", "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "it is cut off.");
        assertRefused(
                pem("PRIVATE KEY", "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "it is no RSA key. Convert it with: ssh-keygen -p -N '' -f FILE");
    }

    private static void assertRefused(String pem, String sentence) {
        assertEquals(
                sentence,
                assertThrows(IllegalArgumentException.class, () -> PrivateKeys.publicLine(pem, "me"))
                        .getMessage());
    }
}
