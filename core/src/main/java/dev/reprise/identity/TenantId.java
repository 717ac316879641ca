package dev.reprise.identity;

/** Identifies who a request is counted and cached for. */
public record TenantId(String value) {
    /** The tenant of requests that carry no key. */
    public static final TenantId ANONYMOUS = new TenantId("anonymous");

    /** Checks that the name is not blank and at most 256 characters. */
    public TenantId {
        Names.check("TenantId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
