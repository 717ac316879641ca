package dev.reprise.engine;

/** Receives KV events on the engine's event loop. Must return at once. */
@FunctionalInterface
public interface KvEventListener {
    /**
     * Takes the next batch. The first batch after subscribing starts with {@link KvEvent.AllBlocksCleared} and lists
     * all blocks held; its sequence number is the one of the last batch before it, so that the next continues it.
     */
    void onBatch(KvEventBatch batch);
}
