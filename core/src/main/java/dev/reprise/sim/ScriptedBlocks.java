package dev.reprise.sim;

import dev.reprise.engine.EngineDescription;
import dev.reprise.engine.KvLayout;
import dev.reprise.engine.local.BlockBytes;
import java.lang.foreign.MemorySegment;

/** Blocks without content: 8 bytes a token, all zero, so that transfers have a size and nothing is stored. */
record ScriptedBlocks(EngineDescription description) implements BlockBytes {
    @Override
    public KvLayout kvLayout() {
        return new KvLayout(1, 1, 1, description.blockSizeTokens(), Float.BYTES);
    }

    @Override
    public void exportBlock(int blockId, MemorySegment target) {
        target.fill((byte) 0);
    }

    @Override
    public void importBlock(int blockId, MemorySegment source) {}
}
