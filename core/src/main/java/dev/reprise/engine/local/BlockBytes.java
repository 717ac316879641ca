package dev.reprise.engine.local;

import dev.reprise.engine.KvLayout;
import java.lang.foreign.MemorySegment;

/** The bytes behind block ids. Called by the engine's owner between steps. */
public interface BlockBytes {
    /** How a block's bytes lie when copied out. */
    KvLayout kvLayout();

    /** Copies block {@code blockId} to {@code target}, {@link KvLayout#blockBytes} bytes. */
    void exportBlock(int blockId, MemorySegment target);

    /** Overwrites block {@code blockId} with {@code source}, {@link KvLayout#blockBytes} bytes. */
    void importBlock(int blockId, MemorySegment source);
}
