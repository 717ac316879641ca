package dev.reprise.engine.local;

import dev.reprise.engine.KvBlockData;
import dev.reprise.engine.KvExportRequest;
import dev.reprise.engine.KvExportResult;
import dev.reprise.engine.KvImportRequest;
import dev.reprise.engine.KvImportResult;
import dev.reprise.engine.NumericFingerprint;
import dev.reprise.kvcache.BlockPool;
import dev.reprise.kvcache.BlockTable;
import dev.reprise.kvcache.CachedBlock;
import dev.reprise.kvcache.PrefixMatch;
import dev.reprise.tokens.BlockHasher;
import dev.reprise.tokens.SequenceHash;
import dev.reprise.tokens.TokenIds;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Copies cached blocks out of a pool and into it. Confined to the engine's owner, between steps. */
final class BlockTransfer {
    private final BlockPool pool;
    private final BlockBytes bytes;
    private final NumericFingerprint fingerprint;

    BlockTransfer(BlockPool pool, BlockBytes bytes, NumericFingerprint fingerprint) {
        this.pool = pool;
        this.bytes = bytes;
        this.fingerprint = fingerprint;
    }

    /** The leading blocks that are held. Their bytes are copies, collected with the result. */
    KvExportResult export(KvExportRequest request) {
        List<KvBlockData> blocks = new ArrayList<>();
        for (CachedBlock block : pool.matchAll(request.tokens(), request.salt()).blocks()) {
            MemorySegment copy = heapBlock();
            bytes.exportBlock(block.blockId(), copy);
            blocks.add(new KvBlockData(
                    block.hash(), block.parent().map(CachedBlock::hash), block.tokens(), copy.asReadOnly()));
        }
        return new KvExportResult.Exported(fingerprint, bytes.kvLayout(), blocks);
    }

    /** Takes as many leading blocks as there is room for, or says why it takes none. */
    KvImportResult take(KvImportRequest request) {
        Optional<String> refusal = refusal(request);
        if (refusal.isPresent()) {
            return new KvImportResult.Refused(refusal.get());
        }
        TokenIds tokens = tokens(request.blocks());
        PrefixMatch match = pool.matchAll(tokens, request.salt());
        int heldBefore = match.blocks().size();
        BlockTable table = pool.pin(match);
        try {
            for (KvBlockData block :
                    request.blocks().subList(heldBefore, request.blocks().size())) {
                if (!pool.canExtend(1)) {
                    break;
                }
                pool.extend(table, 1);
                bytes.importBlock(table.get(table.committed()), block.bytes());
                pool.commit(table, block.tokens());
            }
            int heldNow = pool.matchAll(tokens, request.salt()).blocks().size();
            return new KvImportResult.Imported(heldNow - heldBefore, heldNow);
        } finally {
            pool.release(table);
        }
    }

    /** Collected by the garbage collector; of longs, so that every element is aligned. */
    private MemorySegment heapBlock() {
        long blockBytes = bytes.kvLayout().blockBytes();
        return MemorySegment.ofArray(new long[Math.toIntExact(Math.ceilDiv(blockBytes, Long.BYTES))])
                .asSlice(0, blockBytes);
    }

    private Optional<String> refusal(KvImportRequest request) {
        if (!pool.options().prefixCaching()) {
            return Optional.of("prefix caching is off: imported blocks could not be found again");
        }
        if (!request.fingerprint().equals(fingerprint)) {
            return Optional.of("fingerprint %s, this engine has %s: the blocks would not be the same bit for bit"
                    .formatted(request.fingerprint(), fingerprint));
        }
        if (!request.layout().equals(bytes.kvLayout())) {
            return Optional.of("layout %s, this engine has %s".formatted(request.layout(), bytes.kvLayout()));
        }
        return brokenChain(request);
    }

    /** Names are recomputed from the tokens: what a sender says of a block is not believed. */
    private Optional<String> brokenChain(KvImportRequest request) {
        int blockSize = pool.options().blockSizeTokens();
        BlockHasher hasher = new BlockHasher(blockSize, request.salt());
        Optional<SequenceHash> parent = Optional.empty();
        for (int i = 0; i < request.blocks().size(); i++) {
            KvBlockData block = request.blocks().get(i);
            if (block.tokens().size() != blockSize) {
                return Optional.of("block %d has %d tokens, not %d"
                        .formatted(i, block.tokens().size(), blockSize));
            }
            if (block.bytes().byteSize() != bytes.kvLayout().blockBytes()) {
                return Optional.of("block %d has %d bytes, not %d"
                        .formatted(i, block.bytes().byteSize(), bytes.kvLayout().blockBytes()));
            }
            SequenceHash name = hasher.chain(parent, hasher.block(block.tokens()));
            if (!block.parent().equals(parent) || !block.block().equals(name)) {
                return Optional.of("block %d is named %s after %s; its tokens, salt and place say %s after %s"
                        .formatted(i, block.block(), block.parent(), name, parent));
            }
            parent = Optional.of(name);
        }
        return Optional.empty();
    }

    private static TokenIds tokens(List<KvBlockData> blocks) {
        int[] ids =
                new int[blocks.stream().mapToInt(block -> block.tokens().size()).sum()];
        int at = 0;
        for (KvBlockData block : blocks) {
            block.tokens().copyTo(0, ids, at, block.tokens().size());
            at += block.tokens().size();
        }
        return TokenIds.of(ids);
    }
}
