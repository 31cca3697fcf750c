package io.jenkins.plugins.virtainers.fault;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The head of a request or an answer of HTTP/1.1 (RFC 9112).
 *
 * @param text with its line breaks, and the empty line at its end
 */
record HttpHead(String text) {
    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<String> lines() {
        return Arrays.asList(text.split("\r\n", -1));
    }

    /** Of a request: {@code POST /containers/create?name=web}, without the version of the engine's API. */
    String request() {
        String[] words = lines().get(0).split(" ", 3);
        return words[0] + " " + words[1].replaceFirst("^/v[0-9.]+/", "/");
    }

    /** Of an answer. */
    int status() {
        return Integer.parseInt(lines().get(0).split(" ", 3)[1]);
    }

    Optional<String> field(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return lines().stream()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst();
    }

    boolean isChunked() {
        return field("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
    }

    Optional<Long> length() {
        return field("Content-Length").map(Long::valueOf);
    }

    /** Whether an answer to such a request has no body, whatever it says of one. */
    boolean isBodiless(String request) {
        return request.startsWith("HEAD ") || status() == 204 || status() == 304 || status() / 100 == 1;
    }

    /** Whether nobody speaks HTTP after this answer. */
    boolean isHijacked(String request) {
        return status() == 101 || (!isBodiless(request) && !isChunked() && length().isEmpty());
    }
}
