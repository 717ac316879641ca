package dev.reprise.cli;

/** The version of this product. */
public final class ProductVersion {
    /** As in the parent POM; a test keeps them equal. */
    public static final String CURRENT = "0.1.0";

    private ProductVersion() {}
}
