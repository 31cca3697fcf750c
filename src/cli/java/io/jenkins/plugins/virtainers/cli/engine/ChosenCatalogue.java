package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.image.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The disk images that names stand for. */
public final class ChosenCatalogue {
    private static final String VARIABLE = "VIRTAINERS_CATALOGUE";

    private ChosenCatalogue() {}

    /** The list that {@code VIRTAINERS_CATALOGUE} names, else the project's own. */
    public static Catalogue of(Surroundings surroundings) {
        return surroundings.variable(VARIABLE).map(ChosenCatalogue::read).orElseGet(Catalogue::builtIn);
    }

    private static Catalogue read(String file) {
        try {
            return new Catalogue(Files.readString(Path.of(file)));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidSpecException("%s is \"%s\", and that file cannot be read.".formatted(VARIABLE, file));
        }
    }
}
