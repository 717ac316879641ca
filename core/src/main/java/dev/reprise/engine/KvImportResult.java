package dev.reprise.engine;

/** The answer to a {@link KvImportRequest}. */
public sealed interface KvImportResult {
    /**
     * Blocks were taken.
     *
     * @param importedBlocks newly stored; those held already do not count
     * @param heldBlocks how many leading blocks of the offer are held now
     */
    record Imported(int importedBlocks, int heldBlocks) implements KvImportResult {}

    /** Nothing was taken: another fingerprint or layout, a broken chain, or an engine that cannot. */
    record Refused(String reason) implements KvImportResult {}
}
