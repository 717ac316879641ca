package dev.reprise.server;

import dev.reprise.openai.AnswerFormat;
import dev.reprise.openai.Choice;
import dev.reprise.openai.Ending;
import dev.reprise.openai.ResponseHead;
import dev.reprise.openai.TokenLogprob;
import dev.reprise.openai.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One answer when everything is there. */
final class WholeDelivery implements Delivery {
    private final Call call;
    private final AnswerFormat format;
    private final ResponseHead head;
    private final List<Collected> choices;

    WholeDelivery(Call call, AnswerFormat format, ResponseHead head, int choices) {
        this.call = call;
        this.format = format;
        this.head = head;
        this.choices = IntStream.range(0, choices).mapToObj(Collected::new).toList();
    }

    @Override
    public boolean piece(Choice piece, Usage running) {
        choices.get(piece.index()).add(piece);
        return true;
    }

    @Override
    public void keepAlive() {
        // A whole answer has no place for comments.
    }

    @Override
    public void end(Usage usage) throws IOException, InterruptedException {
        call.json(
                200,
                format.answer(head, choices.stream().map(Collected::toChoice).toList(), usage));
    }

    private static final class Collected {
        private final int index;
        private final StringBuilder text = new StringBuilder();
        private final List<TokenLogprob> logprobs = new ArrayList<>();
        private final List<int[]> tokenIds = new ArrayList<>();
        private Optional<int[]> promptTokenIds = Optional.empty();
        private Optional<Ending> ending = Optional.empty();

        Collected(int index) {
            this.index = index;
        }

        void add(Choice piece) {
            text.append(piece.text());
            piece.logprobs().ifPresent(logprobs::addAll);
            piece.tokenIds().ifPresent(tokenIds::add);
            promptTokenIds = promptTokenIds.or(piece::promptTokenIds);
            ending = piece.ending();
        }

        Choice toChoice() {
            int[] ids = tokenIds.stream().flatMapToInt(IntStream::of).toArray();
            return new Choice(
                    index,
                    text.toString(),
                    0,
                    logprobs.isEmpty() ? Optional.empty() : Optional.of(logprobs),
                    ending,
                    tokenIds.isEmpty() ? Optional.empty() : Optional.of(ids),
                    promptTokenIds);
        }
    }
}
