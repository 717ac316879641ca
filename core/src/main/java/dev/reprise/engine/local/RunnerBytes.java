package dev.reprise.engine.local;

import dev.reprise.engine.KvLayout;
import dev.reprise.engine.local.model.ModelRunner;
import java.lang.foreign.MemorySegment;

/** The blocks of a model runner. */
record RunnerBytes(ModelRunner runner) implements BlockBytes {
    @Override
    public KvLayout kvLayout() {
        return runner.kvLayout();
    }

    @Override
    public void exportBlock(int blockId, MemorySegment target) {
        runner.exportBlock(blockId, target);
    }

    @Override
    public void importBlock(int blockId, MemorySegment source) {
        runner.importBlock(blockId, source);
    }
}
