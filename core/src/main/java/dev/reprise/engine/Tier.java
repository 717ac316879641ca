package dev.reprise.engine;

/** Where a KV block lies. */
public enum Tier {
    /** The engine's own (device) memory. */
    G1,
    /** Host memory. */
    G2,
    /** Local disk. */
    G3,
    /** An external store. */
    G4
}
