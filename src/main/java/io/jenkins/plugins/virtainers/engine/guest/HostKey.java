package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.Quotation;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The public host key of a guest, known before the guest exists.
 *
 * @param algorithm as SSH names it: {@code ssh-ed25519}
 * @param base64 the key as SSH encodes it, in base64
 */
public record HostKey(String algorithm, String base64) {
    private static final Pattern ALGORITHM = Pattern.compile("[A-Za-z0-9@._-]{1,64}");

    public HostKey {
        requireNonNull(algorithm, "algorithm");
        requireNonNull(base64, "base64");
    }

    /**
     * Reads {@code ssh-ed25519 AAAA… [comment]}.
     *
     * @throws IllegalArgumentException when it is not a public key
     */
    public static HostKey parse(String line) {
        String[] parts = line.strip().split("\\s+", 3);
        if (parts.length < 2 || !ALGORITHM.matcher(parts[0]).matches()) {
            throw new IllegalArgumentException("not a public key: " + Quotation.line(line));
        }
        Base64.getDecoder().decode(parts[1]);
        return new HostKey(parts[0], parts[1]);
    }

    /** Whether this is the key that a server presented. */
    public boolean matches(String presentedAlgorithm, byte[] presentedKey) {
        return algorithm.equals(presentedAlgorithm)
                && Arrays.equals(Base64.getDecoder().decode(base64), presentedKey);
    }

    /** As {@code ssh-keygen -l} prints it: {@code SHA256:…}. */
    public String fingerprint() {
        return fingerprint(Base64.getDecoder().decode(base64));
    }

    /** As {@code ssh-keygen -l} prints it: {@code SHA256:…}. */
    public static String fingerprint(byte[] key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A line of a known_hosts file that pins this key. */
    public String knownHostsLine(Endpoint endpoint) {
        String host = endpoint.port().equals(Port.SSH)
                ? endpoint.host()
                : "[%s]:%s".formatted(endpoint.host(), endpoint.port());
        return host + " " + this;
    }

    @Override
    public String toString() {
        return algorithm + " " + base64;
    }
}
