package dev.reprise.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.engine.KvEvent;
import dev.reprise.engine.Tier;
import dev.reprise.runtime.InvariantViolation;
import dev.reprise.tokens.BlockHasher;
import dev.reprise.tokens.CacheSalt;
import dev.reprise.tokens.SequenceHash;
import dev.reprise.tokens.TokenIds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
    private static final CacheSalt SALT = new CacheSalt(1, 2);
    private static final CacheSalt OTHER_SALT = new CacheSalt(1, 3);

    private final List<KvEvent> events = new ArrayList<>();

    @Test
    void aFinishedSequenceIsFoundAgainUpToItsLastTokenButOne() {
        BlockPool pool = pool(4);
        run(pool, SALT, 1, 2, 3, 4);
        assertThat(pool.match(TokenIds.of(1, 2, 3, 4), SALT).blocks()).hasSize(1);
        assertThat(pool.match(TokenIds.of(1, 2, 3, 4, 5), SALT).blocks()).hasSize(2);
        assertThat(pool.matchAll(TokenIds.of(1, 2, 3, 4), SALT).blocks()).hasSize(2);
        assertThat(pool.match(TokenIds.of(1, 2, 9, 4, 5), SALT).blocks()).hasSize(1);
        assertThat(pool.match(TokenIds.of(3, 4, 5), SALT).blocks()).isEmpty();
    }

    @Test
    void anotherSaltFindsNothing() {
        BlockPool pool = pool(4);
        run(pool, SALT, 1, 2, 3, 4);
        assertThat(pool.match(TokenIds.of(1, 2, 3, 4, 5), OTHER_SALT).blocks()).isEmpty();
    }

    @Test
    void namesAreThoseOfTheTokensPackage() {
        BlockPool pool = pool(4);
        run(pool, SALT, 1, 2, 3, 4);
        SequenceHash[] names = new BlockHasher(2, SALT).sequence(TokenIds.of(1, 2, 3, 4));
        assertThat(pool.snapshot()).extracting(KvEvent.BlockStored::block).containsExactly(names);
    }

    @Test
    void collidingHashesNeverGiveAWrongHit() {
        SequenceHasher same = (salt, parent, block) -> new SequenceHash(7);
        BlockPool pool = new BlockPool(new BlockPoolOptions(8, 2, true), same, new LruEviction(), events::add);
        run(pool, SALT, 1, 2, 3, 4);
        assertThat(pool.snapshot()).hasSize(1);
        assertThat(pool.matchAll(TokenIds.of(1, 2), SALT).blocks()).hasSize(1);
        assertThat(pool.matchAll(TokenIds.of(3, 4), SALT).blocks())
                .as("other tokens")
                .isEmpty();
        assertThat(pool.matchAll(TokenIds.of(1, 2), OTHER_SALT).blocks())
                .as("other salt")
                .isEmpty();
        assertThat(pool.matchAll(TokenIds.of(1, 2, 1, 2), SALT).blocks())
                .as("other parent")
                .hasSize(1);
        run(pool, OTHER_SALT, 1, 2, 5, 6);
        pool.checkIntegrity();
        assertThat(pool.freeBlocks()).isEqualTo(7);
    }

    @Test
    void aHashMadeToCollideDeepInAChainIsCaughtByItsParent() {
        // The third block is named alike after any parent: only the chain tells the two apart.
        SequenceHasher weak = (salt, parent, block) -> new SequenceHash(
                block.get(0) == 9 ? 9 : 100 * parent.map(SequenceHash::value).orElse(0L) + block.get(0));
        BlockPool pool = new BlockPool(new BlockPoolOptions(8, 2, true), weak, new LruEviction(), events::add);
        run(pool, SALT, 1, 1, 9, 9);
        run(pool, SALT, 2, 2, 9, 9);
        assertThat(pool.matchAll(TokenIds.of(1, 1, 9, 9), SALT).blocks()).hasSize(2);
        assertThat(pool.matchAll(TokenIds.of(2, 2, 9, 9), SALT).blocks()).hasSize(1);
        pool.checkIntegrity();
    }

    @Test
    void twoSequencesComputingTheSameBlockShareTheFirst() {
        BlockPool pool = pool(4);
        BlockTable first = open(pool, SALT, 1, 2);
        BlockTable second = open(pool, SALT, 1, 2);
        assertThat(second.get(0)).isNotEqualTo(first.get(0));
        pool.commit(first, TokenIds.of(1, 2));
        pool.commit(second, TokenIds.of(1, 2));
        assertThat(second.get(0)).isEqualTo(first.get(0));
        assertThat(pool.usedBlocks()).isEqualTo(1);
        pool.release(first);
        assertThat(pool.usedBlocks()).isEqualTo(1);
        pool.release(second);
        assertThat(pool.cachedBlocks()).isEqualTo(1);
        assertThat(events).hasSize(1);
        pool.checkIntegrity();
    }

    @Test
    void tailsOfTheOldestSequenceAreEvictedFirst() {
        BlockPool pool = pool(4);
        run(pool, SALT, 1, 1, 2, 2);
        run(pool, SALT, 5, 5, 6, 6);
        SequenceHash[] old = new BlockHasher(2, SALT).sequence(TokenIds.of(1, 1, 2, 2));
        SequenceHash[] young = new BlockHasher(2, SALT).sequence(TokenIds.of(5, 5, 6, 6));
        events.clear();
        BlockTable table = pool.pin(pool.match(TokenIds.of(9), SALT));
        pool.extend(table, 4);
        assertThat(events).containsExactly(removed(old[1]), removed(old[0]), removed(young[1]), removed(young[0]));
        assertThat(pool.canExtend(1)).isFalse();
        pool.checkIntegrity();
    }

    @Test
    void heldBlocksAreNeverEvicted() {
        BlockPool pool = pool(3);
        run(pool, SALT, 1, 1, 2, 2);
        PrefixMatch match = pool.matchAll(TokenIds.of(1, 1, 2, 2), SALT);
        assertThat(pool.canPin(match, 1)).isTrue();
        assertThat(pool.canPin(match, 2)).isFalse();
        BlockTable held = pool.pin(match);
        BlockTable other = pool.pin(pool.match(TokenIds.of(9), SALT));
        pool.extend(other, 1);
        assertThat(pool.canExtend(1)).isFalse();
        assertThatThrownBy(() -> pool.extend(other, 1))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("1 blocks wanted");
        pool.release(held);
        pool.extend(other, 2);
        pool.checkIntegrity();
    }

    @Test
    void clearForgetsAllButLeavesHeldBlocksToTheirHolders() {
        BlockPool pool = pool(4);
        run(pool, SALT, 1, 1, 2, 2);
        BlockTable first = pool.pin(pool.match(TokenIds.of(1, 1, 3), SALT));
        BlockTable second = pool.pin(pool.match(TokenIds.of(1, 1, 4), SALT));
        pool.extend(first, 1);
        pool.clear();
        assertThat(events.getLast()).isEqualTo(new KvEvent.AllBlocksCleared());
        assertThat(pool.snapshot()).isEmpty();
        assertThat(pool.usedBlocks()).isEqualTo(2);
        pool.commit(first, TokenIds.of(3, 3));
        assertThat(pool.snapshot())
                .as("a block whose parent is unknown is not cached")
                .isEmpty();
        pool.release(first);
        pool.checkIntegrity();
        pool.release(second);
        assertThat(pool.freeBlocks()).isEqualTo(4);
        pool.checkIntegrity();
    }

    @Test
    void withoutPrefixCachingNothingIsKept() {
        BlockPool pool = new BlockPool(
                new BlockPoolOptions(4, 2, false), SequenceHasher.ofTokens(2), new LruEviction(), events::add);
        run(pool, SALT, 1, 2, 3, 4);
        assertThat(pool.freeBlocks()).isEqualTo(4);
        assertThat(pool.match(TokenIds.of(1, 2, 3), SALT).blocks()).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void misuseIsRefused() {
        BlockPool pool = pool(4);
        PrefixMatch stale = pool.match(TokenIds.of(1, 2, 3), SALT);
        BlockTable table = open(pool, SALT, 1, 2);
        assertThatThrownBy(() -> pool.pin(stale)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> pool.commit(table, TokenIds.of(1))).isInstanceOf(InvariantViolation.class);
        pool.release(table);
        assertThatThrownBy(() -> pool.release(table)).isInstanceOf(InvariantViolation.class);
    }

    private BlockPool pool(int totalBlocks) {
        return new BlockPool(
                new BlockPoolOptions(totalBlocks, 2, true), SequenceHasher.ofTokens(2), new LruEviction(), events::add);
    }

    private static BlockTable open(BlockPool pool, CacheSalt salt, int... ids) {
        TokenIds tokens = TokenIds.of(ids);
        PrefixMatch match = pool.match(tokens, salt);
        BlockTable table = pool.pin(match);
        pool.extend(table, pool.options().blocksFor(ids.length) - table.size());
        return table;
    }

    private static void run(BlockPool pool, CacheSalt salt, int... ids) {
        BlockTable table = open(pool, salt, ids);
        TokenIds tokens = TokenIds.of(ids);
        while ((table.committed() + 1) * 2 <= ids.length) {
            pool.commit(table, tokens.slice(2 * table.committed(), 2 * table.committed() + 2));
        }
        pool.release(table);
    }

    private static KvEvent removed(SequenceHash block) {
        return new KvEvent.BlocksRemoved(List.of(block), Tier.G1);
    }
}
