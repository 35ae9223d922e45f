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
    for (String damage : List.of("1\tname", "1\tr\ta\tb\t> 1\t1\t1\t1\t", "1\tr\ta\tb\t≥ x\t1\t1\t1\t",
        "1\tr\ta\tb\t\tone\t1\t1\t")) {
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

  @Test void theTablesOfTheResultsAreThoseOfTheStoredRuns() throws IOException {
    Path results = Path.of("../../RESULTS.md");
    String page = Files.readString(results);
    assertEquals(ResultsTables.write(page, ResultsTables.read(Path.of("../../runs"))), page);
  }

  @Test void theTablesOfTheResultsHaveARowForEachGoalAndEngine() {
    SpeedRun run = GeneratedRun.of(1);
    String page = "<!-- points, written by SpeedReport -->\n<!-- end of points -->\n"
        + "<!-- engines, written by SpeedReport -->\n<!-- end of engines -->\n";
    String written = ResultsTables.write(page, List.of(run, run));
    assertEquals(written, ResultsTables.write(written, List.of(run, run)));
    for (Figure f : run.figures()) if (f.isInTable()) assertTrue(written.contains("\n| " + f.row() + " |"), f.row());
    for (String engine : List.of("chainrule", "mkl")) assertTrue(written.contains("\n| " + engine + " |"), engine);
    assertTrue(written.contains("AMD Zen 4, JDK 17 |"), written);
    assertTrue(written.contains("**0.93**"), "a goal that is not reached");
  }

  @Test void aRunOfSomePointsKeepsTheStoredFiguresOfOthers() {
    SpeedRun all = GeneratedRun.of(1), other = GeneratedRun.of(2);
    SpeedRun one = new SpeedRun(all.kind(), all.machine(), "2026-12-01", "", other.group("6"));
    SpeedRun merged = one.over(all);
    assertEquals(all.figures().size(), merged.figures().size());
    assertEquals(other.group("6"), merged.group("6"));
    assertEquals(all.group("2"), merged.group("2"));
    assertEquals("2026-11-30 to 2026-12-01", merged.date());
  }

  @Test void goalsAreReadAsTheyAreWritten() {
    for (Goal goal : List.of(Goal.NONE, Goal.atLeast(1.05), Goal.atMost(1.1), new Goal("≥", 0.9, "Intel"))) {
      assertEquals(goal, Goal.parse(goal.toString()));
    }
  }
}
