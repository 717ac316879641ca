package dev.reprise.identity;

/** Identifies one engine endpoint; the key of load and cache, unique in a cluster. */
public record WorkerId(String value) {
    /** Checks that the name is not blank and at most 256 characters. */
    public WorkerId {
        Names.check("WorkerId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
