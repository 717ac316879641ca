package dev.reprise.engine.local.model.linear;

/** How weights are held and multiplied. */
public enum Precision {
    /** 32-bit floats. */
    F32("f32", 4),
    /** 8-bit integers: one scale for each column of a weight matrix, one scale and zero point for each row of inputs. */
    INT8("int8", 1);

    private final String label;
    private final int weightBytes;

    Precision(String label, int weightBytes) {
        this.label = label;
        this.weightBytes = weightBytes;
    }

    /** The name on the command line and in fingerprints. */
    public String label() {
        return label;
    }

    /** Bytes of one weight. */
    public int weightBytes() {
        return weightBytes;
    }
}
