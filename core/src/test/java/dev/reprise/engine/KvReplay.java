package dev.reprise.engine;

import dev.reprise.tokens.SequenceHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Follows KV events as an index would: what is held, and what was wrong with the events. Any thread may read. */
public final class KvReplay implements KvEventListener {
    private final Map<SequenceHash, KvEvent.BlockStored> blocks = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private long epoch;
    private long sequence;
    private int batches;

    @Override
    public synchronized void onBatch(KvEventBatch batch) {
        if (batches == 0) {
            epoch = batch.epoch();
            expect(batch.events().getFirst() instanceof KvEvent.AllBlocksCleared, "starts with " + batch);
        } else {
            expect(batch.sequence() == sequence + 1, batch.sequence() + " after " + sequence);
            expect(batch.epoch() == epoch, "epoch changed");
            expect(!batch.events().isEmpty(), "empty batch");
        }
        sequence = batch.sequence();
        batches++;
        batch.events().forEach(this::apply);
    }

    public synchronized Map<SequenceHash, KvEvent.BlockStored> blocks() {
        return Map.copyOf(blocks);
    }

    public synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    public synchronized int batches() {
        return batches;
    }

    public synchronized long sequence() {
        return sequence;
    }

    private void apply(KvEvent event) {
        switch (event) {
            case KvEvent.BlockStored stored -> {
                stored.parent()
                        .ifPresent(parent -> expect(blocks.containsKey(parent), "no parent of " + stored.block()));
                expect(blocks.put(stored.block(), stored) == null, stored.block() + " stored twice");
            }
            case KvEvent.BlocksRemoved removed ->
                removed.blocks().forEach(block -> {
                    expect(blocks.remove(block) != null, block + " removed and not held");
                });
            case KvEvent.AllBlocksCleared _ -> blocks.clear();
        }
    }

    private void expect(boolean condition, String fault) {
        if (!condition) {
            faults.add(fault);
        }
    }
}
