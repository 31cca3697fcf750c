package edu.umd.cs.findbugs.annotations;

public enum SuppressMatchType {
    DEFAULT,
    EXACT,
    REGEX;
}
