package dev.reprise.cli;

import dev.reprise.config.Flag;
import dev.reprise.config.FlagValue;
import dev.reprise.config.Schema;
import dev.reprise.config.Setting;
import dev.reprise.config.Verb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The flags of one verb's settings. Values stay text: the configuration resolver checks them, as in other sources. */
final class SettingFlags {
    private final Map<String, Given> byName = new LinkedHashMap<>();

    private record Given(Setting<?> setting, Flag flag) {}

    SettingFlags(Schema schema, Verb verb) {
        for (Setting<?> setting : schema.settings(verb)) {
            setting.flags().forEach(flag -> byName.put(flag.name(), new Given(setting, flag)));
        }
    }

    /** Adds an option for each flag. */
    void addTo(CommandSpec spec) {
        byName.forEach((name, given) -> spec.addOption(option(name, given)));
    }

    private static OptionSpec option(String name, Given given) {
        OptionSpec.Builder option = OptionSpec.builder(name).description(description(given));
        if (given.flag().implied().isPresent()) {
            return option.type(boolean.class).arity("0").build();
        }
        return option.type(String.class)
                .arity("1")
                .paramLabel("<" + given.setting().type().name() + ">")
                .build();
    }

    private static String description(Given given) {
        Setting<?> setting = given.setting();
        boolean opposite = given.flag().implied().filter("false"::equals).isPresent();
        String text = opposite
                ? "The opposite of " + setting.flags().getFirst().name() + "."
                : setting.meaning() + formattedDefault(setting);
        return text.replace("%", "%%");
    }

    private static <T> String formattedDefault(Setting<T> setting) {
        return setting.defaultValue()
                .map(value -> " Default: " + setting.type().format(value) + ".")
                .orElse("");
    }

    /** The flags that were given, in their order. */
    List<FlagValue> given(ParseResult parsed) {
        List<FlagValue> values = new ArrayList<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            Given given = byName.get(option.longestName());
            if (given != null) {
                String text = given.flag()
                        .implied()
                        .orElseGet(() -> option.stringValues().getFirst());
                values.add(new FlagValue(given.setting(), option.longestName(), text));
            }
        }
        return values;
    }
}
