package dev.reprise.kvcache;

import dev.reprise.tokens.BlockHasher;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.SequenceHash;
import dev.reprise.tokens.TokenIds;
import java.util.Optional;

/** Names a block by its salt, its parent and its tokens. Names may collide: whoever reuses bytes confirms by the tokens. */
@FunctionalInterface
public interface SequenceHasher {
    /** The name of {@code block}, exactly one block long, after {@code parent}. */
    SequenceHash hash(CacheSalt salt, Optional<SequenceHash> parent, TokenIds block);

    /** The names that {@link BlockHasher} gives blocks of {@code blockSizeTokens}. */
    static SequenceHasher ofTokens(int blockSizeTokens) {
        return (salt, parent, block) -> {
            BlockHasher hasher = new BlockHasher(blockSizeTokens, salt);
            return hasher.chain(parent, hasher.block(block));
        };
    }
}
