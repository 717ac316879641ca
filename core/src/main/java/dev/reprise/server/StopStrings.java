package dev.reprise.server;

import java.util.List;
import java.util.Optional;

/**
 * Looks for stop strings in growing text and holds back what could be the beginning of one, so that no part of a stop
 * string is ever released. Not thread-safe. Costs, for each appended piece, the held text times the stop strings.
 */
final class StopStrings {
    private final List<String> stops;
    private final boolean include;
    private final StringBuilder held = new StringBuilder();
    private Optional<String> matched = Optional.empty();

    /** Watches for {@code stops}; {@code include}: release the stop string as well. */
    StopStrings(List<String> stops, boolean include) {
        this.stops = stops;
        this.include = include;
    }

    /** The text that became certain with {@code text}; after a match, the text before the stop string. */
    String append(String text) {
        if (stops.isEmpty() || matched.isPresent()) {
            return matched.isPresent() ? "" : text;
        }
        held.append(text);
        int start = findMatch();
        if (start >= 0) {
            int end = include ? start + matched.orElseThrow().length() : start;
            return release(end);
        }
        return release(held.length() - longestBeginning());
    }

    /** What is left at the end of the text. */
    String finish() {
        return matched.isPresent() ? "" : release(held.length());
    }

    /** The stop string that ended the text. */
    Optional<String> matched() {
        return matched;
    }

    private String release(int count) {
        String text = held.substring(0, count);
        held.delete(0, count);
        return text;
    }

    /** The first place where a stop string begins, or −1; of two at one place the one given first counts. */
    private int findMatch() {
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
                matched = Optional.of(stop);
            }
        }
        return first;
    }

    /** Length of the longest end of the held text that begins a stop string. */
    private int longestBeginning() {
        int longest = 0;
        for (String stop : stops) {
            int most = Math.min(stop.length() - 1, held.length());
            for (int length = most; length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
