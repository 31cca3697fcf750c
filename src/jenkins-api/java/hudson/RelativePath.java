package hudson;

@java.lang.annotation.Documented
@java.lang.annotation.Target({java.lang.annotation.ElementType.PARAMETER})
@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface RelativePath {
    java.lang.String value();
}
