package dev.reprise.template;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Filters that make text. */
final class TextFilters {
    private TextFilters() {}

    /** Upper case after white space and opening brackets, lower case elsewhere. */
    static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean wordStart = true;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (c == '-' || c == '(' || c == '{' || c == '[' || c == '<' || PythonText.isSpace(c)) {
                out.appendCodePoint(c);
                wordStart = true;
                continue;
            }
            int end = at;
            if (wordStart) {
                out.append(PythonText.upper(Character.toString(c)));
            } else {
                end = wordEnd(text, at);
                out.append(PythonText.lower(text.substring(at - Character.charCount(c), end)));
            }
            at = end;
            wordStart = false;
        }
        return out.toString();
    }

    private static int wordEnd(String text, int from) {
        int end = from;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (c == '-' || c == '(' || c == '{' || c == '[' || c == '<' || PythonText.isSpace(c)) {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    static Object indent(Object value, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(0, "width", "first", "blank");
        if (!(value instanceof String text)) {
            throw value instanceof Undefined undefined
                    ? undefined.failure()
                    : PythonTypes.typeError("indent needs a str, not " + PythonTypes.nameOf(value));
        }
        String indention = bound[0] instanceof String given
                ? given
                : " ".repeat(Math.clamp(bound[0] == null ? 4 : PythonNumbers.toLong(bound[0]), 0, 1000));
        boolean first = bound[1] != null && PythonTypes.isTrue(bound[1]);
        boolean blank = bound[2] != null && PythonTypes.isTrue(bound[2]);
        List<Object> lines = PythonText.lines(text + "\n", false);
        StringBuilder out = new StringBuilder(first ? indention : "");
        for (int i = 0; i < lines.size(); i++) {
            String line = PythonText.str(lines.get(i));
            boolean indented = i > 0 && (blank || !line.isEmpty());
            out.append(i > 0 ? "\n" : "").append(indented ? indention : "").append(line);
            RenderState.checkText(out.length());
        }
        return out.toString();
    }

    static Object replace(Object value, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(2, "old", "new", "count");
        long count = bound[2] == null || bound[2] == None.NONE ? -1 : PythonNumbers.toLong(bound[2]);
        return StringMethods.replace(
                PythonText.str(value),
                PythonText.str(StringMethods.required(bound[0])),
                PythonText.str(StringMethods.required(bound[1])),
                count);
    }

    static Object toJson(Object value, CallArguments arguments) {
        @Nullable Object[] bound = arguments.bind(0, "ensure_ascii", "indent", "separators", "sort_keys");
        Optional<String> indent = indentOf(bound[1]);
        String itemSeparator = indent.isPresent() ? "," : ", ";
        String keySeparator = ": ";
        if (bound[2] != null && bound[2] != None.NONE) {
            if (!(bound[2] instanceof SequenceValue pair)
                    || pair.items().size() != 2
                    || !(pair.items().get(0) instanceof String item)
                    || !(pair.items().get(1) instanceof String key)) {
                throw TemplateErrors.evaluation("tojson: separators must be two strings");
            }
            itemSeparator = item;
            keySeparator = key;
        }
        boolean asciiOnly = bound[0] != null && PythonTypes.isTrue(bound[0]);
        boolean sortKeys = bound[3] != null && PythonTypes.isTrue(bound[3]);
        return PythonJson.dumps(value, new PythonJson.Layout(asciiOnly, indent, itemSeparator, keySeparator, sortKeys));
    }

    private static Optional<String> indentOf(@Nullable Object indent) {
        if (indent == null || indent == None.NONE) {
            return Optional.empty();
        }
        return Optional.of(
                indent instanceof String text ? text : " ".repeat(Math.clamp(PythonNumbers.toLong(indent), 0, 1000)));
    }
}
