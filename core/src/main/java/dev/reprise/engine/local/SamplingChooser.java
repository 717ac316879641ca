package dev.reprise.engine.local;

import dev.reprise.engine.SamplingOptions;
import dev.reprise.engine.TokenLogprobs;
import dev.reprise.engine.local.model.Sampler;
import dev.reprise.engine.local.model.kernel.Kernels;
import java.util.Optional;

/** Chooses as the request's sampling options say, with the model's own {@link Sampler}. One engine's thread. */
public final class SamplingChooser implements TokenChooser {
    private final Sampler sampler;

    /** A chooser for rows of {@code vocabularySize} logits, computed by {@code kernels}. */
    public SamplingChooser(Kernels kernels, int vocabularySize) {
        this.sampler = new Sampler(kernels, vocabularySize);
    }

    @Override
    public Choice choose(Step.Row row, float[] logits, int from, int vocabularySize) {
        SamplingOptions options = row.request().sampling();
        int token = sampler.choose(logits, from, options, row.seed(), row.outputIndex());
        Optional<TokenLogprobs> logprobs = options.logprobs().isPresent()
                ? Optional.of(
                        sampler.logprobs(logits, from, token, options.logprobs().getAsInt()))
                : Optional.empty();
        return new Choice(token, logprobs);
    }
}
