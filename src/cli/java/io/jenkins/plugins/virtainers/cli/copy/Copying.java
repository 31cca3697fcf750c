package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.List;
import java.util.Map;

/** Copies what was named to where it was told, as scp does. */
public final class Copying {
    private final CopyOptions options;
    private final Map<VmName, GuestConnection> guests;
    private final Complaints complaints;
    private final Meter meter;

    /** @param guests logins to every machine that is named */
    public Copying(CopyOptions options, Map<VmName, GuestConnection> guests, Complaints complaints, Meter meter) {
        this.options = options;
        this.guests = Map.copyOf(guests);
        this.complaints = complaints;
        this.meter = meter;
    }

    /**
     * Copies. What cannot be copied is among the complaints, and the rest is copied.
     *
     * @param destination a folder, which copies go into; or, of one thing alone, its name to be
     */
    public void copy(List<Place> sources, Place destination) throws InterruptedException {
        Landing landing = landing(destination);
        require(landing, sources, destination);
        try (Target target = meter.on(target(landing, destination))) {
            for (Place source : sources) {
                String name = landing.folder()
                        ? source.lastName().orElse(".")
                        : destination.lastName().orElseThrow();
                source(source).sendTo(target, name);
            }
            target.finish();
        }
    }

    private static void require(Landing landing, List<Place> sources, Place destination) {
        if (landing.folder()) {
            return;
        }
        if (sources.size() > 1) {
            throw Failure.COPY_FAILED.because(
                    "Cannot copy several files to %s: it is not a folder. Make it first.".formatted(destination));
        }
        if (destination.meansFolder()) {
            throw Failure.COPY_FAILED.because(
                    "Cannot copy to %s: there is no such folder. Make it first, or leave out the slash at its end."
                            .formatted(destination));
        }
    }

    private Landing landing(Place destination) throws InterruptedException {
        return destination instanceof Place.InGuest there
                ? Landing.of(there, guest(there))
                : Landing.of((Place.Here) destination);
    }

    private Target target(Landing landing, Place destination) {
        if (destination instanceof Place.InGuest there) {
            GuestPath folder = landing.folder() ? there.path() : there.path().parent();
            return new GuestTarget(there, folder.forShell(), guest(there), options, complaints, landing.umask());
        }
        Place.Here here = (Place.Here) destination;
        return new HereTarget(landing.folder() ? here.path() : Landing.parent(here.path()), options, complaints);
    }

    private Source source(Place place) {
        return place instanceof Place.InGuest there
                ? new GuestSource(there, guest(there), options, complaints)
                : new HereSource(((Place.Here) place).path(), options, complaints);
    }

    private GuestConnection guest(Place.InGuest place) {
        return guests.get(place.name());
    }
}
