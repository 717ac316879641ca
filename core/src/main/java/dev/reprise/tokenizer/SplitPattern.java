package dev.reprise.tokenizer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A regular expression as a deterministic automaton that finds what a backtracking engine would find (leftmost, then by
 * priority of alternatives and greed), without ever going back over a character of a match.
 *
 * <p>Construction: the tree becomes a program of a non-deterministic machine (as in Pike's and RE2's engines). Code
 * points fall into classes that no set of the pattern tells apart. A state of the automaton is the ordered list of
 * program positions at which threads stand <em>before</em> the next character; the transition for a class first follows
 * the steps that consume nothing, judging look-ahead by that class (end of text is a class of its own), in order of
 * priority; a thread that reaches the match cuts off all behind it. So "a match ends here" belongs to the transition,
 * and look-ahead of one character costs nothing.
 *
 * <p>Immutable, thread-safe. One table look-up for each character.
 */
final class SplitPattern {
    static final int NO_MATCH = -1;

    private static final int MAX_STATES = 4096;
    private static final int DEAD = 0;
    private static final int START = 1;
    private static final int BLOCK_BITS = 8;

    private final int classCount;
    private final byte[] asciiClass = new byte[128];
    private final short[] blockOf;
    private final byte[] classInBlock;
    /** For state and class: next state, shifted left once, and whether a match ends before that character. */
    private final int[] transitions;

    private SplitPattern(Builder builder) {
        this.classCount = builder.classCount;
        this.blockOf = builder.blockOf;
        this.classInBlock = builder.classInBlock;
        this.transitions = builder.transitions;
        for (int c = 0; c < 128; c++) {
            asciiClass[c] = (byte) classOf(c);
        }
    }

    /** @throws UnsupportedPatternException naming what cannot be matched exactly */
    static SplitPattern compile(String pattern) {
        return compile(PatternParser.parse(pattern));
    }

    /** The pattern of one tree. */
    static SplitPattern compile(PatternNode tree) {
        return new SplitPattern(new Builder(tree));
    }

    /** Where the match ends that begins at {@code at}, or {@link #NO_MATCH}; the text is UTF-8 and ends at {@code to}. */
    int matchEnd(byte[] text, int at, int to) {
        int lastEnd = NO_MATCH;
        int state = START;
        int position = at;
        while (position < to) {
            byte lead = text[position];
            int codePointClass = lead >= 0 ? asciiClass[lead] : classOf(Utf8.codePointAt(text, position));
            int transition = transitions[state * (classCount + 1) + codePointClass];
            if ((transition & 1) != 0) {
                lastEnd = position;
            }
            state = transition >> 1;
            if (state == DEAD) {
                return lastEnd;
            }
            position += Utf8.lengthOf(lead);
        }
        return (transitions[state * (classCount + 1) + classCount] & 1) != 0 ? to : lastEnd;
    }

    private int classOf(int codePoint) {
        return classInBlock[(blockOf[codePoint >> BLOCK_BITS] << BLOCK_BITS) + (codePoint & 0xFF)];
    }

    /** One step of the program; {@code set} is -1 for a fork and a jump. */
    private record Step(Kind kind, int set, int next, int other) {}

    private enum Kind {
        CONSUME,
        NOT_FOLLOWED_BY,
        FORK,
        MATCH
    }

    private static final class Builder {
        private static final int MAX_STEPS = 4096;
        private static final int MAX_CLASSES = 127;

        private final List<Step> program = new ArrayList<>();
        private final List<CodePointSet> sets = new ArrayList<>();
        private final Map<List<Integer>, Integer> states = new HashMap<>();
        private final List<List<Integer>> pending = new ArrayList<>();
        private boolean[][] classInSet = new boolean[0][0];
        private final short[] blockOf = new short[(CodePointSet.MAX + 1) >> BLOCK_BITS];
        private byte[] classInBlock = new byte[0];
        private int classCount;
        private int[] transitions = new int[0];

        Builder(PatternNode tree) {
            int match = add(new Step(Kind.MATCH, -1, -1, -1));
            int entry = emit(tree, match);
            partition();
            explore(entry);
        }

        private int add(Step step) {
            if (program.size() == MAX_STEPS) {
                throw new UnsupportedPatternException("a regular expression of more than " + MAX_STEPS + " steps");
            }
            program.add(step);
            return program.size() - 1;
        }

        /** Adds the steps of {@code node}, which go on at {@code next}; returns where they begin. */
        private int emit(PatternNode node, int next) {
            return switch (node) {
                case PatternNode.One one -> add(new Step(Kind.CONSUME, setIndex(one.set()), next, -1));
                case PatternNode.NotFollowedBy not ->
                    add(new Step(Kind.NOT_FOLLOWED_BY, setIndex(not.set()), next, -1));
                case PatternNode.Sequence sequence -> {
                    int entry = next;
                    for (PatternNode part : sequence.parts().reversed()) {
                        entry = emit(part, entry);
                    }
                    yield entry;
                }
                case PatternNode.Choice choice -> {
                    int entry = emit(choice.options().getLast(), next);
                    for (int i = choice.options().size() - 2; i >= 0; i--) {
                        entry = add(
                                new Step(Kind.FORK, -1, emit(choice.options().get(i), next), entry));
                    }
                    yield entry;
                }
                case PatternNode.Repeat repeat -> emitRepeat(repeat, next);
            };
        }

