package dev.reprise.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds added tokens in a text: leftmost, and of those that begin at one place the longest. Immutable, thread-safe. */
final class AddedTokenMatcher {
    private final Node root = new Node();
    private final BitSet firstCharacters = new BitSet();

    /** Where {@code contents} says what each token looks like in the text. */
    AddedTokenMatcher(List<AddedToken> tokens, List<String> contents) {
        for (int i = 0; i < tokens.size(); i++) {
            String content = contents.get(i);
            if (content.isEmpty()) {
                continue;
            }
            Node node = root;
            for (int k = 0; k < content.length(); k++) {
                node = node.children.computeIfAbsent(content.charAt(k), _ -> new Node());
            }
            node.token = tokens.get(i);
            firstCharacters.set(content.charAt(0));
        }
    }

    /** A part of a text: a token, or text between tokens. */
    sealed interface Part {
        /** Text without added tokens, never empty. */
        record Text(String text) implements Part {}

        /** An added token. */
        record Token(int id) implements Part {}
    }

    List<Part> split(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<Part> parts = new ArrayList<>();
        int done = 0;
        int at = 0;
        while (at < text.length()) {
            AddedToken token = firstCharacters.get(text.charAt(at)) ? longestAt(text, at) : null;
            if (token == null) {
                at++;
                continue;
            }
            int start = at;
            at += lengthAt(text, at);
            if (token.singleWord() && (endsWithWord(text, start) || startsWithWord(text, at))) {
                continue;
            }
            if (token.leftStrip()) {
                start = Math.max(spaceBefore(text, start), done);
            }
            int end = token.rightStrip() ? spaceAfter(text, at) : at;
            if (done < start) {
                parts.add(new Part.Text(text.substring(done, start)));
            }
            parts.add(new Part.Token(token.id()));
            done = end;
        }
        if (done < text.length()) {
            parts.add(new Part.Text(text.substring(done)));
        }
        return parts;
    }

    private @Nullable AddedToken longestAt(String text, int from) {
        Node node = root;
        AddedToken longest = null;
        for (int i = from; i < text.length(); i++) {
            Node child = node.children.get(text.charAt(i));
            if (child == null) {
                break;
            }
            node = child;
            longest = node.token == null ? longest : node.token;
        }
        return longest;
    }

    private int lengthAt(String text, int from) {
        Node node = root;
        int length = 0;
        for (int i = from; i < text.length(); i++) {
            Node child = node.children.get(text.charAt(i));
            if (child == null) {
                break;
            }
            node = child;
            length = node.token == null ? length : i + 1 - from;
        }
        return length;
    }

    private static boolean endsWithWord(String text, int end) {
        return end > 0 && UnicodeSets.isWord(text.codePointBefore(end));
    }

    private static boolean startsWithWord(String text, int start) {
        return start < text.length() && UnicodeSets.isWord(text.codePointAt(start));
    }

    private static int spaceBefore(String text, int end) {
        int start = end;
        while (start > 0 && UnicodeSets.WHITESPACE.contains(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private static int spaceAfter(String text, int start) {
        int end = start;
        while (end < text.length() && UnicodeSets.WHITESPACE.contains(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static final class Node {
        private final Map<Character, Node> children = new HashMap<>(2);
        private @Nullable AddedToken token;
    }
}
