package io.jenkins.plugins.virtainers.engine.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The variables that programs look for proxies in; their values may hold passwords. */
public final class Proxies {
    private static final List<String> NAMES = List.of("http_proxy", "https_proxy", "ftp_proxy", "no_proxy");

    private Proxies() {}

    /** Whether a variable is one of them, in either case of letters. */
    public static boolean isOne(String variable) {
        String lower = variable.toLowerCase(Locale.ROOT);
        return NAMES.contains(lower) && (variable.equals(lower) || variable.equals(lower.toUpperCase(Locale.ROOT)));
    }

    /** Those of an environment. */
    public static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> proxies = new LinkedHashMap<>(environment);
        proxies.entrySet()
                .removeIf(variable ->
                        !isOne(variable.getKey()) || variable.getValue().isBlank());
        return proxies;
    }
}
