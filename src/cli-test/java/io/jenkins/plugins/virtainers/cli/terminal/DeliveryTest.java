package io.jenkins.plugins.virtainers.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final List<Integer> ends = new ArrayList<>();

    private Delivery to(OutputStream out) {
        return new Delivery(out, new PrintStream(said, true, StandardCharsets.UTF_8), ends::add);
    }

    @Test
    void passesOnWhatCanBeWritten() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream printed = new PrintStream(to(out), false, StandardCharsets.UTF_8)) {
            printed.print("ü€");
        }
        assertEquals("ü€", out.toString(StandardCharsets.UTF_8));
        assertEquals(List.of(), ends);
    }

    @Test
    void saysOnceThatADiskIsFullAndEnds() throws Exception {
        try (FileOutputStream full = new FileOutputStream("/dev/full");
                Delivery delivery = to(full)) {
            assertThrows(IOException.class, () -> delivery.write(1));
            assertThrows(IOException.class, () -> delivery.write(1));
        }
        assertEquals(List.of(94), ends);
        assertEquals(
                "virtainer: cannot write what is printed: No space left on device. What was written is not whole.\n",
                said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void endsWithoutAWordWhenNobodyReads() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertThrows(IOException.class, () -> to(closed).write(1));
        assertEquals(List.of(Delivery.NOBODY_READS), ends);
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }
}
