package com.cloudbees.plugins.credentials;

public class BaseCredentials implements com.cloudbees.plugins.credentials.Credentials {}
