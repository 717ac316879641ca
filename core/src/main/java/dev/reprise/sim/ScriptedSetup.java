package dev.reprise.sim;

import dev.reprise.engine.EngineCapability;
import dev.reprise.engine.EngineDescription;
import dev.reprise.engine.NumericFingerprint;
import dev.reprise.engine.local.BatchOptions;
import dev.reprise.engine.local.EngineSetup;
import dev.reprise.identity.EngineKind;
import dev.reprise.identity.ModelId;
import dev.reprise.identity.WorkerId;
import java.util.EnumSet;
import java.util.Set;

/** The shape of a scripted engine. */
public final class ScriptedSetup {
    private static final NumericFingerprint FINGERPRINT =
            new NumericFingerprint("none", "none", "script", "none", "tokens");

    private ScriptedSetup() {}

    /**
     * An engine of the given capacity that serves the model "scripted" with 1,000 token ids and contexts up to 65,536
     * tokens; token 2 ends a sequence.
     */
    public static EngineSetup of(WorkerId worker, int totalBlocks, int blockSizeTokens, BatchOptions batching) {
        EngineDescription description = new EngineDescription(
                worker,
                EngineKind.SCRIPTED,
                new ModelId("scripted"),
                "1",
                EnumSet.of(EngineCapability.KV_EVENTS, EngineCapability.KV_TRANSFER),
                blockSizeTokens,
                totalBlocks,
                65_536,
                1_000,
                FINGERPRINT);
        return new EngineSetup(description, batching, Set.of(2));
    }
}
