package dev.reprise.tokens;

import dev.reprise.runtime.Checks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one formula for salts: HMAC-SHA-256 under the deployment's secret, cut to its first 128 bits.
 *
 * <p>The message is the fields (model, revision, adapter, scope, client's {@code cache_salt}) in this order, each with a
 * presence byte and, when present, its length as a 32-bit big-endian integer before its UTF-8 bytes, so that no two
 * different field lists give the same message. All processes that share blocks need the same secret. Thread-safe.
 */
public final class CacheSaltFormula {
    private static final String ALGORITHM = "HmacSHA256";
    /** The shortest secret accepted, bytes. */
    public static final int MIN_SECRET_BYTES = 16;

    private final SecretKeySpec key;

    /**
     * Uses {@code secret} as the key.
     *
     * @throws IllegalArgumentException when it is shorter than {@link #MIN_SECRET_BYTES}
     */
    public CacheSaltFormula(byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the cache secret must have at least %d bytes, has %d".formatted(MIN_SECRET_BYTES, secret.length));
        }
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /** What a salt separates. {@code revision} names the weights; the rest is absent where it does not apply. */
    public record Inputs(
            String model, String revision, Optional<String> adapter, CacheScope scope, Optional<String> clientSalt) {}

    /** The salt for {@code inputs}. */
    public CacheSalt salt(Inputs inputs) {
        Mac mac = mac();
        add(mac, Optional.of(inputs.model()));
        add(mac, Optional.of(inputs.revision()));
        add(mac, inputs.adapter());
        add(
                mac,
                switch (inputs.scope()) {
                    case CacheScope.Shared _ -> Optional.empty();
                    case CacheScope.PerTenant(var tenant) -> Optional.of(tenant.value());
                });
        add(mac, inputs.clientSalt());
        ByteBuffer digest = ByteBuffer.wrap(mac.doFinal());
        return new CacheSalt(digest.getLong(), digest.getLong());
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            // Every Java platform must have HmacSHA256: without it nothing may be cached.
            throw new IllegalStateException("this Java runtime lacks " + ALGORITHM, e);
        }
    }

    private static void add(Mac mac, Optional<String> field) {
        mac.update((byte) (field.isPresent() ? 1 : 0));
        if (field.isPresent()) {
            byte[] bytes = field.get().getBytes(StandardCharsets.UTF_8);
            Checks.check(bytes.length < 1 << 20, "salt field of %d bytes", bytes.length);
            mac.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            mac.update(bytes);
        }
    }
}
