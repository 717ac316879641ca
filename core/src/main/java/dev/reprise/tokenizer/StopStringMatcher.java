package dev.reprise.tokenizer;

import java.util.List;
import java.util.Optional;

/**
 * Watches a stream of text for stop strings and holds back what may still become one.
 *
 * <p>One automaton for each stop string (Knuth, Morris, Pratt): it knows the longest beginning of the string at the end
 * of the text, and the longest over all is exactly what is held back. Time for a character is constant on average for
 * each stop string; memory is bounded by the stop strings and one appended text. The stop string that ends first wins; of several that end at one place,
 * the longest. Not thread-safe.
 */
public final class StopStringMatcher {
    /** More stop strings than this are refused. */
    public static final int MAX_STOP_STRINGS = 16;
    /** Longer stop strings than this are refused, characters. */
    public static final int MAX_STOP_LENGTH = 1024;

    private final List<String> stops;
    private final boolean includeStop;
    private final int[][] failure;
    private final int[] matchedLength;
    private final StringBuilder held = new StringBuilder();
    private Optional<String> stop = Optional.empty();

    /**
     * Watches for {@code stops}.
     *
     * @param includeStop release the stop string itself as well
     * @throws IllegalArgumentException when a stop string is empty or too long, or there are too many
     */
    public StopStringMatcher(List<String> stops, boolean includeStop) {
        if (stops.size() > MAX_STOP_STRINGS) {
            throw new IllegalArgumentException(
                    "stop: at most %d stop strings, were %d".formatted(MAX_STOP_STRINGS, stops.size()));
        }
        for (String text : stops) {
            if (text.isEmpty() || text.length() > MAX_STOP_LENGTH) {
                throw new IllegalArgumentException("stop: a stop string must have 1 to %d characters, had %d"
                        .formatted(MAX_STOP_LENGTH, text.length()));
            }
        }
        this.stops = List.copyOf(stops);
        this.includeStop = includeStop;
        this.matchedLength = new int[stops.size()];
        this.failure = stops.stream().map(StopStringMatcher::failureOf).toArray(int[][]::new);
    }

    /** Takes more text; returns what is certain not to belong to a stop string. After a stop: nothing, ever. */
    public String append(String text) {
        if (stop.isPresent()) {
            return "";
        }
        for (int i = 0; i < text.length(); i++) {
            held.append(text.charAt(i));
            int longest = advance(text.charAt(i));
            if (longest >= 0) {
                return stopAt(stops.get(longest));
            }
        }
        return release(held.length() - longestBeginning());
    }

    /** The stream ended: returns what was held back. */
    public String finish() {
        return release(held.length());
    }

    /** The stop string that was found. */
    public Optional<String> matchedStop() {
        return stop;
    }

    private String stopAt(String found) {
        stop = Optional.of(found);
        String released = release(includeStop ? held.length() : held.length() - found.length());
        held.setLength(0);
        return released;
    }

    /** Moves every pattern on by one character; the index of the longest that is complete, or -1. */
    private int advance(char next) {
        int longest = -1;
        for (int i = 0; i < matchedLength.length; i++) {
            String pattern = stops.get(i);
            int length = matchedLength[i];
            while (length > 0 && pattern.charAt(length) != next) {
                length = failure[i][length];
            }
            length += pattern.charAt(length) == next ? 1 : 0;
            matchedLength[i] = length;
            boolean complete = length == pattern.length();
            if (complete && (longest < 0 || length > stops.get(longest).length())) {
                longest = i;
            }
        }
        return longest;
    }

    private int longestBeginning() {
        int longest = 0;
        for (int length : matchedLength) {
            longest = Math.max(longest, length);
        }
        return longest;
    }

    private String release(int length) {
        String released = held.substring(0, length);
        held.delete(0, length);
        return released;
    }

    /** For each matched length, the next shorter beginning of the pattern that also ends there (Knuth, Morris, Pratt). */
    private static int[] failureOf(String pattern) {
        int[] failure = new int[pattern.length() + 1];
        int length = 0;
        for (int i = 1; i < pattern.length(); i++) {
            while (length > 0 && pattern.charAt(i) != pattern.charAt(length)) {
                length = failure[length];
            }
            length += pattern.charAt(i) == pattern.charAt(length) ? 1 : 0;
            failure[i + 1] = length;
        }
        return failure;
    }
}
