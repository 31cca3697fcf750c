package io.jenkins.plugins.virtainers.agent;

import io.jenkins.plugins.virtainers.VirtainerTemplate;
import java.security.SecureRandom;
import java.util.Locale;

/** Names of agents: what they are, then what tells them apart. Also the names of their containers and guests. */
public final class AgentName {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz0123456789";
    private static final int RANDOM_LETTERS = 8;
    private static final int LONGEST_KIND = 50;

    private AgentName() {}

    /** A name that nobody has yet: {@code debian-12-4k0wz7tq}. */
    public static String of(VirtainerTemplate template) {
        String kind = template.displayName()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+", "");
        String shortened =
                kind.substring(0, Math.min(kind.length(), LONGEST_KIND)).replaceAll("-+$", "");
        StringBuilder name = new StringBuilder(shortened.isEmpty() ? "agent" : shortened).append('-');
        for (int i = 0; i < RANDOM_LETTERS; i++) {
            name.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return name.toString();
    }
}
