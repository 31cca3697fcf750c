package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.cli.copy.GuestReader.Header;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A file or folder of a guest's. What a guest says is not believed: each of its names is a name, and stays below. */
final class GuestSource implements Source {
    private final Place.InGuest place;
    private final GuestConnection guest;
    private final CopyOptions options;
    private final Complaints complaints;

    GuestSource(Place.InGuest place, GuestConnection guest, CopyOptions options, Complaints complaints) {
        this.place = place;
        this.guest = guest;
        this.options = options;
        this.complaints = complaints;
    }

    @Override
    public void sendTo(Target target, String name) throws InterruptedException {
        Pipe pipe = new Pipe();
        try (GuestTalk talk = new GuestTalk(
                guest,
                Scripts.SEND,
                List.of(place.path().forShell(), options.recursive() ? "r" : ""),
                InputStream.nullInputStream(),
                pipe.writer(),
                pipe::end)) {
            GuestReader reader = new GuestReader(pipe.reader(), place, talk);
            new Walk(reader, target, name).toTheEnd();
            if (talk.end().shellStatus() != 0) {
                throw Failure.COPY_FAILED.because("Cannot read %s: %s.".formatted(place, talk.complaint()));
            }
        } finally {
            pipe.abandon();
        }
    }

    /** One reading of what the script sends. */
    private final class Walk {
        private final GuestReader reader;
        private final Target target;
        private final String name;
        private final Deque<Meta> entered = new ArrayDeque<>();
        /** Folders deep in one that was not entered. */
        private int skipped;

        Walk(GuestReader reader, Target target, String name) {
            this.reader = reader;
            this.target = target;
            this.name = name;
        }

        void toTheEnd() throws InterruptedException {
            for (Optional<Header> next = reader.next(); next.isPresent(); next = reader.next()) {
                Header header = next.get();
                switch (header.kind()) {
                    case 'D' -> enter(header);
                    case 'U' -> leave();
                    case 'F' -> file(header);
                    case 'R' -> complaints.isFolder(place.toString());
                    default -> complaints.cannotRead(shown(header.text()), header.why());
                }
            }
            if (!entered.isEmpty() || skipped > 0) {
                throw reader.broken();
            }
        }

        private void enter(Header header) throws InterruptedException {
            if (skipped > 0) {
                skipped++;
                return;
            }
            Optional<Meta> meta = meta(header);
            if (meta.isPresent() && target.folder(meta.get())) {
                entered.push(meta.get());
            } else {
                skipped = 1;
            }
        }

        private void leave() throws InterruptedException {
            if (skipped > 0) {
                skipped--;
            } else if (entered.isEmpty()) {
                throw reader.broken();
            } else {
                target.leave(entered.pop());
            }
        }

        private void file(Header header) throws InterruptedException {
            GuestReader.Body body = reader.body(header.size());
            Optional<Meta> meta = skipped > 0 ? Optional.empty() : meta(header);
            if (meta.isPresent()) {
                target.file(meta.get(), body::read);
            }
            body.skipRest();
        }

        private Optional<Meta> meta(Header header) {
            String own = entered.isEmpty() ? name : header.text();
            if (!entered.isEmpty() && !isName(own)) {
                complaints.cannotRead(
                        "\"%s\" in %s".formatted(GuestReader.clean(own), place),
                        "its name is none that can be had here");
                return Optional.empty();
            }
            return Optional.of(new Meta(own, header.mode(), header.modified(), header.size()));
        }
    }

    private static boolean isName(String name) {
        // U+FFFD is what a byte that is no UTF-8 has become.
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.indexOf('/') < 0
                && name.indexOf('\uFFFD') < 0;
    }

    private String shown(String path) {
        return path.equals(place.path().forShell())
                ? place.toString()
                : place.name() + ":" + GuestReader.clean(GuestPath.shown(path));
    }
}
