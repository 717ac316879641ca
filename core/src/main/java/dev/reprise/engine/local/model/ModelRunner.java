package dev.reprise.engine.local.model;

import dev.reprise.engine.KvLayout;
import dev.reprise.engine.NumericFingerprint;
import java.lang.foreign.MemorySegment;

/**
 * Computes forward steps of one model over one paged KV pool. Blocks while computing; one thread at a time.
 *
 * <p>Contract: a row's logits depend on the token ids of its sequence up to it alone, bit for bit: not on the other
 * rows of the step, on how its sequence was cut into steps, on which blocks hold it, or on the number of threads.
 */
public interface ModelRunner extends AutoCloseable {
    /** What must be equal for blocks to be exchanged. */
    NumericFingerprint fingerprint();

    /** How a block's bytes lie when copied out. */
    KvLayout kvLayout();

    /** Blocks in the pool; ids are 0 to this − 1. */
    int totalBlocks();

    /** Token ids are below this; also the length of one row of logits. */
    int vocabularySize();

    /** Positions are below this. */
    int maxModelTokens();

    /**
     * Writes keys and values of all rows into their blocks and the wanted logits into {@code logits}, row after row,
     * {@link #vocabularySize} floats each.
     *
     * @throws ComputeException when the step failed; the blocks of its rows hold garbage, all others are as before
     */
    void step(StepBatch batch, float[] logits) throws ComputeException;

    /** Copies block {@code blockId} to {@code target}, {@link KvLayout#blockBytes} bytes. */
    void exportBlock(int blockId, MemorySegment target);

    /** Overwrites block {@code blockId} with {@code source}, {@link KvLayout#blockBytes} bytes. */
    void importBlock(int blockId, MemorySegment source);

    /** Returns the pool's memory and the runtime's sessions. Idempotent. */
    @Override
    void close();
}
