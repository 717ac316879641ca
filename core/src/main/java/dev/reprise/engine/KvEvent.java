package dev.reprise.engine;

import dev.reprise.tokens.SequenceHash;
import dev.reprise.tokens.TokenIds;
import java.util.List;
import java.util.Optional;

/** A change to the set of cached KV blocks that a worker holds. */
public sealed interface KvEvent {
    /**
     * A full block became reusable.
     *
     * @param block its identity
     * @param parent the block before it; absent for the first of a sequence
     * @param tokens the block's token ids, exactly one block
     * @param tier where it lies
     */
    record BlockStored(SequenceHash block, Optional<SequenceHash> parent, TokenIds tokens, Tier tier)
            implements KvEvent {}

    /** Blocks are no longer held in {@code tier}. */
    record BlocksRemoved(List<SequenceHash> blocks, Tier tier) implements KvEvent {
        /** Copies the list. */
        public BlocksRemoved {
            blocks = List.copyOf(blocks);
        }
    }

    /** Nothing is held any more, in any tier. */
    record AllBlocksCleared() implements KvEvent {}
}
