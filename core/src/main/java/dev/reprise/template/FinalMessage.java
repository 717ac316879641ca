package dev.reprise.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last message of a conversation, to be continued: a mark is put at its end before the render, and the render is
 * cut there, so that whatever the template writes after a message is left out.
 */
record FinalMessage(String text) {
    private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG ";
    private static final String FIELD = "content";

    /** Puts the mark into {@code message}. */
    static FinalMessage mark(Map<Object, Object> message, String templateText) {
        if (!templateText.contains(FIELD)) {
            throw TemplateErrors.evaluation("continue_final_message is set but the template does not use 'content'");
        }
        Object content = message.get(FIELD);
        return switch (content) {
            case String text -> {
                message.put(FIELD, text + MARK);
                yield new FinalMessage(text);
            }
            case ListValue parts -> markLastText(message, parts.items());
            case null, default ->
                throw TemplateErrors.evaluation(
                        "continue_final_message is set but the final message has no content to continue");
        };
    }

    private static FinalMessage markLastText(Map<Object, Object> message, List<Object> parts) {
        List<Object> marked = new ArrayList<>(parts);
        for (int i = marked.size() - 1; i >= 0; i--) {
            if (marked.get(i) instanceof DictValue part && part.members().get("text") instanceof String text) {
                Map<Object, Object> members = new LinkedHashMap<>(part.members());
                members.put("text", text + MARK);
                marked.set(i, new DictValue(members));
                message.put(FIELD, new ListValue(marked));
                return new FinalMessage(text);
            }
        }
        throw TemplateErrors.evaluation("continue_final_message is set but the final message has no text to continue");
    }

    /** The render up to the mark. */
    String cut(String rendered) {
        int mark = rendered.lastIndexOf(MARK.strip());
        if (mark < 0 || !rendered.contains(PythonText.strip(text))) {
            throw TemplateErrors.evaluation(
                    "continue_final_message is set but the final message does not appear in the rendered chat");
        }
        String before = rendered.substring(0, mark);
        return rendered.startsWith(MARK, mark) ? before : PythonText.stripEnd(before);
    }
}
