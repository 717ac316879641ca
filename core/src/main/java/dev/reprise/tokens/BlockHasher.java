package dev.reprise.tokens;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.reprise.runtime.Checks;
import java.util.Optional;

/**
 * The one place where tokens are hashed.
 *
 * <p>Block hash: XXH3-64 (seed 1337) over the salt's 16 bytes followed by the block's ids as little-endian 32-bit
 * integers; an absent salt contributes no bytes. Sequence hash of the first block: its block hash; of every later one:
 * XXH3-64 (seed 1337) over the parent's sequence hash and the block hash, 64 bits little-endian each. Seed and chaining
 * are those of NVIDIA Dynamo's router, so that without a salt both systems name a block alike. Thread-safe.
 */
public final class BlockHasher {
    private static final Hasher64 XXH3 = Hashing.xxh3_64(1337L);

    private final int blockSizeTokens;
    private final byte[] salt;

    /** Hashes blocks of {@code blockSizeTokens} (≥ 1) without a salt. */
    public BlockHasher(int blockSizeTokens) {
        this(blockSizeTokens, new byte[0]);
    }

    /** Hashes blocks of {@code blockSizeTokens} (≥ 1) under {@code salt}. */
    public BlockHasher(int blockSizeTokens, CacheSalt salt) {
        this(blockSizeTokens, salt.toBytes());
    }

    private BlockHasher(int blockSizeTokens, byte[] salt) {
        Checks.check(blockSizeTokens >= 1, "blockSizeTokens must be at least 1, was %d", blockSizeTokens);
        this.blockSizeTokens = blockSizeTokens;
        this.salt = salt;
    }

    /** Tokens per block. */
    public int blockSizeTokens() {
        return blockSizeTokens;
    }

    /**
     * Hashes one full block.
     *
     * @throws dev.reprise.runtime.InvariantViolation when {@code block} is not exactly one block long
     */
    public BlockHash block(TokenIds block) {
        Checks.check(block.size() == blockSizeTokens, "block of %d tokens, want %d", block.size(), blockSizeTokens);
        byte[] bytes = new byte[salt.length + 4 * blockSizeTokens];
        System.arraycopy(salt, 0, bytes, 0, salt.length);
        for (int i = 0, at = salt.length; i < blockSizeTokens; i++, at += 4) {
            putInt(bytes, at, block.get(i));
        }
        return new BlockHash(XXH3.hashBytesToLong(bytes));
    }

    /** The sequence hash of a block after {@code parent}; the first block of a sequence has none. */
    public SequenceHash chain(Optional<SequenceHash> parent, BlockHash block) {
        if (parent.isEmpty()) {
            return new SequenceHash(block.value());
        }
        byte[] bytes = new byte[16];
        putLong(bytes, 0, parent.get().value());
        putLong(bytes, 8, block.value());
        return new SequenceHash(XXH3.hashBytesToLong(bytes));
    }

    /** The sequence hashes of all full blocks of {@code tokens}, first to last; a last partial block has none. */
    public SequenceHash[] sequence(TokenIds tokens) {
        SequenceHash[] hashes = new SequenceHash[tokens.size() / blockSizeTokens];
        Optional<SequenceHash> parent = Optional.empty();
        for (int i = 0; i < hashes.length; i++) {
            BlockHash block = block(tokens.slice(i * blockSizeTokens, (i + 1) * blockSizeTokens));
            hashes[i] = chain(parent, block);
            parent = Optional.of(hashes[i]);
        }
        return hashes;
    }

    private static void putInt(byte[] bytes, int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }

    private static void putLong(byte[] bytes, int at, long value) {
        for (int i = 0; i < 8; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }
}
