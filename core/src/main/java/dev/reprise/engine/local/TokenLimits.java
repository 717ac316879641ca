package dev.reprise.engine.local;

import java.util.Set;

/**
 * What a model and a pool set to every sequence.
 *
 * @param vocabularySize token ids are below this
 * @param maxSequenceTokens prompt plus output at most: the model's context, or what all blocks hold when that is less
 * @param eosTokenIds end a sequence unless it ignores them
 */
record TokenLimits(int vocabularySize, int maxSequenceTokens, Set<Integer> eosTokenIds) {
    TokenLimits {
        eosTokenIds = Set.copyOf(eosTokenIds);
    }
}
