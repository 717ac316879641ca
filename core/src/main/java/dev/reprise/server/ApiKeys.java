package dev.reprise.server;

import dev.reprise.identity.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The keys that are let in, and whose they are. Without any key everybody is let in as {@link TenantId#ANONYMOUS}.
 *
 * <p>Only SHA-256 hashes are held. A key is compared with every hash, each in constant time, so that the time of an
 * answer tells nothing of how near a guess was. Immutable, thread-safe; {@link #toString} shows no hash.
 */
public final class ApiKeys {
    /** Whom a key given without a tenant belongs to. */
    public static final TenantId DEFAULT_TENANT = new TenantId("default");

    private static final String BEARER = "Bearer ";
    private static final String HASHED = "sha256:";
    private static final int HASH_BYTES = 32;

    private final List<Entry> entries;
    private final int tenantCount;

    @SuppressWarnings("ArrayRecordComponent") // compared by MessageDigest.isEqual alone
    private record Entry(byte[] hash, TenantId tenant) {}

    private ApiKeys(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        this.tenantCount = (int) entries.stream().map(Entry::tenant).distinct().count();
    }

    /** Lets everybody in. */
    public static ApiKeys none() {
        return new ApiKeys(List.of());
    }

    /**
     * The keys of {@code --api-key}, each in the clear or as {@code sha256:HEX}, and the lines of {@code
     * --api-key-file}: key and tenant, separated by white space; empty lines and those that begin with # say nothing.
     *
     * @throws IllegalArgumentException naming the line at fault, never its key
     */
    public static ApiKeys of(List<String> keys, List<String> fileLines) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            entries.add(new Entry(hashOf(keys.get(i).strip(), "API key number " + (i + 1)), DEFAULT_TENANT));
        }
        for (int i = 0; i < fileLines.size(); i++) {
            String line = fileLines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(entry(line, "line " + (i + 1) + " of the API key file"));
            }
        }
        return new ApiKeys(entries);
    }

    /** Whether a key is asked for. */
    public boolean required() {
        return !entries.isEmpty();
    }

    /** How many tenants have keys. */
    public int tenantCount() {
        return tenantCount;
    }

    /** Whose key {@code authorization}, the header's value, carries; empty when it carries none that is known. */
    public Optional<TenantId> authenticate(Optional<String> authorization) {
        if (entries.isEmpty()) {
            return Optional.of(TenantId.ANONYMOUS);
        }
        String header = authorization.orElse("");
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        byte[] hash = sha256(header.substring(BEARER.length()).strip());
        Optional<TenantId> tenant = Optional.empty();
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.hash(), hash)) {
                tenant = Optional.of(entry.tenant());
            }
        }
        return tenant;
    }

    @Override
    public String toString() {
        return "ApiKeys[%d keys of %d tenants]".formatted(entries.size(), tenantCount);
    }

    private static Entry entry(String line, String where) {
        String[] parts = line.split("\\s+", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(
                    "%s must be a key and a tenant, has %d words".formatted(where, parts.length));
        }
        return new Entry(hashOf(parts[0], where), new TenantId(parts[1]));
    }

    private static byte[] hashOf(String key, String where) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException(where + " is empty");
        }
        if (!key.startsWith(HASHED)) {
            return sha256(key);
        }
        try {
            byte[] hash = HexFormat.of().parseHex(key.substring(HASHED.length()));
            if (hash.length == HASH_BYTES) {
                return hash;
            }
        } catch (IllegalArgumentException e) {
            // Said below; the message of the exception would show the key.
        }
        throw new IllegalArgumentException(where + ": sha256: must be followed by 64 hexadecimal digits");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform must have SHA-256: without it nobody can be let in.
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }
}
