package dev.reprise.config;

/** A verb of the command line that takes settings as flags. */
public enum Verb {
    SERVE,
    CHAT
}
