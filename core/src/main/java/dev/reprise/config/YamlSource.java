package dev.reprise.config;

import dev.reprise.runtime.FileFaults;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a YAML 1.2 file of nested sections into values with line numbers.
 *
 * <p>In values <code>${NAME}</code> stands for the environment variable NAME, and <code>$${</code> for a literal
 * <code>${</code>. Anchors and lists are refused, since no setting needs them. Not thread-safe; used once.
 */
final class YamlSource {
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\$\\{|\\{([A-Za-z_][A-Za-z0-9_]*)})");

    private final Path file;
    private final Map<String, String> environment;
    private final List<Problem> problems;
    private final List<RawValue> values = new ArrayList<>();

    /** Problems found are added to {@code problems}. */
    YamlSource(Path file, Map<String, String> environment, List<Problem> problems) {
        this.file = file;
        this.environment = environment;
        this.problems = problems;
    }

    /** All values of the file in order; fewer when there are problems. */
    List<RawValue> read() {
        text().flatMap(this::compose).ifPresent(root -> {
            if (root instanceof MappingNode mapping) {
                addMapping("", mapping);
            } else {
                add(
                        root,
                        "the file must hold sections with settings",
                        "write lines such as 'server:' and '  port: 8000'");
            }
        });
        return values;
    }

    private Optional<String> text() {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                problems.add(new Problem(file + " is larger than 1 MiB", "give a configuration file"));
                return Optional.empty();
            }
            return Optional.of(Files.readString(file));
        } catch (CharacterCodingException e) {
            problems.add(new Problem(file + " is not UTF-8 text", "save it in UTF-8"));
        } catch (IOException e) {
            problems.add(new Problem(
                    file + " " + FileFaults.describe(e),
                    "check the path given by --config or " + ConfigurationInputs.FILE_VARIABLE));
        }
        return Optional.empty();
    }

    private Optional<Node> compose(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setUseMarks(true)
                .build();
        try {
            return new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problems.add(
                    new Problem(new Origin.FileLine(file, line) + ": not YAML: " + e.getProblem(), "correct the line"));
        } catch (YamlEngineException e) {
            problems.add(new Problem(file + ": not YAML: " + e.getMessage(), "correct the file"));
        }
        return Optional.empty();
    }

    private void addMapping(String prefix, MappingNode mapping) {
        if (mapping.getAnchor().isPresent()) {
            add(mapping, "anchors are not supported", "write the values out");
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                addNode(prefix.isEmpty() ? key.getValue() : prefix + "." + key.getValue(), key, tuple.getValueNode());
            } else {
                add(tuple.getKeyNode(), "a key must be a word", "write a key of the reference page");
            }
        }
    }

    private void addNode(String path, ScalarNode key, Node value) {
        if (value instanceof MappingNode section) {
            addMapping(path, section);
        } else if (value instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            interpolate(path, scalar)
                    .ifPresent(text -> values.add(new RawValue(path, text, new Origin.FileLine(file, line(key)))));
        } else {
            add(key, path + " must have one value", "give a value or remove the line");
        }
    }

    private Optional<String> interpolate(String path, ScalarNode scalar) {
        Matcher matcher = VARIABLE.matcher(scalar.getValue());
        StringBuilder text = new StringBuilder();
        boolean complete = true;
        while (matcher.find()) {
            String name = matcher.group(2);
            String replacement = name == null ? "${" : environment.get(name);
            if (replacement == null) {
                add(scalar, path + " needs the environment variable " + name + ", which is not set", "set " + name);
                complete = false;
                replacement = "";
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(replacement));
        }
        matcher.appendTail(text);
        return complete ? Optional.of(text.toString()) : Optional.empty();
    }

    private void add(Node node, String message, String remedy) {
        problems.add(new Problem(new Origin.FileLine(file, line(node)) + ": " + message, remedy));
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
