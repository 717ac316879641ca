package dev.reprise.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** JSON between the request and the template: members keep their order, numbers their form. */
final class PythonJson {
    /** Values nested deeper than this are refused. */
    static final int MAX_DEPTH = 200;

    private PythonJson() {}

    /** The template's view of a JSON value. */
    static Object toValue(JsonNode node) {
        return toValue(node, 0);
    }

    private static Object toValue(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw TemplateErrors.evaluation("a value is nested deeper than " + MAX_DEPTH);
        }
        return switch (node.getNodeType()) {
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                node.isIntegralNumber() ? PythonNumbers.integer(node.bigIntegerValue()) : (Object) node.asDouble();
            case ARRAY -> {
                List<Object> items = new ArrayList<>(node.size());
                for (JsonNode item : node) {
                    items.add(toValue(item, depth + 1));
                }
                yield new ListValue(items);
            }
            case OBJECT -> {
                Map<Object, Object> members = new LinkedHashMap<>();
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    members.put(member.getKey(), toValue(member.getValue(), depth + 1));
                }
                yield new DictValue(members);
            }
            default -> None.NONE;
        };
    }

    /** How {@code json.dumps} lays a value out. */
    record Layout(
            boolean asciiOnly, Optional<String> indent, String itemSeparator, String keySeparator, boolean sortKeys) {
        static final Layout DEFAULT = new Layout(false, Optional.empty(), ", ", ": ", false);
    }

    /** {@code json.dumps(value)}. */
    static String dumps(Object value, Layout layout) {
        Writer writer = new Writer(layout);
        writer.write(value, 0);
        return writer.out.toString();
    }

    private static final class Writer {
        private final Layout layout;
        private final StringBuilder out = new StringBuilder();

        Writer(Layout layout) {
            this.layout = layout;
        }

        void write(Object value, int depth) {
            RenderState.checkText(out.length());
            if (depth > MAX_DEPTH) {
                throw TemplateErrors.evaluation("a value is nested deeper than " + MAX_DEPTH);
            }
            switch (value) {
                case String text -> string(text);
                case Boolean b -> out.append(b ? "true" : "false");
                case Double d -> out.append(number(d));
                case Number n -> out.append(n);
                case None _ -> out.append("null");
                case SequenceValue sequence -> array(sequence.items(), depth);
                case DictValue dict -> object(dict.members(), depth);
                default ->
                    throw PythonTypes.typeError(
                            "Object of type %s is not JSON serializable".formatted(PythonTypes.nameOf(value)));
            }
        }

        private static String number(double d) {
            if (Double.isNaN(d)) {
                return "NaN";
            }
            return Double.isInfinite(d) ? d > 0 ? "Infinity" : "-Infinity" : PythonNumbers.repr(d);
        }

        private void array(List<Object> items, int depth) {
            out.append('[');
            for (int i = 0; i < items.size(); i++) {
                separate(i, depth + 1);
                write(items.get(i), depth + 1);
            }
            end(items.isEmpty(), ']', depth);
        }

        private void object(Map<Object, Object> members, int depth) {
            List<Map.Entry<Object, Object>> entries = new ArrayList<>(members.entrySet());
            if (layout.sortKeys()) {
                entries.sort((a, b) -> PythonOperators.compare("<", a.getKey(), b.getKey()));
            }
            out.append('{');
            for (int i = 0; i < entries.size(); i++) {
                separate(i, depth + 1);
                string(String.valueOf(entries.get(i).getKey()));
                out.append(layout.keySeparator());
                write(entries.get(i).getValue(), depth + 1);
            }
            end(entries.isEmpty(), '}', depth);
        }

        private void separate(int index, int depth) {
            out.append(index == 0 ? "" : layout.itemSeparator());
            newLine(depth);
        }

        private void end(boolean empty, char close, int depth) {
            if (!empty) {
                newLine(depth);
            }
            out.append(close);
        }

        private void newLine(int depth) {
            layout.indent().ifPresent(indent -> out.append('\n').append(indent.repeat(depth)));
        }

        private void string(String text) {
            out.append('"');
            for (int i = 0; i < text.length(); i++) {
                character(text.charAt(i));
            }
            out.append('"');
        }

        private void character(char c) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < 0x20 || (layout.asciiOnly() && c > 0x7E)) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }
}
