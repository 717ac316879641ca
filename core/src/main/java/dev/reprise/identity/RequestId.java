package dev.reprise.identity;

/** Identifies one request, across frontend, router and engine; also on the wire as X-Request-Id. */
public record RequestId(String value) {
    /** Checks that the name is not blank and at most 256 characters. */
    public RequestId {
        Names.check("RequestId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
