package dev.reprise.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokenIdsTest {
    @Test
    void slicesCompareByContent() {
        TokenIds all = TokenIds.of(9, 1, 2, 3, 9);
        TokenIds slice = all.slice(1, 4);
        assertThat(slice).isEqualTo(TokenIds.of(1, 2, 3)).hasSameHashCodeAs(TokenIds.of(1, 2, 3));
        assertThat(slice.slice(1, 2)).isEqualTo(TokenIds.of(2));
        assertThat(slice.toArray()).containsExactly(1, 2, 3);
        assertThat(slice).isNotEqualTo(all);
    }

    @Test
    void doesNotShareTheCallersArray() {
        int[] ids = {1, 2};
        TokenIds tokens = TokenIds.of(ids);
        ids[0] = 7;
        assertThat(tokens.get(0)).isEqualTo(1);
    }

    @Test
    void staysInsideASlice() {
        TokenIds slice = TokenIds.of(1, 2, 3, 4).slice(1, 3);
        assertThatThrownBy(() -> slice.get(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.slice(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesNegativeIds() {
        assertThatThrownBy(() -> TokenIds.of(1, -5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("index 1")
                .hasMessageContaining("-5");
    }
}
