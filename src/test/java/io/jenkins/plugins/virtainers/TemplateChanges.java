package io.jenkins.plugins.virtainers;

import java.util.function.Consumer;

/** Changes one group of a template's settings, for tests. */
public final class TemplateChanges {
    private TemplateChanges() {}

    public static void hardware(VirtainerTemplate template, Consumer<TemplateHardware> change) {
        TemplateHardware settings = template.hardware();
        change.accept(settings);
        template.setHardware(settings);
    }

    public static void network(VirtainerTemplate template, Consumer<TemplateNetwork> change) {
        TemplateNetwork settings = template.network();
        change.accept(settings);
        template.setNetwork(settings);
    }

    public static void boot(VirtainerTemplate template, Consumer<TemplateBoot> change) {
        TemplateBoot settings = template.boot();
        change.accept(settings);
        template.setBoot(settings);
    }

    public static void agent(VirtainerTemplate template, Consumer<TemplateAgent> change) {
        TemplateAgent settings = template.agent();
        change.accept(settings);
        template.setAgent(settings);
    }

    public static void life(VirtainerTemplate template, Consumer<TemplateLife> change) {
        TemplateLife settings = template.life();
        change.accept(settings);
        template.setLife(settings);
    }
}
