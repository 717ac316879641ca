package dev.reprise.server;

import dev.reprise.engine.EngineError;
import dev.reprise.engine.FinishReason;
import dev.reprise.engine.TokenEvent;
import dev.reprise.http.ClientGoneException;
import dev.reprise.openai.ApiErrorCode;
import dev.reprise.openai.ApiException;
import dev.reprise.openai.Choice;
import dev.reprise.openai.Usage;
import dev.reprise.runtime.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One request's way from engine events to the client, on the request's thread: takes signals from the mailbox, decodes,
 * delivers, and only then acknowledges the tokens, so that a slow client slows its own generation and nothing else.
 */
final class Generation {
    private final GenerationJob job;
    private final List<ChoiceDecoder> decoders;
    private final int[] cachedTokens;
    private final int[] deliveredTokens;
    private final int cacheBlockTokens;
    private final Mailbox mailbox;
    private final EngineRequests requests;
    private final Delivery delivery;
    private final GenerationRecord record;
    private final Clock clock;
    private int openChoices;

    Generation(
            GenerationJob job,
            ServedModel model,
            Mailbox mailbox,
            EngineRequests requests,
            Clock clock,
            Output output) {
        this.job = job;
        this.decoders = decoders(job, model);
        this.cachedTokens = new int[decoders.size()];
        this.deliveredTokens = new int[decoders.size()];
        this.cacheBlockTokens = model.limits().cacheBlockTokens();
        this.mailbox = mailbox;
        this.requests = requests;
        this.clock = clock;
        this.delivery = output.delivery();
        this.record = output.record();
        this.openChoices = decoders.size();
    }

    /** Where the answer and what is known of it go. */
    record Output(Delivery delivery, GenerationRecord record) {}

    /**
     * Delivers until all choices have ended.
     *
     * @param keepAliveDue runs when nothing was delivered since the last time it was due; schedules the next time
     * @throws ApiException when a choice failed or time is over
     * @throws ClientGoneException when the client left
     */
    void run(Runnable keepAliveDue) throws IOException, InterruptedException {
        try {
            boolean idle = true;
            while (openChoices > 0) {
                switch (mailbox.take()) {
                    case Signal.Engine(int choice, TokenEvent event) -> idle = !onEvent(choice, event) && idle;
                    case Signal.KeepAliveDue _ -> {
                        if (idle) {
                            delivery.keepAlive();
                        }
                        idle = true;
                        keepAliveDue.run();
                    }
                    case Signal.ClientGone _ -> throw new ClientGoneException("the client closed the connection");
                    case Signal.DeadlinePassed _ ->
                        throw ApiException.of(
                                ApiErrorCode.DEADLINE_EXCEEDED,
                                "the answer was not complete in time; ask for fewer tokens or try again later");
                    case Signal.WindowExceeded _ ->
                        throw ApiException.of(
                                ApiErrorCode.INTERNAL_ERROR, "the engine ran further ahead than it was allowed to");
                }
            }
            delivery.end(usage());
        } finally {
            Usage usage = usage();
            record.tokens(usage.promptTokens(), usage.cachedTokens(), usage.completionTokens());
        }
    }

    /** Takes an event; true when something was delivered. */
    private boolean onEvent(int choice, TokenEvent event) throws IOException, InterruptedException {
        ChoiceDecoder decoder = decoders.get(choice);
        if (decoder.ended()) {
            return false;
        }
        switch (event) {
            case TokenEvent.Started(int cached) -> cachedTokens[choice] = cached;
            case TokenEvent.Generated generated -> {
                return onTokens(choice, generated);
            }
            case TokenEvent.Finished finished -> {
                return onFinished(choice, finished);
            }
            case TokenEvent.Failed(EngineError error) -> throw new ApiException(EngineErrors.toApi(error));
        }
        return false;
    }

    private boolean onTokens(int choice, TokenEvent.Generated generated) throws IOException, InterruptedException {
        ChoiceDecoder decoder = decoders.get(choice);
        Optional<Choice> piece = decoder.accept(generated);
        boolean delivered = piece.isPresent() && deliver(piece.get());
        requests.acknowledge(choice, generated.tokens().size());
        if (decoder.ended()) {
            requests.cancel(choice);
        }
        return delivered;
    }

    private boolean onFinished(int choice, TokenEvent.Finished finished) throws IOException, InterruptedException {
        if (finished.reason() == FinishReason.CANCELLED) {
            // Not by us: a choice that we cancel has ended before.
            throw ApiException.of(ApiErrorCode.SHUTTING_DOWN, "the engine cancelled the request; try again");
        }
        cachedTokens[choice] = finished.usage().cachedTokens();
        return deliver(decoders.get(choice).finish(finished.reason()));
    }

    private boolean deliver(Choice piece) throws IOException, InterruptedException {
        int index = piece.index();
        int promptTokens = job.choices().get(index).prompt().size();
        boolean delivered = delivery.piece(
                piece, new Usage(promptTokens, decoders.get(index).outputTokens(), 0, 0));
        countTokens(index);
        record.text(index, piece.text());
        if (piece.ending().isPresent()) {
            openChoices--;
            record.finished(piece.ending().get().wireName());
        }
        return delivered;
    }

    private void countTokens(int index) {
        int tokens = decoders.get(index).outputTokens() - deliveredTokens[index];
        if (tokens > 0) {
            deliveredTokens[index] += tokens;
            record.delivered(index, tokens, clock.nanos());
        }
    }

    private Usage usage() {
        int prompt = 0;
        int output = 0;
        int cached = 0;
        int created = 0;
        for (int i = 0; i < decoders.size(); i++) {
            output += decoders.get(i).outputTokens();
            PlannedChoice choice = job.choices().get(i);
            if (choice.firstOfPrompt()) {
                prompt += choice.prompt().size();
                cached += cachedTokens[i];
                created += createdTokens(choice.prompt().size(), cachedTokens[i]);
            }
        }
        return new Usage(prompt, output, cached, created);
    }

    private int createdTokens(int promptTokens, int cached) {
        if (cacheBlockTokens == 0) {
            return 0;
        }
        return Math.max(0, promptTokens / cacheBlockTokens * cacheBlockTokens - cached);
    }

    private static List<ChoiceDecoder> decoders(GenerationJob job, ServedModel model) {
        List<ChoiceDecoder> decoders = new ArrayList<>();
        for (int i = 0; i < job.choices().size(); i++) {
            decoders.add(new ChoiceDecoder(
                    i,
                    model,
                    job.fields().output(),
                    job.fields().stop(),
                    job.choices().get(i)));
        }
        return decoders;
    }
}
