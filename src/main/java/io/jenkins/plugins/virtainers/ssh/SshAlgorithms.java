package io.jenkins.plugins.virtainers.ssh;

import java.util.List;

/**
 * What a client offers, in order of preference. The guest's side of it may run under emulation, where each choice is
 * paid for.
 *
 * @param keyExchanges first the one that is cheapest for the guest
 * @param ciphers for both directions
 * @param authentications message authentication codes, for both directions
 */
public record SshAlgorithms(List<String> keyExchanges, List<String> ciphers, List<String> authentications) {
    public SshAlgorithms {
        keyExchanges = List.copyOf(keyExchanges);
        ciphers = List.copyOf(ciphers);
        authentications = List.copyOf(authentications);
    }

    /** Elliptic curves and short keys first. */
    public static SshAlgorithms standard() {
        return new SshAlgorithms(
                List.of(
                        "curve25519-sha256",
                        "curve25519-sha256@libssh.org",
                        "ecdh-sha2-nistp256",
                        "diffie-hellman-group14-sha256",
                        "diffie-hellman-group16-sha512"),
                List.of("aes128-ctr", "aes256-ctr"),
                List.of(
                        "hmac-sha2-256-etm@openssh.com",
                        "hmac-sha2-256",
                        "hmac-sha2-512-etm@openssh.com",
                        "hmac-sha2-512",
                        "hmac-sha1-etm@openssh.com",
                        "hmac-sha1"));
    }
}
