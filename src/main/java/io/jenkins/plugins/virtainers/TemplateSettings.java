package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A group of settings of a {@link VirtainerTemplate}, with a form, help and checks of its own. Each field is null where
 * nothing was said, and what is then the case is said by the methods beside its getter. What is done here is done with
 * whatever fields there are, so that a new one cannot be forgotten.
 */
public abstract class TemplateSettings {
    /** The group as a template keeps it: not at all where it says nothing. */
    @CheckForNull
    static <T extends TemplateSettings> T orNull(@CheckForNull T settings) {
        return settings == null || fieldsOf(settings).stream().allMatch(field -> read(field, settings) == null)
                ? null
                : settings;
    }

    /** Gives one object all that another of its class says, groups as copies; what is final stays what it is. */
    static <T> T copy(T from, T to) {
        for (Field field : fieldsOf(to)) {
            if (!Modifier.isFinal(field.getModifiers())) {
                write(
                        field,
                        to,
                        read(field, from) instanceof TemplateSettings group ? group.copied() : read(field, from));
            }
        }
        return to;
    }

    private TemplateSettings copied() {
        try {
            return copy(this, getClass().getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(getClass().getName(), e);
        }
    }

    private static List<Field> fieldsOf(Object object) {
        return Stream.<Class<?>>iterate(object.getClass(), Objects::nonNull, Class::getSuperclass)
                .filter(type -> type != Object.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
                .toList();
    }

    @CheckForNull
    private static Object read(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field.toString(), e);
        }
    }

    private static void write(Field field, Object object, @CheckForNull Object value) {
        try {
            field.setAccessible(true);
            field.set(object, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field.toString(), e);
        }
    }
}
