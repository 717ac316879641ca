package dev.reprise.identity;

/** The kinds of engine that Reprise drives. */
public enum EngineKind {
    /** The embedded engine. */
    LOCAL,
    /** An engine whose answers follow a script, in virtual time. */
    SCRIPTED
}
