package dev.reprise.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTypesTest {
    private static final SettingType<Duration> DURATION = SettingTypes.duration(Duration.ZERO, Duration.ofDays(365));
    private static final SettingType<Long> BYTES = SettingTypes.bytes(0, 1L << 50);

    @ParameterizedTest
    @CsvSource({
        "500ms,500,500ms",
        "25s,25000,25s",
        "90s,90000,90s",
        "120s,120000,2m",
        "2h,7200000,2h",
        "0s,0,0s",
        " 1500 MS ,1500,1500ms"
    })
    void durations(String text, long millis, String shown) {
        assertThat(DURATION.parse(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(DURATION.format(Duration.ofMillis(millis))).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "25", "s", "-1s", "1.5s", "1d", "999999999999999999h"})
    void notDurations(String text) {
        assertThatThrownBy(() -> DURATION.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,0B",
        "1000,1000,1000B",
        "1KiB,1024,1KiB",
        "1536,1536,1536B",
        "4GiB,4294967296,4GiB",
        "2mib,2097152,2MiB"
    })
    void byteSizes(String text, long bytes, String shown) {
        assertThat(BYTES.parse(text)).isEqualTo(bytes);
        assertThat(BYTES.format(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GiB", "-1", "1.5GiB", "1GB", "999999999999999999TiB"})
    void notByteSizes(String text) {
        assertThatThrownBy(() -> BYTES.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "YES,true", "1,true", "false,false", "off,false"})
    void booleans(String text, boolean value) {
        assertThat(SettingTypes.bool().parse(text)).isEqualTo(value);
    }

    @Test
    void numbersHaveBounds() {
        SettingType<Integer> small = SettingTypes.integer(1, 10);
        assertThat(small.parse("10")).isEqualTo(10);
        assertThatThrownBy(() -> small.parse("11")).hasMessage("is out of range");
        assertThatThrownBy(() -> small.parse("99999999999")).hasMessage("is out of range");
        assertThatThrownBy(() -> small.parse("1e1")).hasMessage("is not an integer");
        SettingType<Integer> multiple = SettingTypes.multipleOf(16, 16, 64);
        assertThat(multiple.parse("48")).isEqualTo(48);
        assertThatThrownBy(() -> multiple.parse("40")).hasMessage("is not a multiple of 16");
        SettingType<Double> fraction = SettingTypes.decimal(0, 2);
        assertThat(fraction.parse("0.5")).isEqualTo(0.5);
        assertThatThrownBy(() -> fraction.parse("NaN")).hasMessage("is not a number");
        assertThatThrownBy(() -> fraction.parse("2.1")).hasMessage("is out of range");
    }

    @Test
    void namesHaveALimit() {
        assertThat(SettingTypes.text(3).parse("abc")).isEqualTo("abc");
        assertThatThrownBy(() -> SettingTypes.text(3).parse("abcd")).hasMessage("is too long");
    }

    @Test
    void choicesAreLowerCase() {
        SettingType<Settings.Precision> precision = SettingTypes.choice(Settings.Precision.class);
        assertThat(precision.parse("INT8")).isEqualTo(Settings.Precision.INT8);
        assertThat(precision.format(Settings.Precision.F32)).isEqualTo("f32");
        assertThat(precision.name()).isEqualTo("int8|f32");
        assertThatThrownBy(() -> precision.parse("fp32")).hasMessage("is not a choice");
    }
}
