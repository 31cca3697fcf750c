package hudson;

public final class FilePath implements org.jenkinsci.remoting.SerializableOnlyOverRemoting {}
