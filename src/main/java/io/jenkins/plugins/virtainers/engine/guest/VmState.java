package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** Where a virtual machine is in its life. Each state carries exactly what is known in it. */
public sealed interface VmState {
    /** For people: {@code booting}, {@code ready}, {@code gone}. */
    String word();

    /**
     * Its container runs; the guest does not answer SSH yet.
     *
     * @param vm what it is
     * @param since when, by the clock of the engine that made it
     */
    record Booting(Vm vm, Instant since) implements VmState {
        public Booting {
            requireNonNull(vm, "vm");
            requireNonNull(since, "since");
        }

        @Override
        public String word() {
            return "booting";
        }
    }

    /**
     * The guest is provisioned and answers SSH.
     *
     * @param vm what it is
     * @param ssh how this client gets there
     */
    record Ready(Vm vm, Way ssh) implements VmState {
        public Ready {
            requireNonNull(vm, "vm");
            requireNonNull(ssh, "ssh");
        }

        @Override
        public String word() {
            return "ready";
        }
    }

    /**
     * It does not run, or never did.
     *
     * @param reason a sentence for people
     */
    record Gone(String reason) implements VmState {
        public Gone {
            requireNonNull(reason, "reason");
        }

        @Override
        public String word() {
            return "gone";
        }
    }
}
