package dev.reprise.server;

import dev.reprise.identity.ModelId;
import dev.reprise.runtime.Checks;
import dev.reprise.template.ChatTemplate;
import dev.reprise.tokenizer.Tokenizer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model as clients see it.
 *
 * @param names what requests may call it, at least one; answers use the first
 * @param root where its files came from
 * @param revision names the weights, for salt and fingerprint
 * @param loadedAt when it was loaded
 * @param tokenizer text to ids and back
 * @param template how chats become text; absent: chats are refused
 * @param defaults sampling where a request says nothing
 * @param limits its sizes
 * @param eosTokenIds end-of-sequence tokens, whose text is never sent
 */
public record ServedModel(
        List<ModelId> names,
        String root,
        String revision,
        Instant loadedAt,
        Tokenizer tokenizer,
        Optional<ChatTemplate> template,
        DefaultSampling defaults,
        Limits limits,
        Set<Integer> eosTokenIds) {
    /**
     * Sizes of a model and its cache.
     *
     * @param maxModelTokens the longest prompt plus output, ≥ 2
     * @param vocabularySize token ids are below this, ≥ 1
     * @param cacheBlockTokens tokens per cached block; 0: nothing is cached
     */
    public record Limits(int maxModelTokens, int vocabularySize, int cacheBlockTokens) {
        /** Checks ranges. */
        public Limits {
            Checks.check(maxModelTokens >= 2, "maxModelTokens must be at least 2, was %d", maxModelTokens);
            Checks.check(vocabularySize >= 1, "vocabularySize must be at least 1, was %d", vocabularySize);
            Checks.check(cacheBlockTokens >= 0, "cacheBlockTokens must be at least 0, was %d", cacheBlockTokens);
        }
    }

    /** Checks and copies. */
    public ServedModel {
        names = List.copyOf(names);
        eosTokenIds = Set.copyOf(eosTokenIds);
        Checks.check(!names.isEmpty(), "a served model needs a name");
    }

    /** The name in answers. */
    public ModelId name() {
        return names.getFirst();
    }
}
