package io.jenkins.plugins.virtainers;

import java.util.List;
import org.junit.jupiter.api.Tag;

/** The same where cloud-init is a program of Python 2.7, as those of older distributions are. */
@Tag("long")
class OldPythonStockImageIT extends StockImageIT {
    @Override
    List<String> kind() {
        return List.of("bullseye", "python2.7");
    }

    @Override
    String python() {
        return "/usr/bin/python2.7";
    }
}
