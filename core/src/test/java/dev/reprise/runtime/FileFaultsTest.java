package dev.reprise.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FileFaultsTest {
    @Test
    void saysWhatIsWrongWithoutNamesOfExceptions() {
        assertThat(FileFaults.describe(new NoSuchFileException("/a"))).isEqualTo("does not exist");
        assertThat(FileFaults.describe(new AccessDeniedException("/a"))).contains("permissions");
        assertThat(FileFaults.describe(new IOException("Is a directory"))).isEqualTo("cannot be read: Is a directory");
        assertThat(FileFaults.describe(new IOException())).isEqualTo("cannot be read: IOException");
    }
}
