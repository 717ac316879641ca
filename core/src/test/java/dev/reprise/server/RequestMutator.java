package dev.reprise.server;

import dev.reprise.runtime.RandomSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;

/** Draws request bodies: good ones, and ones with values, bytes, lengths or fields changed. */
final class RequestMutator {
    private static final List<String> SEEDS = List.of("""
            {"model":"tiny-llama","messages":[{"role":"system","content":"You are terse."},{"role":"user","content":\
            [{"type":"text","text":"How"},{"type":"text","text":"are \\u00e9 you"}]}],"temperature":0.5,"top_p":0.9,\
            "top_k":5,"seed":7,"max_tokens":6,"stop":["x","yz"],"stream":true,"stream_options":{"include_usage":true},\
            "logprobs":true,"top_logprobs":3,"n":2,"cache_salt":"s","priority":-1,"user":"u"}""", """
            {"messages":[{"role":"user","content":"x"}],"chat_template_kwargs":{"a":[1,2,{"b":null}]},\
            "add_generation_prompt":false,"continue_final_message":true,"max_completion_tokens":3}""", """
            {"model":"tiny-llama","prompt":"Once there was a","temperature":0,"max_tokens":4,"ignore_eos":true,\
            "stop":"o","include_stop_str_in_output":true,"logprobs":2,"return_token_ids":true}""", """
            {"prompt":[[1,2,3],[4,5]],"max_tokens":3,"stop_token_ids":[101],"stream":true,"n":2}""", """
            {"prompt":["a","b"],"max_tokens":2,"echo":false,"response_format":{"type":"text"},"tools":[],"min_p":0}""", """
            {"prompt":"the of and","add_special_tokens":false,"return_token_strs":true}""", """
            {"tokens":[89,371,398],"model":"alias"}""");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1",
            "1.5",
            "1e999",
            "-1e999",
            "1e-400",
            "NaN",
            "Infinity",
            "99999999999999999999999999",
            "2147483648",
            "-9223372036854775809",
            "\"\"",
            "\"x\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "[1,\"a\"]",
            "[{}]",
            "{\"type\":\"image_url\"}",
            "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]",
            "{\"type\":\"json_object\"}",
            "\"auto\"",
            "[99999]",
            "\"\\uD83D\\uDE00\"",
            "0.0",
            "12.0",
            "-0");

    private RequestMutator() {}

    static byte[] draw(RandomSource random) {
        return mutate(SEEDS.get(random.nextInt(SEEDS.size())), random);
    }

    private static byte[] mutate(String seed, RandomSource random) {
        byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
        int mutations = random.nextInt(4);
        for (int i = 0; i < mutations; i++) {
            bytes = switch (random.nextInt(6)) {
                case 0 -> replaceValue(bytes, random);
                case 1 -> replaceValue(bytes, random);
                case 2 -> flip(bytes, random);
                case 3 -> cut(bytes, random);
                case 4 -> repeat(bytes, random);
                default -> addField(bytes, random);
            };
        }
        return bytes;
    }

    /** Replaces what follows a colon, up to the next comma or brace, by a value from the list. */
    private static byte[] replaceValue(byte[] bytes, RandomSource random) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<Integer> colons = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ':') {
                colons.add(i + 1);
            }
        }
        if (colons.isEmpty()) {
            return bytes;
        }
        int start = colons.get(random.nextInt(colons.size()));
        int depth = 0;
        int end = start;
        while (end < text.length()) {
            char c = text.charAt(end);
            if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
                break;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            end++;
        }
        String value = VALUES.get(random.nextInt(VALUES.size()));
        return (text.substring(0, start) + value + text.substring(end)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] flip(byte[] bytes, RandomSource random) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static byte[] cut(byte[] bytes, RandomSource random) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }

    private static byte[] repeat(byte[] bytes, RandomSource random) {
        if (bytes.length == 0) {
            return bytes;
        }
        int from = random.nextInt(bytes.length);
        int length = random.nextInt(bytes.length - from) + 1;
        int times = random.nextInt(10) == 0 ? 300 : 2;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        for (int i = 0; i < times; i++) {
            out.write(bytes, from, length);
        }
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }

    private static byte[] addField(byte[] bytes, RandomSource random) {
        List<String> names = List.of(
                "tools",
                "tool_choice",
                "response_format",
                "echo",
                "n",
                "logprobs",
                "top_logprobs",
                "stop",
                "seed",
                "stop_token_ids",
                "stream",
                "max_tokens",
                "cache_salt",
                "request_id",
                "min_tokens",
                "logit_bias",
                "prompt",
                "messages",
                "frobnicate",
                "best_of",
                "temperature",
                "top_k");
        String field = "{\"%s\":%s,"
                .formatted(names.get(random.nextInt(names.size())), VALUES.get(random.nextInt(VALUES.size())));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.replaceFirst("\\{", Matcher.quoteReplacement(field)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
