package com.cloudbees.plugins.credentials.impl;

public abstract class BaseStandardCredentials extends com.cloudbees.plugins.credentials.BaseCredentials
        implements com.cloudbees.plugins.credentials.common.StandardCredentials {}
