package dev.reprise.kvcache;

import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link BlockPool} with LRU eviction does, written as plainly as possible: blocks are full paths of tokens, and
 * every question is answered by looking at all of them. Hashes do not occur.
 */
final class NaiveBlockPool {
    record Path(CacheSalt salt, List<TokenIds> blocks) {
        Optional<Path> parent() {
            return blocks.size() == 1
                    ? Optional.empty()
                    : Optional.of(new Path(salt, blocks.subList(0, blocks.size() - 1)));
        }
    }

    static final class Table {
        final CacheSalt salt;
        final List<TokenIds> committed = new ArrayList<>();
        int privateBlocks;

        Table(CacheSalt salt) {
            this.salt = salt;
        }

        Path path(int blocks) {
            return new Path(salt, List.copyOf(committed.subList(0, blocks)));
        }
    }

    final Map<Path, Long> cached = new HashMap<>();
    private final Set<Table> tables = new HashSet<>();
    private final int totalBlocks;
    private final int blockSizeTokens;
    private long uses;

    NaiveBlockPool(int totalBlocks, int blockSizeTokens) {
        this.totalBlocks = totalBlocks;
        this.blockSizeTokens = blockSizeTokens;
    }

    int match(TokenIds tokens, CacheSalt salt, int maxBlocks) {
        int hit = 0;
        while (hit < maxBlocks && cached.containsKey(new Path(salt, split(tokens, hit + 1)))) {
            hit++;
        }
        return hit;
    }

    List<TokenIds> split(TokenIds tokens, int blocks) {
        List<TokenIds> parts = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            parts.add(tokens.slice(i * blockSizeTokens, (i + 1) * blockSizeTokens));
        }
        return parts;
    }

    Table pin(TokenIds tokens, CacheSalt salt, int blocks) {
        Table table = new Table(salt);
        table.committed.addAll(split(tokens, blocks));
        tables.add(table);
        return table;
    }

    boolean isHeld(Path path) {
        return tables.stream()
                .anyMatch(table -> table.salt.equals(path.salt())
                        && table.committed.size() >= path.blocks().size()
                        && table.path(path.blocks().size()).equals(path));
    }

    int privateBlocks() {
        return tables.stream().mapToInt(table -> table.privateBlocks).sum();
    }

    int idle() {
        return (int) cached.keySet().stream().filter(path -> !isHeld(path)).count();
    }

    int free() {
        return totalBlocks - cached.size() - privateBlocks();
    }

    boolean canExtend(int blocks) {
        return free() + idle() >= blocks;
    }

    void extend(Table table, int blocks) {
        for (int i = 0; i < blocks; i++) {
            if (free() == 0) {
                Path victim = cached.keySet().stream()
                        .filter(path -> !isHeld(path))
                        .filter(path -> cached.keySet().stream()
                                .noneMatch(other -> other.parent().equals(Optional.of(path))))
                        .min(Comparator.comparing(cached::get))
                        .orElseThrow();
                cached.remove(victim);
            }
            table.privateBlocks++;
        }
    }

    void commit(Table table, TokenIds block) {
        table.privateBlocks--;
        table.committed.add(block);
        cached.putIfAbsent(table.path(table.committed.size()), -1L);
    }

    void release(Table table) {
        tables.remove(table);
        for (int blocks = table.committed.size(); blocks >= 1; blocks--) {
            Path path = table.path(blocks);
            if (!isHeld(path)) {
                cached.put(path, uses++);
            }
        }
    }
}
