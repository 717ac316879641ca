package dev.reprise.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static ApiError errorOf(byte[] body) {
        return catchThrowableOfType(ApiException.class, () -> Json.readObject(body))
                .error();
    }

    private static ApiError errorOf(String body) {
        return errorOf(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void membersKeepTheirOrder() {
        String json = "{\"z\":1,\"a\":{\"y\":2,\"b\":[{\"x\":3,\"c\":4}]}}";
        assertThat(Json.readObject(json.getBytes(StandardCharsets.UTF_8)).toString())
                .isEqualTo(json);
    }

    @Test
    void malformedJsonNamesLineColumnAndOffset() {
        ApiError error = errorOf("{\"model\": \"m\",\n \"messages\": [}");
        assertThat(error.code()).isEqualTo(ApiErrorCode.INVALID_JSON);
        assertThat(error.message()).contains("line 2").contains("column 15").contains("character offset");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[",
                "{",
                "{\"a\":1,\"a\":2}",
                "{} {}",
                "[]",
                "7",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":\"\u0001\"}",
                "nul"
            })
    void whatIsNoObjectIsRefused(String body) {
        assertThat(errorOf(body).code()).isEqualTo(ApiErrorCode.INVALID_JSON);
    }

    @Test
    void bombsAreRefused() {
        assertThat(errorOf("{\"a\":" + "[".repeat(100_000)).message()).contains("nested deeper than 100");
        assertThat(errorOf("{\"a\":" + "9".repeat(100_000) + "}").message()).contains("number of more than");
    }

    @Test
    void invalidUtf8NamesTheByte() {
        byte[] body = "{\"a\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        body[6] = (byte) 0xC3;
        assertThat(errorOf(body).message()).contains("UTF-8").contains("byte offset 6");
        byte[] cut = {'{', '"', (byte) 0xE2, (byte) 0x82};
        assertThat(errorOf(cut).message()).contains("UTF-8");
    }

    @Test
    void unpairedSurrogatesAreNamedWhereverTheyAre() {
        for (String half : List.of("\\ud800", "\\udc00", "\\ud800x", "\\udc00\\ud800")) {
            ApiError error = errorOf("{\"m\":[{\"c\":\"a" + half + "\"}]}");
            assertThat(error.param()).contains("m[0].c");
        }
        assertThat(errorOf("{\"m\":{\"\\ud800\":1}}").message()).contains("surrogate");
        assertThat(Json.readObject("{\"a\":\"\\ud83d\\ude00\"}".getBytes(StandardCharsets.UTF_8))
                        .get("a")
                        .stringValue())
                .isEqualTo("\uD83D\uDE00");
    }

    @Test
    void errorsHaveTheFourMembersInOrder() {
        String json = new String(ApiError.of(ApiErrorCode.OVERLOADED, "m").toJson(), StandardCharsets.UTF_8);
        assertThat(json)
                .isEqualTo("{\"error\":{\"message\":\"m\",\"type\":\"service_unavailable_error\",\"param\":null,"
                        + "\"code\":\"overloaded\"}}");
    }

    @Test
    void manySmallValuesAreRefusedBeforeTheyFillTheHeap() {
        assertThat(errorOf("{\"prompt\":[" + "[],".repeat(1_500_000) + "[]]}").message())
                .contains("more than 2000000 values");
    }

    @Test
    void messagesTellNothingOfTheParser() {
        assertThat(errorOf("{\"messages\": [}").message())
                .contains("line 1, column 15", "expected ']'")
                .doesNotContain("Source", "Feature");
    }
}
