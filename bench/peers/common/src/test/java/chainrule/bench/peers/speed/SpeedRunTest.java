// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeedRunTest {
  @TempDir Path directory;

  @Test void aStoredRunIsReadAsItWasWritten() throws IOException {
    for (long seed = 1; seed <= 20; seed++) {
      SpeedRun run = GeneratedRun.of(seed);
      Path file = directory.resolve("runs/run.tsv");
      run.write(file);
      assertEquals(run, SpeedRun.read(file));
    }
  }

  @Test void damagedFilesAreRejectedWithTheirLine() throws IOException {
    Path file = directory.resolve("run.tsv");
    GeneratedRun.of(1).write(file);
    List<String> lines = Files.readAllLines(file);
    for (String damage : List.of("1\tname", "1\ta\tb\t> 1\t1\t1\t1\t", "1\ta\tb\t≥ x\t1\t1\t1\t",
        "1\ta\tb\t\tone\t1\t1\t")) {
      Files.write(file, Stream.concat(lines.stream(), Stream.of(damage)).toList());
      String message = assertThrows(IOException.class, () -> SpeedRun.read(file)).getMessage();
      assertTrue(message.startsWith(file + ":" + (lines.size() + 1) + ": "), message);
    }
    for (String text : List.of("", "hello\n", "kind\tx\n\n")) {
      Files.writeString(file, text);
      assertThrows(IOException.class, () -> SpeedRun.read(file), text);
    }
  }

  @Test void figuresOfTheRunsInTheRepositoryHaveTheKindOfTheirFile() throws IOException {
    Path runs = Path.of("../../runs");
    if (!Files.exists(runs)) return;
    try (Stream<Path> files = Files.list(runs)) {
      for (Path file : files.toList()) {
        assertEquals(file, SpeedReport.storedRun(runs, SpeedRun.read(file).kind()));
      }
    }
  }

  @Test void goalsAreReadAsTheyAreWritten() {
    for (Goal goal : List.of(Goal.NONE, Goal.atLeast(1.05), Goal.atMost(1.1), new Goal("≥", 0.9, "Intel"))) {
      assertEquals(goal, Goal.parse(goal.toString()));
    }
  }
}
