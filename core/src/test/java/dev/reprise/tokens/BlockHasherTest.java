package dev.reprise.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.runtime.InvariantViolation;
import dev.reprise.runtime.RandomSource;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockHasherTest {
    /** Golden values of NVIDIA Dynamo's router crate 1.6.1 for tokens 0..47 in blocks of 16 (unsalted). */
    @Test
    void namesBlocksAsDynamoDoes() {
        BlockHasher hasher = new BlockHasher(16);
        TokenIds tokens = TokenIds.of(IntStream.range(0, 48).toArray());

        SequenceHash[] hashes = hasher.sequence(tokens);

        assertThat(hasher.block(tokens.slice(0, 16)).value()).isEqualTo(unsigned("15310707395893867146"));
        assertThat(hasher.block(tokens.slice(16, 32)).value()).isEqualTo(unsigned("15292316782987903195"));
        assertThat(hasher.block(tokens.slice(32, 48)).value()).isEqualTo(unsigned("5532946206955930018"));
        assertThat(hashes)
                .containsExactly(
                        new SequenceHash(unsigned("15310707395893867146")),
                        new SequenceHash(unsigned("13769157705258532664")),
                        new SequenceHash(unsigned("11879827756109914528")));
    }

    @Test
    void aPartialLastBlockHasNoHash() {
        assertThat(new BlockHasher(16)
                        .sequence(TokenIds.of(IntStream.range(0, 31).toArray())))
                .hasSize(1);
        assertThat(new BlockHasher(16).sequence(TokenIds.empty())).isEmpty();
    }

    @Test
    void everyTokenBeforeABlockMatters() {
        BlockHasher hasher = new BlockHasher(4);
        RandomSource random = new RandomSource(7);
        int[] ids = IntStream.range(0, 16).map(_ -> random.nextInt(50_000)).toArray();
        SequenceHash[] original = hasher.sequence(TokenIds.of(ids));
        for (int changed = 0; changed < ids.length; changed++) {
            int[] other = ids.clone();
            other[changed]++;
            SequenceHash[] hashes = hasher.sequence(TokenIds.of(other));
            for (int block = 0; block < 4; block++) {
                boolean same = hashes[block].equals(original[block]);
                assertThat(same).as("token %d, block %d", changed, block).isEqualTo(changed / 4 > block);
            }
        }
    }

    @Test
    void saltsSeparate() {
        TokenIds tokens = TokenIds.of(1, 2, 3, 4);
        SequenceHash plain = new BlockHasher(4).sequence(tokens)[0];
        SequenceHash one = new BlockHasher(4, new CacheSalt(1, 2)).sequence(tokens)[0];
        SequenceHash two = new BlockHasher(4, new CacheSalt(1, 3)).sequence(tokens)[0];
        assertThat(plain).isNotEqualTo(one);
        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void refusesABlockOfAnotherLength() {
        BlockHasher hasher = new BlockHasher(4);
        assertThatThrownBy(() -> hasher.block(TokenIds.of(1, 2, 3)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("3 tokens, want 4");
    }

    @Test
    void chainsFromAParent() {
        BlockHasher hasher = new BlockHasher(2);
        TokenIds tokens = TokenIds.of(5, 6, 7, 8);
        SequenceHash[] whole = hasher.sequence(tokens);
        assertThat(hasher.chain(Optional.of(whole[0]), hasher.block(tokens.slice(2, 4))))
                .isEqualTo(whole[1]);
    }

    private static long unsigned(String decimal) {
        return Long.parseUnsignedLong(decimal);
    }
}
