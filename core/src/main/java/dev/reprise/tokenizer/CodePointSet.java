package dev.reprise.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** An immutable set of Unicode code points, kept as sorted ranges. */
final class CodePointSet {
    static final int MAX = Character.MAX_CODE_POINT;
    static final CodePointSet ALL = new CodePointSet(new int[] {0, MAX + 1});

    /** Ends of ranges: in from bounds[0], out from bounds[1], in from bounds[2] … */
    private final int[] bounds;

    private CodePointSet(int[] bounds) {
        this.bounds = bounds;
    }

    static CodePointSet of(int codePoint) {
        return range(codePoint, codePoint);
    }

    /** {@code first} to {@code last}, both included. */
    static CodePointSet range(int first, int last) {
        return new CodePointSet(new int[] {first, last + 1});
    }

    /** All code points for which {@code member} holds; looks at each. */
    static CodePointSet where(IntPredicate member) {
        List<Integer> found = new ArrayList<>();
        boolean inside = false;
        for (int c = 0; c <= MAX; c++) {
            if (member.test(c) != inside) {
                inside = !inside;
                found.add(c);
            }
        }
        if (inside) {
            found.add(MAX + 1);
        }
        return new CodePointSet(found.stream().mapToInt(Integer::intValue).toArray());
    }

    boolean contains(int codePoint) {
        int at = Arrays.binarySearch(bounds, codePoint);
        int rangesBegun = at >= 0 ? at + 1 : -at - 1;
        return (rangesBegun & 1) == 1;
    }

    CodePointSet union(CodePointSet other) {
        return combine(other, (mine, theirs) -> mine || theirs);
    }

    CodePointSet complement() {
        return combine(ALL, (mine, all) -> all && !mine);
    }

    boolean intersects(CodePointSet other) {
        return combine(other, (mine, theirs) -> mine && theirs).bounds.length > 0;
    }

    /** Where membership changes, ascending. */
    int[] boundaries() {
        return bounds.clone();
    }

    private CodePointSet combine(CodePointSet other, BooleanOperator operator) {
        int[] result = new int[bounds.length + other.bounds.length];
        int size = 0;
        boolean inside = false;
        int i = 0;
        int j = 0;
        while (i < bounds.length || j < other.bounds.length) {
            int mine = i < bounds.length ? bounds[i] : Integer.MAX_VALUE;
            int theirs = j < other.bounds.length ? other.bounds[j] : Integer.MAX_VALUE;
            int at = Math.min(mine, theirs);
            i += mine == at ? 1 : 0;
            j += theirs == at ? 1 : 0;
            boolean nowInside = operator.apply((i & 1) == 1, (j & 1) == 1);
            if (nowInside != inside) {
                result[size++] = at;
                inside = nowInside;
            }
        }
        return new CodePointSet(Arrays.copyOf(result, size));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePointSet that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @FunctionalInterface
    private interface BooleanOperator {
        boolean apply(boolean mine, boolean theirs);
    }
}
