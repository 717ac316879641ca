package dev.reprise.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cli.CliFailure;
import dev.reprise.config.Configuration;
import dev.reprise.config.ConfigurationInputs;
import dev.reprise.config.ConfigurationResolver;
import dev.reprise.config.FlagValue;
import dev.reprise.config.Resolution;
import dev.reprise.config.Setting;
import dev.reprise.config.Settings;
import dev.reprise.testing.TestFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnginePlanTest {
    private static final long MACHINE_BYTES = 8L << 30;

    @Test
    void aSmallPoolShortensSequencesNobodyAskedFor() throws Exception {
        EnginePlan plan = plan(Settings.NUM_KV_BLOCKS, "10");
        assertThat(plan.runner().totalBlocks()).isEqualTo(10);
        assertThat(plan.runner().maxModelTokens()).isEqualTo(320);
    }

    @Test
    void aPoolTooSmallForTheLengthThatWasAskedForIsRefused() {
        assertThatThrownBy(() -> plan(Settings.NUM_KV_BLOCKS, "10", Settings.MAX_MODEL_LEN, "1000"))
                .isInstanceOf(CliFailure.class)
                .hasMessageContaining("is 1000")
                .hasMessageContaining("only 320 tokens");
    }

    @Test
    void byDefaultTheModelsWholeContextFits() throws Exception {
        EnginePlan plan = plan();
        assertThat(plan.runner().maxModelTokens()).isEqualTo(4_096);
        assertThat((long) plan.runner().totalBlocks() * plan.runner().blockSizeTokens())
                .isGreaterThanOrEqualTo(4_096);
    }

    @Test
    void tooLittleMemoryIsToldWithAllThreeParts() {
        Configuration configuration = configuration();
        assertThatThrownBy(() -> EnginePlan.of(configuration, TestFiles.demoModel(), 4L << 20))
                .isInstanceOf(CliFailure.class)
                .hasMessageContaining("too little memory")
                .hasMessageContaining("weights need")
                .hasMessageContaining("KV pool");
    }

    private static EnginePlan plan(Object... settingsAndValues) throws CliFailure {
        return EnginePlan.of(configuration(settingsAndValues), TestFiles.demoModel(), MACHINE_BYTES);
    }

    private static Configuration configuration(Object... settingsAndValues) {
        List<FlagValue> flags = new ArrayList<>();
        for (int i = 0; i < settingsAndValues.length; i += 2) {
            flags.add(new FlagValue((Setting<?>) settingsAndValues[i], "test", (String) settingsAndValues[i + 1]));
        }
        ConfigurationInputs inputs = new ConfigurationInputs(Optional.empty(), Map.of(), flags);
        return ((Resolution.Valid) new ConfigurationResolver(Settings.SCHEMA).resolve(inputs)).configuration();
    }
}
