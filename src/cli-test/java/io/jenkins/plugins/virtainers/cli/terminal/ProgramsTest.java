package io.jenkins.plugins.virtainers.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs that this command runs, and what it hears of them. */
class ProgramsTest {
    private final Programs programs =
            new Programs(new Surroundings(Map.of(), InputStream.nullInputStream(), System.out, System.err));

    @Test
    void aLineThatIsWrittenOverIsOneLine() throws Exception {
        List<String> lines = new ArrayList<>();
        int status = programs.run(
                List.of("/bin/sh", "-c", "printf 'read 1%%\\rread 2%%\\n\\nlast'; exit 3"), Map.of(), lines::add);
        assertEquals(List.of("read 2%", "", "last"), lines);
        assertEquals(3, status);
    }
}
