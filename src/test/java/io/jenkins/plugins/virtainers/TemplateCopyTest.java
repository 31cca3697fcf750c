package io.jenkins.plugins.virtainers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Node;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A machine of a pipeline is as the cloud's own template has it, whatever settings that comes to have. */
class TemplateCopyTest {
    /** What makes it another template, and what two machines cannot share. */
    private static final Set<String> ITS_OWN =
            Set.of("image", "id", "name", "labels", "twin", "askedFor", "life", "boot.data");

    /** A setting that copies do not know. */
    private static final class WithOneMore extends VirtainerTemplate {
        @SuppressWarnings("unused")
        private final String added = "said";

        WithOneMore() {
            super("debian:12");
        }
    }

    /** The same in a group. */
    static final class HardwareWithOneMore extends TemplateHardware {
        @SuppressWarnings("unused")
        private String added = "said";
    }

    @Test
    void saysAllThatItsTemplateSays() throws Exception {
        VirtainerTemplate template = new VirtainerTemplate("debian:12");
        fill(template);
        assertEquals(List.of(), forgotten(template, template.copyFor("debian:13"), ""));
    }

    @Test
    void seesThatAFieldIsForgotten() throws Exception {
        VirtainerTemplate template = new WithOneMore();
        assertEquals(List.of("added"), forgotten(template, template.copyFor("debian:13"), ""));
    }

    @Test
    void copiesWhatAGroupComesToSay() throws Exception {
        VirtainerTemplate template = new VirtainerTemplate("debian:12");
        template.setHardware(new HardwareWithOneMore());
        VirtainerTemplate copy = template.copyFor("debian:13");
        assertEquals(List.of(), forgotten(template, copy, ""));
        ((HardwareWithOneMore) copy.hardware()).added = "changed";
        assertEquals(List.of("hardware.added"), forgotten(template, copy, ""));
    }

    /** Every field of an object has something to say, those of its groups as well. */
    private static void fill(Object object) throws Exception {
        for (Field field : fieldsOf(object)) {
            if (Modifier.isFinal(field.getModifiers())) {
                continue;
            }
            Class<?> type = field.getType();
            if (TemplateSettings.class.isAssignableFrom(type)) {
                field.set(object, type.getDeclaredConstructor().newInstance());
                fill(field.get(object));
            } else if (type == String.class) {
                field.set(object, field.getName());
            } else if (type == Integer.class || type == int.class) {
                field.set(object, 7);
            } else if (type == Boolean.class) {
                field.set(object, true);
            } else if (type == Node.Mode.class) {
                field.set(object, Node.Mode.NORMAL);
            } else if (type == List.class) {
                field.set(object, new ArrayList<>());
            } else {
                throw new AssertionError("Fill " + field + " too.");
            }
        }
    }

    private static List<String> forgotten(Object original, Object copy, String of) throws Exception {
        List<String> forgotten = new ArrayList<>();
        for (Field field : fieldsOf(original)) {
            String name = of + field.getName();
            if (ITS_OWN.contains(name)) {
                continue;
            }
            Object said = field.get(original);
            Object copied = field.getDeclaringClass().isInstance(copy) ? field.get(copy) : null;
            if (said instanceof TemplateSettings && copied != null) {
                forgotten.addAll(forgotten(said, copied, name + "."));
            } else if (!Objects.equals(said, copied)) {
                forgotten.add(name);
            }
        }
        return forgotten;
    }

    private static List<Field> fieldsOf(Object object) {
        List<Field> fields = Stream.<Class<?>>iterate(object.getClass(), Objects::nonNull, Class::getSuperclass)
                .filter(type -> type != Object.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
                .toList();
        fields.forEach(field -> field.setAccessible(true));
        return fields;
    }
}
