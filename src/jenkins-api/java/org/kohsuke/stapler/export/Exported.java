package org.kohsuke.stapler.export;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
@java.lang.annotation.Target({java.lang.annotation.ElementType.FIELD, java.lang.annotation.ElementType.METHOD})
@java.lang.annotation.Documented
public @interface Exported {
    int visibility() default 0;

    java.lang.String name() default "";

    boolean inline() default false;

    boolean merge() default false;

    boolean skipNull() default false;

    java.lang.String verboseMap() default "";
}
