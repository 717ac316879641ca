package dev.reprise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import dev.reprise.engine.EngineErrorCode;
import dev.reprise.http.HttpListener;
import dev.reprise.http.HttpListenerOptions;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java client against the listener and the API server: every answer passes the client's validation. */
class OpenAiSdkTest {
    private final ServerFixture fixture =
            new ServerFixture(ServerOptions.DEFAULTS, ApiKeys.of(List.of("secret"), List.of()));
    private HttpListener listener;
    private OpenAIClient client;

    @BeforeEach
    void start() throws Exception {
        listener = HttpListener.start(
                HttpListenerOptions.plain("127.0.0.1", 0, fixture.server.listenerErrors()), fixture.server);
        client = client("secret");
    }

    @AfterEach
    void stop() {
        client.close();
        listener.close();
        fixture.close();
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .apiKey(key)
                .baseUrl("http://127.0.0.1:" + listener.port() + "/v1")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder chat() {
        return ChatCompletionCreateParams.builder()
                .model("tiny-llama")
                .addSystemMessage("You are terse.")
                .addUserMessage("How are you?")
                .maxCompletionTokens(20)
                .temperature(0.0);
    }

    @Test
    void chatWhole() {
        fixture.backend.cachedTokens = 4;
        ChatCompletion answer = client.chat()
                .completions()
                .create(chat().logprobs(true).topLogprobs(2).build())
                .validate();
        assertThat(answer.choices().getFirst().message().content()).contains("Hello");
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.choices()
                        .getFirst()
                        .logprobs()
                        .orElseThrow()
                        .content()
                        .orElseThrow())
                .hasSize(5);
        assertThat(answer.usage()
                        .orElseThrow()
                        .promptTokensDetails()
                        .orElseThrow()
                        .cachedTokens())
                .contains(4L);
    }

    @Test
    void chatStream() {
        ChatCompletionCreateParams params = chat().n(2)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            List<ChatCompletionChunk> chunks =
                    stream.stream().map(ChatCompletionChunk::validate).toList();
            for (long index : List.of(0L, 1L)) {
                String text = chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .filter(choice -> choice.index() == index)
                        .map(choice -> choice.delta().content().orElse(""))
                        .collect(Collectors.joining());
                assertThat(text).isEqualTo("Hello");
            }
            assertThat(chunks.getLast().usage().orElseThrow().completionTokens())
                    .isEqualTo(10);
        }
    }

    @Test
    void completions() {
        CompletionCreateParams params = CompletionCreateParams.builder()
                .model("alias")
                .promptOfArrayOfStrings(List.of("a", "b"))
                .maxTokens(3)
                .logprobs(2)
                .build();
        Completion answer = client.completions().create(params).validate();
        assertThat(answer.choices()).extracting(choice -> choice.text()).containsExactly("Hel", "Hel");
        try (StreamResponse<Completion> stream = client.completions().createStreaming(params)) {
            // Not validated: the client's record of a piece has no null finish_reason, which vLLM and OpenAI send.
            String text = stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .map(choice -> choice.text())
                    .collect(Collectors.joining());
            assertThat(text).hasSize(6);
        }
    }

    @Test
    void models() {
        assertThat(client.models().list().data())
                .extracting(model -> model.id())
                .containsExactly("tiny-llama", "alias");
        assertThat(client.models().retrieve("alias").validate().id()).isEqualTo("alias");
    }

    @Test
    void errorsAreTheClientsOwnExceptions() {
        NotFoundException unknown = catchThrowableOfType(
                NotFoundException.class,
                () -> client.chat().completions().create(chat().model("nope").build()));
        assertThat(unknown.code()).contains("model_not_found");
        assertThat(unknown.param()).contains("model");
        BadRequestException range = catchThrowableOfType(
                BadRequestException.class,
                () -> client.chat().completions().create(chat().topP(2.0).build()));
        assertThat(range.param()).contains("top_p");
        OpenAIClient stranger = client("wrong");
        assertThat(catchThrowableOfType(
                                UnauthorizedException.class,
                                () -> stranger.models().list())
                        .code())
                .contains("invalid_api_key");
        stranger.close();
        fixture.backend.script = request -> FakeBackend.Script.text("").failing(EngineErrorCode.OVERLOADED);
        InternalServerException overloaded = catchThrowableOfType(
                InternalServerException.class, () -> client.chat().completions().create(chat().build()));
        assertThat(overloaded.statusCode()).isEqualTo(503);
        assertThat(overloaded.code()).contains("overloaded");
    }

    @Test
    void anErrorWithinAStreamReachesTheClient() {
        fixture.backend.script = request -> FakeBackend.Script.text("ab").failing(EngineErrorCode.COMPUTE_FAILED);
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(chat().build())) {
            OpenAIServiceException failure = catchThrowableOfType(
                    OpenAIServiceException.class, () -> stream.stream().forEach(chunk -> {}));
            assertThat(failure.code()).contains("compute_failed");
        }
    }

    @Test
    void aClientThatClosesItsStreamEndsTheEnginesWork() {
        fixture.backend.script = request -> FakeBackend.Script.text("ab").hanging();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(chat().build())) {
            assertThat(stream.stream().findFirst()).isPresent();
        }
        fixture.assertNothingOpenSoon();
    }
}
