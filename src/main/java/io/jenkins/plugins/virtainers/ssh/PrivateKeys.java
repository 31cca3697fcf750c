package io.jenkins.plugins.virtainers.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/** Finds the public half of private keys that others made. */
public final class PrivateKeys {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----(.*?)-----END \\1PRIVATE KEY-----", Pattern.DOTALL);
    private static final byte[] OPENSSH = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

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
        String type = type(blob);
        return type + " " + Base64.getEncoder().encodeToString(blob) + " " + comment.replaceAll("\\s", "-");
    }

    private static byte[] publicBlob(String kind, String body) {
        byte[] der = decode(body);
        return switch (kind) {
            case "OPENSSH" -> ofOpenSsh(der);
            case "RSA" -> ofRsa(() -> OpenSSHPrivateKeyUtil.parsePrivateKeyBlob(der));
            case "" -> ofRsa(() -> pkcs8(der));
            default ->
                throw new IllegalArgumentException(
                        "it is a key of kind " + kind + ". Convert it with: ssh-keygen -p -N '' -f FILE");
        };
    }

    private static byte[] decode(String body) {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its text is not base64.", e);
        }
    }

    /**
     * The public half stands in clear before the private one, for every type of key. A library would read the private one,
     * of the types that it knows.
     */
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

    private static String type(byte[] publicBlob) {
        try {
            return new String(field(ByteBuffer.wrap(publicBlob)), StandardCharsets.US_ASCII);
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

    private static byte[] ofRsa(Supplier<AsymmetricKeyParameter> reading) {
        try {
            RSAPrivateCrtKeyParameters key = (RSAPrivateCrtKeyParameters) reading.get();
            return OpenSSHPublicKeyUtil.encodePublicKey(
                    new RSAKeyParameters(false, key.getModulus(), key.getPublicExponent()));
        } catch (IOException | RuntimeException e) {
            // The parsers of ASN.1 throw many kinds, for bytes that are anything at all.
            throw new IllegalArgumentException("it is no RSA key. Convert it with: ssh-keygen -p -N '' -f FILE", e);
        }
    }

    private static AsymmetricKeyParameter pkcs8(byte[] der) {
        try {
            return PrivateKeyFactory.createKey(der);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
