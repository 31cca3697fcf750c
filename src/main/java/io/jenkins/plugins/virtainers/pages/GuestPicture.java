package io.jenkins.plugins.virtainers.pages;

import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.agent.VirtainerComputer;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestScreen;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.fleet.Engines;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        VmEngine engine = Engines.get().of(agent.host());
        Vm vm = engine.find(agent.ownership()).orElseThrow(this::gone).vm();
        ByteArrayOutputStream picture = new ByteArrayOutputStream();
        new GuestScreen(engine.host()).picture(vm, (content, size) -> content.transferTo(picture));
        return picture.toByteArray();
    }

    private VirtainerException gone() {
        return Failure.NO_SUCH_VM.because(
                "The machine of %s is not there.".formatted(getComputer().getName()));
    }
}
