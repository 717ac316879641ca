package dev.reprise.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The bytes of streams, frame by frame, as vLLM 0.32 sends them. */
class StreamBytesTest {
    private static final String HEAD = "{\"id\":\"chatcmpl-r1\",\"object\":\"chat.completion.chunk\",\"created\":T,"
            + "\"model\":\"tiny-llama\",\"choices\":[";

    private static String stream(ServerFixture fixture, String path, String fields) {
        FakeExchange exchange = fixture.serve(FakeExchange.post(path, "{%s}".formatted(fields.replace('\'', '"')))
                .with("X-Request-Id", "r1"));
        assertThat(exchange.status()).as(exchange.body()).isEqualTo(200);
        assertThat(exchange.header("Content-Type")).contains("text/event-stream; charset=utf-8");
        assertThat(exchange.header("X-Request-Id")).contains("r1");
        assertThat(exchange.finished()).isTrue();
        return exchange.body().replaceAll("\"created\":[0-9]+", "\"created\":T");
    }

    @Test
    void chat() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> FakeBackend.Script.text("Hié");
            String frames = stream(
                    fixture,
                    "/v1/chat/completions",
                    "'stream':true,'max_tokens':9,'messages':[{'role':'user','content':'x'}]");
            assertThat(frames)
                    .isEqualTo("data: " + HEAD
                            + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,"
                            + "\"finish_reason\":null}],\"prompt_token_ids\":null,\"prompt_text\":null}\n\n"
                            + "data: " + HEAD
                            + "{\"index\":0,\"delta\":{\"content\":\"H\"},\"logprobs\":null,\"finish_reason\":null,"
                            + "\"token_ids\":null}]}\n\n"
                            + "data: " + HEAD
                            + "{\"index\":0,\"delta\":{\"content\":\"i\"},\"logprobs\":null,\"finish_reason\":null,"
                            + "\"token_ids\":null}]}\n\n"
                            + "data: " + HEAD
                            + "{\"index\":0,\"delta\":{\"content\":\"é\"},\"logprobs\":null,\"finish_reason\":null,"
                            + "\"token_ids\":null}]}\n\n"
                            + "data: " + HEAD
                            + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\","
                            + "\"stop_reason\":null,\"token_ids\":null}],"
                            + "\"system_fingerprint\":\"reprise-1.2.3-01234567\"}\n\n"
                            + "data: [DONE]\n\n");
        }
    }

    @Test
    void theReasonComesWithTheLastTextAndUsageAfterAllChoices() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> FakeBackend.Script.text("Hello");
            fixture.backend.cachedTokens = 5;
            String frames = stream(
                    fixture,
                    "/v1/chat/completions",
                    "'stream':true,'stream_options':{'include_usage':true},'max_tokens':1,"
                            + "'messages':[{'role':'user','content':'x'}]");
            assertThat(frames)
                    .contains("{\"index\":0,\"delta\":{\"content\":\"H\"},\"logprobs\":null,"
                            + "\"finish_reason\":\"length\",\"stop_reason\":null,\"token_ids\":null}]}\n\n")
                    .endsWith("data: {\"id\":\"chatcmpl-r1\",\"object\":\"chat.completion.chunk\",\"created\":T,"
                            + "\"model\":\"tiny-llama\",\"choices\":[],\"usage\":{\"prompt_tokens\":18,"
                            + "\"total_tokens\":19,\"completion_tokens\":1,\"prompt_tokens_details\":"
                            + "{\"cached_tokens\":5,\"created_cache_tokens\":0}},"
                            + "\"system_fingerprint\":\"reprise-1.2.3-01234567\"}\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void completion() {
        try (ServerFixture fixture = new ServerFixture()) {
            fixture.backend.script = request -> FakeBackend.Script.text("ab");
            String frames = stream(fixture, "/v1/completions", "'stream':true,'max_tokens':2,'prompt':[1,2,3]");
            String head = "{\"id\":\"cmpl-r1\",\"object\":\"text_completion\",\"created\":T,"
                    + "\"model\":\"tiny-llama\",\"choices\":[";
            assertThat(frames)
                    .isEqualTo("data: " + head
                            + "{\"index\":0,\"text\":\"a\",\"logprobs\":null,\"finish_reason\":null,"
                            + "\"stop_reason\":null,\"prompt_token_ids\":null,\"token_ids\":null}]}\n\n"
                            + "data: " + head
                            + "{\"index\":0,\"text\":\"b\",\"logprobs\":null,\"finish_reason\":\"length\","
                            + "\"stop_reason\":null,\"prompt_token_ids\":null,\"token_ids\":null}],"
                            + "\"system_fingerprint\":\"reprise-1.2.3-01234567\"}\n\n"
                            + "data: [DONE]\n\n");
        }
    }
}
