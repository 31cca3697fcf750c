package org.springframework.security.access;

public class AccessDeniedException extends java.lang.RuntimeException {}
