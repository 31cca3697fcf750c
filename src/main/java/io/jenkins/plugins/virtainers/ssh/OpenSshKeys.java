package io.jenkins.plugins.virtainers.ssh;

import io.jenkins.plugins.virtainers.engine.guest.KeyGenerator;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * Makes ed25519 keys and writes them as OpenSSH does: the private half in the format of its PROTOCOL.key, unencrypted,
 * because each lives as long as one virtual machine and no longer.
 */
public final class OpenSshKeys implements KeyGenerator {
    private static final String TYPE = "ssh-ed25519";
    private static final int KEY_LENGTH = 32;
    /** Padding of a private section that no cipher blocks. */
    private static final int BLOCK = 8;

    private static final int PEM_WIDTH = 70;

    private final SecureRandom random = new SecureRandom();

    @Override
    public SshKeyPair ed25519(String comment) {
        KeyPair pair = generate();
        // Both encodings end with the bare key: RFC 8410.
        byte[] seed = tail(pair.getPrivate().getEncoded());
        byte[] point = tail(pair.getPublic().getEncoded());
        byte[] publicBlob = new Blob().string(TYPE).string(point).bytes();
        String publicLine = TYPE + " " + Base64.getEncoder().encodeToString(publicBlob) + " " + comment;
        return new SshKeyPair(publicLine, pem(privateBlob(publicBlob, seed, point, comment)));
    }

    private static KeyPair generate() {
        try {
            // Named, because an SSH library may have registered another generator under the same name.
            return KeyPairGenerator.getInstance("Ed25519", "SunEC").generateKeyPair();
        } catch (NoSuchAlgorithmException | java.security.NoSuchProviderException e) {
            throw new IllegalStateException("Java 17 has Ed25519", e);
        }
    }

    private static byte[] tail(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - KEY_LENGTH, encoded.length);
    }

    private byte[] privateBlob(byte[] publicBlob, byte[] seed, byte[] point, String comment) {
        int check = random.nextInt();
        Blob secret = new Blob()
                .number(check)
                .number(check)
                .string(TYPE)
                .string(point)
                .string(new Blob().raw(seed).raw(point).bytes())
                .string(comment);
        for (int padding = 1; secret.length() % BLOCK != 0; padding++) {
            secret.raw(new byte[] {(byte) padding});
        }
        return new Blob()
                .raw("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII))
                .string("none")
                .string("none")
                .string("")
                .number(1)
                .string(publicBlob)
                .string(secret.bytes())
                .bytes();
    }

    private static String pem(byte[] blob) {
        String body = Base64.getMimeEncoder(PEM_WIDTH, new byte[] {'\n'}).encodeToString(blob);
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + "\n-----END OPENSSH PRIVATE KEY-----\n";
    }

    /** SSH's wire format (RFC 4251). */
    private static final class Blob {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Blob number(int value) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.write(value >>> shift);
            }
            return this;
        }

        Blob string(byte[] value) {
            return number(value.length).raw(value);
        }

        Blob string(String value) {
            return string(value.getBytes(StandardCharsets.UTF_8));
        }

        Blob raw(byte[] value) {
            out.writeBytes(value);
            return this;
        }

        int length() {
            return out.size();
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
