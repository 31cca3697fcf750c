package io.jenkins.plugins.virtainers.ssh;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the public half of private keys that others made. */
public final class PrivateKeys {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----(.*?)-----END \\1PRIVATE KEY-----", Pattern.DOTALL);
    private static final byte[] OPENSSH = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
    /** PKCS #8's words for "what follows is an RSA key": version 0, algorithm rsaEncryption. */
    private static final byte[] RSA_HEADER = {
        2, 1, 0, 48, 13, 6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0
    };

    private static final int SEQUENCE = 48;
    private static final int OCTETS = 4;

    private PrivateKeys() {}

    /**
     * The public key, as in an authorized_keys file.
     *
     * @param pem an unencrypted private key: OpenSSH's own format, or RSA in PKCS #1 or #8
     * @param comment written behind the public key
     * @throws IllegalArgumentException with a sentence that quotes nothing, when it is none of these
     */
    public static String publicLine(String pem, String comment) {
        Matcher matcher = PEM.matcher(pem);
        if (!matcher.find()) {
            throw new IllegalArgumentException("it is not a private key in PEM format.");
        }
        String body = matcher.group(2);
        if (matcher.group(1).startsWith("ENCRYPTED") || body.contains("ENCRYPTED")) {
            throw new IllegalArgumentException("the key is encrypted. Use one without a passphrase.");
        }
        byte[] blob = publicBlob(matcher.group(1).strip(), body);
        String type = new String(field(ByteBuffer.wrap(blob)), StandardCharsets.US_ASCII);
        return type + " " + Base64.getEncoder().encodeToString(blob) + " " + comment.replaceAll("\\s", "-");
    }

    private static byte[] publicBlob(String kind, String body) {
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its text is not base64.", e);
        }
        return switch (kind) {
            case "OPENSSH" -> ofOpenSsh(der);
            case "RSA" -> ofRsa(wrapped(der));
            case "" -> ofRsa(der);
            default ->
                throw new IllegalArgumentException(
                        "it is a key of kind " + kind + ". Convert it with: ssh-keygen -p -N '' -f FILE");
        };
    }

    /** The public half stands in clear before the private one. */
    private static byte[] ofOpenSsh(byte[] key) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(key);
            byte[] magic = new byte[OPENSSH.length];
            buffer.get(magic);
            String cipher = new String(field(buffer), StandardCharsets.US_ASCII);
            if (!cipher.equals("none")) {
                throw new IllegalArgumentException("the key is encrypted. Use one without a passphrase.");
            }
            field(buffer);
            field(buffer);
            if (buffer.getInt() != 1) {
                throw new IllegalArgumentException("it holds several keys.");
            }
            return field(buffer);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it is cut off.", e);
        }
    }

    private static byte[] field(ByteBuffer buffer) {
        int length = buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] value = new byte[length];
        buffer.get(value);
        return value;
    }

    private static byte[] ofRsa(byte[] pkcs8) {
        try {
            RSAPrivateCrtKey key =
                    (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            ByteArrayOutputStream blob = new ByteArrayOutputStream();
            put(blob, "ssh-rsa".getBytes(StandardCharsets.US_ASCII));
            put(blob, number(key.getPublicExponent()));
            put(blob, number(key.getModulus()));
            return blob.toByteArray();
        } catch (GeneralSecurityException | ClassCastException e) {
            throw new IllegalArgumentException("it is no RSA key. Convert it with: ssh-keygen -p -N '' -f FILE", e);
        }
    }

    private static byte[] number(BigInteger value) {
        return value.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, byte[] value) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(value.length).array());
        out.writeBytes(value);
    }

    private static byte[] wrapped(byte[] pkcs1) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(RSA_HEADER);
        inner.writeBytes(tagged(OCTETS, pkcs1));
        return tagged(SEQUENCE, inner.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] value) {
        byte[] length = length(value.length);
        return ByteBuffer.allocate(1 + length.length + value.length)
                .put((byte) tag)
                .put(length)
                .put(value)
                .array();
    }

    /** DER allows only the shortest way to write a length. */
    private static byte[] length(int length) {
        if (length < 128) {
            return new byte[] {(byte) length};
        }
        int digits = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
        ByteBuffer written = ByteBuffer.allocate(1 + digits).put((byte) (0x80 | digits));
        for (int shift = 8 * (digits - 1); shift >= 0; shift -= 8) {
            written.put((byte) (length >> shift));
        }
        return written.array();
    }
}