        private int emitRepeat(PatternNode.Repeat repeat, int next) {
            int entry = next;
            if (repeat.most() == PatternNode.Repeat.UNBOUNDED) {
                int loop = add(new Step(Kind.FORK, -1, -1, -1));
                int body = emit(repeat.body(), loop);
                program.set(loop, fork(repeat.greedy(), body, next));
                entry = loop;
            } else {
                for (int i = repeat.least(); i < repeat.most(); i++) {
                    entry = add(fork(repeat.greedy(), emit(repeat.body(), entry), next));
                }
            }
            for (int i = 0; i < repeat.least(); i++) {
                entry = emit(repeat.body(), entry);
            }
            return entry;
        }

        private static Step fork(boolean greedy, int body, int next) {
            return greedy ? new Step(Kind.FORK, -1, body, next) : new Step(Kind.FORK, -1, next, body);
        }

        private int setIndex(CodePointSet set) {
            int known = sets.indexOf(set);
            if (known >= 0) {
                return known;
            }
            sets.add(set);
            return sets.size() - 1;
        }

        /** Numbers the classes of code points that no set tells apart, and lays out the table from code point to class. */
        private void partition() {
            int[] boundaries = sets.stream()
                    .flatMapToInt(set -> Arrays.stream(set.boundaries()))
                    .filter(bound -> bound <= CodePointSet.MAX)
                    .sorted()
                    .distinct()
                    .toArray();
            Map<List<Boolean>, Integer> classes = new HashMap<>();
            byte[] all = new byte[CodePointSet.MAX + 1];
            int from = 0;
            for (int i = 0; i <= boundaries.length; i++) {
                int to = i < boundaries.length ? boundaries[i] : CodePointSet.MAX + 1;
                if (to > from) {
                    Arrays.fill(all, from, to, (byte) classNumber(classes, from));
                }
                from = to;
            }
            classCount = classes.size();
            classInSet = new boolean[classCount + 1][sets.size()];
            classes.forEach((signature, number) -> {
                for (int set = 0; set < sets.size(); set++) {
                    classInSet[number][set] = signature.get(set);
                }
            });
            layOut(all);
        }

        private int classNumber(Map<List<Boolean>, Integer> classes, int codePoint) {
            List<Boolean> signature =
                    sets.stream().map(set -> set.contains(codePoint)).toList();
            Integer known = classes.get(signature);
            if (known != null) {
                return known;
            }
            if (classes.size() == MAX_CLASSES) {
                throw new UnsupportedPatternException(
                        "a regular expression that tells more than " + MAX_CLASSES + " classes of characters apart");
            }
            classes.put(signature, classes.size());
            return classes.size() - 1;
        }

        private void layOut(byte[] all) {
            Set<ByteBuffer> blocks = new LinkedHashSet<>();
            Map<ByteBuffer, Short> numbers = new HashMap<>();
            for (int block = 0; block < blockOf.length; block++) {
                ByteBuffer content = ByteBuffer.wrap(
                                Arrays.copyOfRange(all, block << BLOCK_BITS, (block + 1) << BLOCK_BITS))
                        .asReadOnlyBuffer();
                blocks.add(content);
                blockOf[block] = numbers.computeIfAbsent(content, _ -> (short) numbers.size());
            }
            classInBlock = new byte[blocks.size() << BLOCK_BITS];
            int at = 0;
            for (ByteBuffer block : blocks) {
                block.duplicate().get(classInBlock, at, 1 << BLOCK_BITS);
                at += 1 << BLOCK_BITS;
            }
        }

        private void explore(int entry) {
            stateOf(List.of());
            stateOf(List.of(entry));
            int stride = classCount + 1;
            for (int state = 0; state < pending.size(); state++) {
                transitions = Arrays.copyOf(transitions, (state + 1) * stride);
                for (int codePointClass = 0; codePointClass <= classCount; codePointClass++) {
                    transitions[state * stride + codePointClass] = transition(pending.get(state), codePointClass);
                }
            }
            for (int codePointClass = 0; codePointClass <= classCount; codePointClass++) {
                if ((transitions[START * stride + codePointClass] & 1) != 0) {
                    throw new UnsupportedPatternException("a regular expression that matches the empty text");
                }
            }
        }

        private int stateOf(List<Integer> threads) {
            Integer known = states.get(threads);
            if (known != null) {
                return known;
            }
            if (states.size() == MAX_STATES) {
                throw new UnsupportedPatternException("a regular expression of more than " + MAX_STATES + " states");
            }
            states.put(threads, states.size());
            pending.add(threads);
            return states.size() - 1;
        }

        private int transition(List<Integer> threads, int codePointClass) {
            Set<Integer> targets = new LinkedHashSet<>();
            boolean[] visited = new boolean[program.size()];
            boolean matched = false;
            for (int thread : threads) {
                matched = follow(thread, codePointClass, visited, targets);
                if (matched) {
                    break;
                }
            }
            return (stateOf(List.copyOf(targets)) << 1) | (matched ? 1 : 0);
        }

        /** Follows what consumes nothing, in order of priority; true as soon as the match is reached. */
        private boolean follow(int from, int codePointClass, boolean[] visited, Set<Integer> targets) {
            int[] stack = new int[2 * program.size() + 1];
            int depth = 0;
            stack[depth++] = from;
            while (depth > 0) {
                int at = stack[--depth];
                if (visited[at]) {
                    continue;
                }
                visited[at] = true;
                Step step = program.get(at);
                switch (step.kind()) {
                    case MATCH -> {
                        return true;
                    }
                    case CONSUME -> {
                        if (classInSet[codePointClass][step.set()]) {
                            targets.add(step.next());
                        }
                    }
                    case NOT_FOLLOWED_BY -> {
                        if (!classInSet[codePointClass][step.set()]) {
                            stack[depth++] = step.next();
                        }
                    }
                    case FORK -> {
                        stack[depth++] = step.other();
                        stack[depth++] = step.next();
                    }
                }
            }
            return false;
        }
    }
}
