package dev.reprise.tokenizer;

import java.util.Map;
import java.util.OptionalInt;

/**
 * The roles that {@code tokenizer_config.json} gives to tokens.
 *
 * @param ids from the member's name, such as {@code eos_token}, to the id
 */
public record SpecialTokens(Map<String, Integer> ids) {
    /** Copies the map. */
    public SpecialTokens {
        ids = Map.copyOf(ids);
    }

    /** The token that begins a text. */
    public OptionalInt begin() {
        return named("bos_token");
    }

    /** The token that ends a text. */
    public OptionalInt end() {
        return named("eos_token");
    }

    private OptionalInt named(String name) {
        Integer id = ids.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
