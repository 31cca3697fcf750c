package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** How far a file is: its name, the share and the number of bytes that are copied, and how fast. */
public final class Meter {
    private static final int NAME_WIDTH = 40;
    private static final long PAUSE = 100_000_000L;
    private static final double SECOND = 1e9;
    private static final int STEP = 1024;

    private final Consumer<String> line;
    private final Consumer<String> last;
    private final LongSupplier nanos;
    private String name = "";
    private long size;
    private long done;
    private long began;
    private long shown;

    /**
     * @param line is shown in the place of what was shown before
     * @param last the same, and stays
     * @param nanos a clock
     */
    public Meter(Consumer<String> line, Consumer<String> last, LongSupplier nanos) {
        this.line = line;
        this.last = last;
        this.nanos = nanos;
    }

    /** A target for what goes to another one, shown as it goes. */
    Target on(Target target) {
        return new Metered(target, this);
    }

    private void begin(String file, long bytes) {
        name = ConsoleTail.clean(file.replace('\n', '?'));
        size = bytes;
        done = 0;
        began = nanos.getAsLong();
        shown = began;
        line.accept(toString());
    }

    private void add(long bytes) {
        done += bytes;
        long now = nanos.getAsLong();
        if (now - shown >= PAUSE) {
            shown = now;
            line.accept(toString());
        }
    }

    private void end() {
        if (done >= size) {
            last.accept(toString());
        } else {
            line.accept("");
        }
    }

    @Override
    public String toString() {
        String shortName = name.length() > NAME_WIDTH ? name.substring(0, NAME_WIDTH - 1) + "…" : name;
        long percent = size == 0 ? 100 : Math.min(100, done * 100 / size);
        double seconds = Math.max(0.001, (nanos.getAsLong() - began) / SECOND);
        return String.format(
                Locale.ROOT, "%-" + NAME_WIDTH + "s %3d%% %9s %9s/s", shortName, percent, bytes(done), bytes((long)
                        (done / seconds)));
    }

    private static String bytes(long number) {
        if (number < STEP) {
            return number + " B";
        }
        double value = number;
        String units = "KMGTP";
        int unit = -1;
        while (value >= STEP && unit < units.length() - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", value, units.charAt(unit));
    }

    /** Shows how far each file is that goes to another target. */
    private static final class Metered implements Target {
        private final Target target;
        private final Meter meter;

        Metered(Target target, Meter meter) {
            this.target = target;
            this.meter = meter;
        }

        @Override
        public boolean folder(Meta folder) throws InterruptedException {
            return target.folder(folder);
        }

        @Override
        public void leave(Meta folder) throws InterruptedException {
            target.leave(folder);
        }

        @Override
        public void file(Meta file, Content content) throws InterruptedException {
            meter.begin(file.name(), file.size());
            target.file(file, buffer -> {
                int read = content.read(buffer);
                meter.add(Math.max(0, read));
                return read;
            });
            meter.end();
        }

        @Override
        public void finish() throws InterruptedException {
            target.finish();
        }

        @Override
        public void close() {
            target.close();
        }
    }
}
