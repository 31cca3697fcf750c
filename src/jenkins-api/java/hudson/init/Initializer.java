package hudson.init;

@java.lang.annotation.Documented
@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
@java.lang.annotation.Target(java.lang.annotation.ElementType.METHOD)
public @interface Initializer {
    hudson.init.InitMilestone after() default hudson.init.InitMilestone.STARTED;
}
