package dev.reprise.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.KvEvent;
import dev.reprise.runtime.RandomSource;
import dev.reprise.testing.TestScale;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.SequenceHash;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random operations on a {@link BlockPool} and on its naive twin: both must agree after each of them. */
class BlockPoolRandomTest {
    private static final int BLOCK = 2;
    private static final List<CacheSalt> SALTS = List.of(new CacheSalt(1, 2), new CacheSalt(3, 4));

    private record Pair(BlockTable table, NaiveBlockPool.Table twin, TokenIds tokens) {}

    @Test
    void agreesWithTheNaiveTwin() {
        int rounds = TestScale.rounds(2_000, 100);
        for (int round = 0; round < rounds; round++) {
            new Run(round).run(150);
        }
    }

    private static final class Run {
        private final RandomSource random;
        private final List<KvEvent> events = new ArrayList<>();
        private final BlockPool pool;
        private final NaiveBlockPool twin;
        private final List<Pair> live = new ArrayList<>();
        private final Set<SequenceHash> replayed = new HashSet<>();

        Run(long seed) {
            random = new RandomSource(seed);
            int total = 1 + random.nextInt(14);
            pool = new BlockPool(
                    new BlockPoolOptions(total, BLOCK, true),
                    SequenceHasher.ofTokens(BLOCK),
                    new LruEviction(),
                    events::add);
            twin = new NaiveBlockPool(total, BLOCK);
        }

        void run(int operations) {
            for (int i = 0; i < operations; i++) {
                operate();
                pool.checkIntegrity();
                assertThat(pool.freeBlocks()).isEqualTo(twin.free());
                assertThat(pool.cachedBlocks()).isEqualTo(twin.idle());
                assertThat(pool.usedBlocks() + pool.freeBlocks() + pool.cachedBlocks())
                        .isEqualTo(pool.options().totalBlocks());
                assertThat(pool.snapshot()).hasSize(twin.cached.size());
                replay();
            }
        }

        private void operate() {
            int choice = random.nextInt(10);
            if (choice < 4 || live.isEmpty()) {
                open();
            } else if (choice < 8) {
                grow();
            } else {
                Pair pair = live.remove(random.nextInt(live.size()));
                pool.release(pair.table());
                twin.release(pair.twin());
            }
        }

        private void open() {
            int size = 1 + random.nextInt(12);
            int[] ids = new int[size];
            for (int i = 0; i < size; i++) {
                ids[i] = random.nextInt(2);
            }
            TokenIds tokens = TokenIds.of(ids);
            CacheSalt salt = SALTS.get(random.nextInt(2));
            PrefixMatch match = pool.match(tokens, salt);
            int hit = match.blocks().size();
            assertThat(hit).isEqualTo(twin.match(tokens, salt, (size - 1) / BLOCK));
            assertThat(pool.matchAll(tokens, salt).blocks()).hasSize(twin.match(tokens, salt, size / BLOCK));
            int more = pool.options().blocksFor(size) - hit;
            NaiveBlockPool.Table twinTable = twin.pin(tokens, salt, hit);
            boolean fits = twin.canExtend(more);
            assertThat(pool.canPin(match, more)).isEqualTo(fits);
            BlockTable table = pool.pin(match);
            Pair pair = new Pair(table, twinTable, tokens);
            live.add(pair);
            if (fits) {
                extend(pair, more);
            }
        }

        private void grow() {
            Pair pair = live.get(random.nextInt(live.size()));
            int committed = pair.table().committed();
            if (committed < pair.table().size()
                    && (committed + 1) * BLOCK <= pair.tokens().size()) {
                TokenIds block = pair.tokens().slice(committed * BLOCK, (committed + 1) * BLOCK);
                pool.commit(pair.table(), block);
                twin.commit(pair.twin(), block);
                return;
            }
            int more = 1 + random.nextInt(2);
            assertThat(pool.canExtend(more)).isEqualTo(twin.canExtend(more));
            if (twin.canExtend(more)) {
                extend(pair, more);
            }
        }

        private void extend(Pair pair, int blocks) {
            pool.extend(pair.table(), blocks);
            twin.extend(pair.twin(), blocks);
        }

        /** Whoever follows the events knows exactly what is cached, and never hears of a block twice or too late. */
        private void replay() {
            for (KvEvent event : events) {
                switch (event) {
                    case KvEvent.BlockStored stored -> {
                        assertThat(replayed.add(stored.block())).isTrue();
                        stored.parent().ifPresent(parent -> assertThat(replayed).contains(parent));
                    }
                    case KvEvent.BlocksRemoved removed ->
                        removed.blocks().forEach(block -> {
                            assertThat(replayed.remove(block)).isTrue();
                        });
                    case KvEvent.AllBlocksCleared _ -> replayed.clear();
                }
            }
            events.clear();
            Set<SequenceHash> held = new HashSet<>();
            pool.snapshot().forEach(stored -> held.add(stored.block()));
            assertThat(replayed).isEqualTo(held);
        }
    }
}
