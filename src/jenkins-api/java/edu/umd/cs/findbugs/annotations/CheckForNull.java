package edu.umd.cs.findbugs.annotations;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.CLASS)
@java.lang.annotation.Target({
    java.lang.annotation.ElementType.FIELD,
    java.lang.annotation.ElementType.METHOD,
    java.lang.annotation.ElementType.PARAMETER,
    java.lang.annotation.ElementType.LOCAL_VARIABLE
})
@java.lang.annotation.Documented
public @interface CheckForNull {}
