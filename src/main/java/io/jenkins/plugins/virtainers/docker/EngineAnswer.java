package io.jenkins.plugins.virtainers.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.DockerException;
import io.jenkins.plugins.virtainers.engine.failure.Quotation;
import java.util.Optional;

/** What an engine says when its answer is no: JSON with a message and, of Podman, more; or plain text. */
final class EngineAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EngineAnswer() {}

    /** The engine's own words, to be quoted on one line. */
    static String of(DockerException answer) {
        String body = Calls.message(answer).strip();
        return Quotation.line(
                message(body).map(words -> words.replace('"', '\'').strip()).orElse(body));
    }

    /** The client writes the status in front of the body. */
    private static Optional<String> message(String body) {
        int start = body.indexOf('{');
        if (start < 0) {
            return Optional.empty();
        }
        try {
            JsonNode message = JSON.readTree(body.substring(start)).path("message");
            return message.isTextual() ? Optional.of(message.textValue()) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
