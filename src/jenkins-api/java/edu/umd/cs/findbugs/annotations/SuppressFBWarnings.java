package edu.umd.cs.findbugs.annotations;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.CLASS)
public @interface SuppressFBWarnings {
    java.lang.String[] value() default {};

    java.lang.String justification() default "";

    edu.umd.cs.findbugs.annotations.SuppressMatchType matchType() default
            edu.umd.cs.findbugs.annotations.SuppressMatchType.DEFAULT;
}
