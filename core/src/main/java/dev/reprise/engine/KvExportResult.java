package dev.reprise.engine;

import java.util.List;

/** The answer to a {@link KvExportRequest}. */
public sealed interface KvExportResult {
    /**
     * The leading blocks that are held, maybe none.
     *
     * @param fingerprint of the engine that computed them
     * @param layout of their bytes
     * @param blocks first to last
     */
    record Exported(NumericFingerprint fingerprint, KvLayout layout, List<KvBlockData> blocks)
            implements KvExportResult {
        /** Copies the list. */
        public Exported {
            blocks = List.copyOf(blocks);
        }
    }

    /** The engine cannot export. */
    record Refused(String reason) implements KvExportResult {}
}
