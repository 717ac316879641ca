package dev.reprise.openai;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes JSON. Members keep their order: the order of a message's or a tool's members reaches the prompt.
 *
 * <p>Reading is strict: one object, UTF-8, no duplicate members, nesting to {@link #MAX_NESTING}, no unpaired
 * surrogates, which no tokenizer could encode. Thread-safe.
 */
public final class Json {
    /** How deep objects and arrays may nest. */
    public static final int MAX_NESTING = 100;

    private static final int MAX_NUMBER_CHARACTERS = 400;
    /** A small value costs many times its text: without this, one body of brackets could fill the heap. */
    private static final long MAX_PARTS = 2_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxNumberLength(MAX_NUMBER_CHARACTERS)
                            .maxTokenCount(MAX_PARTS)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** Writes one document. */
    @FunctionalInterface
    public interface Document {
        /** Writes to {@code out}, which is in memory and never fails. */
        void writeTo(JsonGenerator out);
    }

    /** The UTF-8 bytes of {@code document}. */
    public static byte[] write(Document document) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = MAPPER.createGenerator(bytes)) {
            document.writeTo(out);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a request's body.
     *
     * @throws ApiException with {@link ApiErrorCode#INVALID_JSON}, naming line, column and offset
     */
    public static ObjectNode readObject(byte[] body) {
        String text = decodeUtf8(body);
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw malformed(e, text);
        }
        if (!(node instanceof ObjectNode object)) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_JSON,
                    "the body must be a JSON object such as {\"model\": …}, was %s".formatted(Values.typeName(node)));
        }
        checkSurrogates(object, "");
        return object;
    }

    private static String decodeUtf8(byte[] body) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(body);
        CharBuffer out = CharBuffer.allocate(body.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_JSON,
                    "the body is not valid UTF-8: byte offset %d; send JSON encoded as UTF-8".formatted(in.position()));
        }
        return out.flip().toString();
    }

    private static ApiException malformed(JacksonException e, String text) {
        long offset = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
        String where = offset < 0
                ? ""
                : " at line %d, column %d (character offset %d of %d)"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), offset, text.length());
        String what = e instanceof StreamConstraintsException
                ? ("it is nested deeper than %d levels, has more than %d values, names and brackets, or has a number of"
                                + " more than %d or a name of more than 50000 characters")
                        .formatted(MAX_NESTING, MAX_PARTS, MAX_NUMBER_CHARACTERS)
                : firstLine(e.getOriginalMessage());
        return ApiException.of(ApiErrorCode.INVALID_JSON, "the body is not valid JSON%s: %s".formatted(where, what));
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        String line = end < 0 ? message : message.substring(0, end);
        // Where a bracket was opened is told without a source, so as nothing but a placeholder.
        return Values.abbreviate(line.replaceFirst(" \\(for \\w+ starting at .*", ""), 300);
    }

    private static void checkSurrogates(JsonNode node, String path) {
        if (node.isString()) {
            checkText(node.stringValue(), path);
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                JsonNode item = node.get(i);
                if (item.isContainer() || item.isString()) {
                    checkSurrogates(item, path + "[" + i + "]");
                }
            }
        } else if (node.isObject()) {
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                String name = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
                checkSurrogates(member.getValue(), name);
            }
        }
    }

    private static void checkText(String text, String path) {
        int i = 0;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw ApiException.of(
                        ApiErrorCode.INVALID_VALUE,
                        path,
                        "`%s` contains an unpaired surrogate \\u%04x at character %d, which is no text; remove it"
                                .formatted(Values.abbreviate(path, 100), codePoint, i));
            }
            i += Character.charCount(codePoint);
        }
    }
}
