package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import java.lang.reflect.Constructor;
import picocli.CommandLine;

/** Makes the commands, giving their surroundings to those that want them. */
final class Commands implements CommandLine.IFactory {
    private final Surroundings surroundings;
    private final CommandLine.IFactory others = CommandLine.defaultFactory();

    Commands(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Surroundings.class) {
                // A subcommand is its command's alone, in a package of its own.
                constructor.setAccessible(true);
                return type.cast(constructor.newInstance(surroundings));
            }
        }
        return others.create(type);
    }
}
