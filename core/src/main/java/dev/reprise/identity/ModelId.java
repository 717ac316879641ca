package dev.reprise.identity;

/** Identifies a model's name as clients write it. */
public record ModelId(String value) {
    /** Checks that the name is not blank and at most 256 characters. */
    public ModelId {
        Names.check("ModelId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
