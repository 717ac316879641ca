package dev.reprise.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads recorded answers of the reference: gzip, one JSON document on a line. */
final class Goldens {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Goldens() {}

    static List<JsonNode> lines(InputStream zipped) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(zipped), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    static List<JsonNode> lines(Path file) throws IOException {
        return lines(Files.newInputStream(file));
    }

    /** Writes the unpacked {@code tokenizer.json.gz} of {@code folder} into {@code target}. */
    static Path unpackTokenizer(Path folder, Path target) throws IOException {
        Path file = target.resolve("tokenizer.json");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve("tokenizer.json.gz")))) {
            Files.copy(in, file);
        }
        return file;
    }

    static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).intValue();
        }
        return ids;
    }
}
