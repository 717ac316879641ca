package dev.reprise.config;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody most likely meant to write. */
public final class NearestMatch {
    private NearestMatch() {}

    /** The candidate fewest edits away from {@code written}, when that is at most a third of its length (or 2). */
    public static Optional<String> of(String written, Collection<String> candidates) {
        int limit = Math.max(2, written.length() / 3);
        String best = "";
        int bestEdits = limit + 1;
        for (String candidate : candidates) {
            int edits = edits(written, candidate);
            if (edits < bestEdits) {
                best = candidate;
                bestEdits = edits;
            }
        }
        return bestEdits > limit ? Optional.empty() : Optional.of(best);
    }

    /** Insertions, deletions, substitutions and swaps of neighbours between two words. */
    private static int edits(String from, String to) {
        int[][] distance = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                distance[i][j] = Math.min(i, j) == 0 ? Math.max(i, j) : cheapest(distance, from, to, i, j);
            }
        }
        return distance[from.length()][to.length()];
    }

    private static int cheapest(int[][] distance, String from, String to, int i, int j) {
        int substitution = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int edits =
                Math.min(distance[i - 1][j - 1] + substitution, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(edits, distance[i - 2][j - 2] + 1) : edits;
    }
}
