package dev.reprise.engine.local.model.weights;

import java.util.Locale;
import java.util.Optional;

/** Element types of stored weights. The name is the one safetensors uses. */
public enum ElementType {
    /** IEEE 754 binary32. */
    F32(4),
    /** IEEE 754 binary16. */
    F16(2),
    /** The upper half of binary32. */
    BF16(2);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The type of that name, if it is one of these. */
    static Optional<ElementType> named(String name) {
        for (ElementType type : values()) {
            if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
