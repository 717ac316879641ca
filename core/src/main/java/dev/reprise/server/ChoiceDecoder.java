package dev.reprise.server;

import dev.reprise.engine.FinishReason;
import dev.reprise.engine.TokenEvent;
import dev.reprise.engine.TokenLogprobs;
import dev.reprise.openai.Choice;
import dev.reprise.openai.Ending;
import dev.reprise.openai.OutputFields;
import dev.reprise.openai.StopFields;
import dev.reprise.openai.TokenLogprob;
import dev.reprise.tokenizer.IncrementalDetokenizer;
import dev.reprise.tokenizer.StopStringMatcher;
import dev.reprise.tokenizer.Tokenizer;
import dev.reprise.tokens.TokenIds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns one choice's tokens into pieces of its answer.
 *
 * <p>Clients get the reason for an end with the last text, as vLLM sends it, while the engine reports the last token and
 * the end one after the other. So a piece whose last token must end the choice (a stop token, or the last of {@code
 * maxTokens}) waits for the engine's word; every other piece goes at once. Text that could begin a stop string waits,
 * too. The text of a token that ended the choice is left out unless stop strings are wanted in the output.
 *
 * <p>Used by the request's thread alone.
 */
final class ChoiceDecoder {
    private final int index;
    private final Tokenizer tokenizer;
    private final OutputFields output;
    private final StopFields stop;
    private final Set<Integer> endingTokens;
    private final int maxTokens;
    private final IncrementalDetokenizer detokenizer;
    private final StopStringMatcher stopStrings;

    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final List<Integer> tokenIds = new ArrayList<>();
    private Optional<int[]> promptTokenIds;
    private int pieceOffset;
    private int offset;
    private int outputTokens;
    private int lastToken = -1;
    private boolean ended;

    ChoiceDecoder(int index, ServedModel model, OutputFields output, StopFields stop, PlannedChoice plan) {
        this.index = index;
        this.tokenizer = model.tokenizer();
        this.output = output;
        this.stop = stop;
        this.endingTokens = new HashSet<>(stop.tokenIds());
        if (!stop.ignoreEos()) {
            endingTokens.addAll(model.eosTokenIds());
        }
        this.maxTokens = plan.maxTokens();
        this.promptTokenIds =
                output.returnTokenIds() ? Optional.of(plan.prompt().toArray()) : Optional.empty();
        this.detokenizer = tokenizer.detokenizer(output.skipSpecialTokens());
        this.stopStrings = new StopStringMatcher(stop.strings(), stop.includeString());
    }

    int index() {
        return index;
    }

    /** Output tokens so far, up to the one that ended the choice. */
    int outputTokens() {
        return outputTokens;
    }

    /** Whether the last piece was given out: what the engine says after it does not matter. */
    boolean ended() {
        return ended;
    }

    /** The next piece; empty while it must wait. A piece may be {@linkplain Choice#isEmpty empty}. */
    Optional<Choice> accept(TokenEvent.Generated generated) {
        for (int i = 0;
                i < generated.tokens().size() && stopStrings.matchedStop().isEmpty();
                i++) {
            int id = generated.tokens().get(i);
            append(id);
            if (output.logprobs().isPresent() && i < generated.logprobs().size()) {
                logprobs.add(logprob(generated.logprobs().get(i)));
            }
        }
        if (stopStrings.matchedStop().isPresent()) {
            return Optional.of(lastPiece(stoppedByString()));
        }
        boolean mustEnd = outputTokens >= maxTokens || endingTokens.contains(lastToken);
        return mustEnd ? Optional.empty() : Optional.of(piece(Optional.empty()));
    }

    /** The last piece, at the engine's end. */
    Choice finish(FinishReason reason) {
        text.append(stopStrings.append(detokenizer.finish()));
        if (stopStrings.matchedStop().isPresent()) {
            return lastPiece(stoppedByString());
        }
        text.append(stopStrings.finish());
        if (reason != FinishReason.STOP) {
            return lastPiece(new Ending.Length());
        }
        return lastPiece(new Ending.Stop(
                stop.tokenIds().contains(lastToken)
                        ? Optional.of(new Ending.StopReason.Token(lastToken))
                        : Optional.empty()));
    }

    private Ending stoppedByString() {
        return new Ending.Stop(stopStrings.matchedStop().map(Ending.StopReason.Text::new));
    }

    private void append(int id) {
        outputTokens++;
        lastToken = id;
        if (output.returnTokenIds()) {
            tokenIds.add(id);
        }
        boolean silent = (endingTokens.contains(id) && !stop.includeString()) || !inVocabulary(id);
        if (!silent) {
            text.append(stopStrings.append(detokenizer.append(id)));
        }
    }

    /** Models may have more logits than their tokenizer has tokens. */
    private boolean inVocabulary(int id) {
        return id < tokenizer.vocabularySize();
    }

    private Choice lastPiece(Ending ending) {
        ended = true;
        return piece(Optional.of(ending));
    }

    private Choice piece(Optional<Ending> ending) {
        boolean withLogprobs = output.logprobs().isPresent() && !logprobs.isEmpty();
        Choice piece = new Choice(
                index,
                text.toString(),
                pieceOffset,
                withLogprobs ? Optional.of(List.copyOf(logprobs)) : Optional.empty(),
                ending,
                output.returnTokenIds()
                        ? Optional.of(
                                tokenIds.stream().mapToInt(Integer::intValue).toArray())
                        : Optional.empty(),
                promptTokenIds);
        text.setLength(0);
        logprobs.clear();
        tokenIds.clear();
        pieceOffset = offset;
        promptTokenIds = Optional.empty();
        return piece;
    }

    private TokenLogprob logprob(TokenLogprobs token) {
        List<TokenLogprob> top = token.top().stream()
                .limit(output.logprobs().orElse(0))
                .map(entry -> entry(entry, List.of()))
                .toList();
        TokenLogprob chosen = entry(token.chosen(), top);
        offset += chosen.token().codePointCount(0, chosen.token().length());
        return chosen;
    }

    private TokenLogprob entry(TokenLogprobs.Entry entry, List<TokenLogprob> top) {
        int id = entry.tokenId();
        if (output.tokensAsIds()) {
            String name = "token_id:" + id;
            return new TokenLogprob(name, name.getBytes(StandardCharsets.UTF_8), entry.logprob(), top);
        }
        if (!inVocabulary(id)) {
            return new TokenLogprob("", new byte[0], entry.logprob(), top);
        }
        String name = tokenizer.decode(TokenIds.of(id), false);
        return new TokenLogprob(name, tokenizer.tokenBytes(id), entry.logprob(), top);
    }
}
