package io.jenkins.plugins.virtainers.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.dockerjava.api.exception.DockerException;
import org.junit.jupiter.api.Test;

/** What is quoted of an engine that says no. */
class EngineAnswerTest {
    /** The client puts the status in front. */
    private static String of(String body) {
        return EngineAnswer.of(new DockerException(body, 500));
    }

    @Test
    void takesTheMessageOutOfDockersJson() {
        assertEquals("No such container: web", of("{\"message\":\"No such container: web\"}\n"));
    }

    @Test
    void takesTheMessageOutOfPodmansJsonWhereverItIsThere() {
        assertEquals(
                "no container with name or ID \"web\" found: no such container".replace('"', '\''),
                of("{\"cause\":\"no such container\",\"message\":\"no container with name or ID \\\"web\\\""
                        + " found: no such container\",\"response\":404}\n"));
        assertEquals("full", of("{\"message\": \"full\", \"response\": 500, \"cause\": \"a, b\"}"));
    }

    @Test
    void quotesOnOneLineWithQuotesOfAnotherKind() {
        assertEquals("error 'a' and <b>", of("{\"message\":\"error \\\"a\\\"\\nand \\u003cb\\u003e\\n\"}"));
    }

    @Test
    void keepsTheEndOfAMessageThatLooksLikeTheEndOfIt() {
        assertEquals("cannot parse ['a','b'] here", of("{\"message\":\"cannot parse [\\\"a\\\",\\\"b\\\"] here\"}"));
    }

    @Test
    void repeatsPlainText() {
        assertEquals("Status 500: Bad gateway", of("Bad gateway\n"));
        assertEquals("Status 500: template {{.Name}} is none", of("template {{.Name}} is none"));
    }

    @Test
    void repeatsJsonThatIsBrokenOrHasNoMessage() {
        assertEquals("Status 500: {\"message\":\"No such con", of("{\"message\":\"No such con"));
        assertEquals("Status 500: {\"error\":\"none\"}", of("{\"error\":\"none\"}"));
        assertEquals("Status 500: {\"message\":{\"a\":1}}", of("{\"message\":{\"a\":1}}"));
    }
}
