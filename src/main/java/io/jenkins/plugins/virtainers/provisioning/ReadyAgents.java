package io.jenkins.plugins.virtainers.provisioning;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;

/** Keeps as many agents ready for builds to come as templates ask for. */
@Extension
public class ReadyAgents extends AsyncPeriodicWork {
    public ReadyAgents() {
        super("Virtainers: ready agents");
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(30);
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(TaskListener listener) {
        Provisioning.get().topUp();
    }
}
