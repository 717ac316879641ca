package dev.reprise.engine;

import dev.reprise.tokens.SequenceHash;
import dev.reprise.tokens.TokenIds;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * One block with its bytes.
 *
 * @param block its identity
 * @param parent the block before it; absent for the first
 * @param tokens the block's token ids: whoever reuses the bytes confirms by them
 * @param bytes {@link KvLayout#blockBytes} bytes, read-only, valid as long as the receiver holds it
 */
public record KvBlockData(SequenceHash block, Optional<SequenceHash> parent, TokenIds tokens, MemorySegment bytes) {}
