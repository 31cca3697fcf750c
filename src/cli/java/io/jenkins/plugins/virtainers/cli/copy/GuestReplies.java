package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@link Scripts#RECEIVE} answers: for each thing that it could not write a kind, the path, and what the tools said,
 * each ended by NUL. Never holds the script up, which would hold up who sends.
 */
final class GuestReplies extends OutputStream {
    /** What dd counts, whether it fails or not. */
    private static final Pattern COUNTS = Pattern.compile("^\\d+\\+\\d+ records .*|^\\d+ bytes.*");

    private final Place.InGuest place;
    private final Complaints complaints;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final List<String> words = new ArrayList<>();
    private Optional<VirtainerException> end = Optional.empty();

    GuestReplies(Place.InGuest place, Complaints complaints) {
        this.place = place;
        this.complaints = complaints;
    }

    /** What ended the script, if it said so. */
    synchronized Optional<VirtainerException> end() {
        return end;
    }

    @Override
    public synchronized void write(int b) {
        if (b != 0) {
            pending.write(b);
            return;
        }
        words.add(pending.toString(StandardCharsets.UTF_8));
        pending.reset();
        if (words.size() == 3) {
            take(words.get(0), words.get(1), words.get(2));
            words.clear();
        }
    }

    private void take(String kind, String path, String said) {
        String what = place.name() + ":" + GuestReader.clean(GuestPath.shown(path));
        if (kind.endsWith("end")) {
            end = Optional.of(
                    Failure.COPY_FAILED.because("Cannot write %s: %s. It is not there, and nothing after it was copied."
                            .formatted(what, why(said))));
        } else {
            complaints.cannotWrite(what, why(said));
        }
    }

    /** The reason alone: tools say their name and the path before it. */
    private static String why(String said) {
        String line = said.lines()
                .filter(each -> !COUNTS.matcher(each).matches() && !each.isBlank())
                .reduce((first, second) -> second)
                .orElse("the guest gives no reason");
        return GuestReader.clean(line.substring(line.lastIndexOf(": ") + 1).strip());
    }
}
