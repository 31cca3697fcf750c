package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import io.jenkins.plugins.virtainers.engine.Failure;
import io.jenkins.plugins.virtainers.engine.GuestScreen;
import io.jenkins.plugins.virtainers.engine.VirtainerException;
import io.jenkins.plugins.virtainers.engine.Vm;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;
import org.kohsuke.stapler.StaplerResponse2;

/** What is on the screen of an agent's guest, as a picture that is taken again and again while somebody looks. */
public class GuestPicture extends GuestPage {
    GuestPicture(VirtainerComputer computer) {
        super(computer, "symbol-computer");
    }

    @Override
    public String getDisplayName() {
        return "Guest screen";
    }

    @Override
    public String getUrlName() {
        return "screen";
    }

    /** Serves a picture, or with status 503 the sentence that says why there is none. */
    public void doPicture(StaplerResponse2 response) throws IOException, InterruptedException {
        response.setHeader("Cache-Control", "no-store");
        byte[] picture;
        try {
            picture = picture();
        } catch (VirtainerException e) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setContentType("text/plain;charset=UTF-8");
            response.getOutputStream().write(e.getMessage().getBytes(StandardCharsets.UTF_8));
            return;
        }
        response.setContentType("image/png");
        response.getOutputStream().write(picture);
    }

    private byte[] picture() throws InterruptedException {
        VirtainerAgent agent = getComputer().getNode();
        if (agent == null) {
            throw gone();
        }
        VmEngine engine = Fleet.get().engines().of(agent.host());
        Vm vm = engine.find(agent.ownership()).orElseThrow(this::gone).vm();
        ByteArrayOutputStream picture = new ByteArrayOutputStream();
        new GuestScreen(engine.host()).picture(vm, (content, size) -> content.transferTo(picture));
        return picture.toByteArray();
    }

    private VirtainerException gone() {
        return Failure.NO_SUCH_VM.because(
                "The machine of %s is not there.".formatted(getComputer().getName()));
    }

    /** Gives each of our agents that has a screen the page. */
    @Extension
    public static class Factory extends TransientActionFactory<VirtainerComputer> {
        @Override
        public Class<VirtainerComputer> type() {
            return VirtainerComputer.class;
        }

        @NonNull
        @Override
        public Collection<? extends Action> createFor(@NonNull VirtainerComputer computer) {
            VirtainerAgent agent = computer.getNode();
            return agent != null && agent.hasScreen() ? List.of(new GuestPicture(computer)) : List.of();
        }
    }
}
