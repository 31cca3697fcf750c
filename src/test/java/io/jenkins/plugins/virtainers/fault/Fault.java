package io.jenkins.plugins.virtainers.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * What happens to a request.
 *
 * @param name for who reads which one it was
 * @param course of the request; the connection ends when it throws
 */
public record Fault(String name, Course course) {
    /** What is done with a request and its answer. */
    @FunctionalInterface
    public interface Course {
        void meet(Exchange exchange) throws IOException;
    }

    static final Fault NONE = new Fault("none", exchange -> {
        exchange.send();
        exchange.pass(Long.MAX_VALUE);
    });

    /** The engine is told later. */
    public static Fault delay(Duration time) {
        return new Fault("delay of " + time.toMillis() + " ms", exchange -> {
            exchange.hang(time);
            NONE.course().meet(exchange);
        });
    }

    /** The engine is not told, the client hears nothing for so long, and is then cut off. */
    public static Fault hang(Duration time) {
        return new Fault("hang of " + time.toMillis() + " ms", exchange -> {
            exchange.swallow();
            exchange.hang(time);
            throw new Exchange.EnoughException();
        });
    }

    /** The engine is not told, and the client is cut off. */
    public static Fault reset() {
        return new Fault("reset", exchange -> {
            throw new Exchange.EnoughException();
        });
    }

    /** The engine does what was asked, and the client is cut off in the place of an answer. */
    public static Fault lostReply() {
        return new Fault("lost reply", exchange -> {
            exchange.send();
            exchange.receiveBody(exchange.receive());
            throw new Exchange.EnoughException();
        });
    }

    /** The client is cut off when it has had so many bytes of the answer's body: of a stream of events, or of logs. */
    public static Fault cut(long bytes) {
        return new Fault("cut after " + bytes + " bytes", exchange -> {
            exchange.send();
            exchange.pass(bytes);
            throw new Exchange.EnoughException();
        });
    }

    /** An answer of the right form has the first half of its body alone, such as a list that somebody shortened. */
    public static Fault truncated() {
        return new Fault("truncated answer", exchange -> {
            exchange.send();
            HttpHead answer = exchange.receive();
            byte[] body = exchange.receiveBody(answer);
            exchange.answer(
                    answer.status(),
                    answer.field("Content-Type").orElse("application/json"),
                    Arrays.copyOf(body, body.length / 2));
        });
    }

    /** The engine is not told, and this is the answer, as engines write it. */
    public static Fault answer(int status, String message) {
        return new Fault("answer " + status, exchange -> {
            exchange.swallow();
            exchange.answer(
                    status,
                    "application/json",
                    "{\"message\":\"%s\"}\n".formatted(message).getBytes(StandardCharsets.UTF_8));
        });
    }

    /** The engine is not told, and the answer is no JSON. */
    public static Fault nonsense() {
        return new Fault("nonsense", exchange -> {
            exchange.swallow();
            exchange.answer(200, "application/json", "<html>\u001b[2J\u0000</html>".getBytes(StandardCharsets.UTF_8));
        });
    }

    /** The engine is not told, and what is said is no HTTP. */
    public static Fault noise() {
        return new Fault("noise", exchange -> {
            exchange.swallow();
            exchange.say("\u0000\u0001SSH-2.0-what\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            throw new Exchange.EnoughException();
        });
    }

    @Override
    public String toString() {
        return name;
    }
}
