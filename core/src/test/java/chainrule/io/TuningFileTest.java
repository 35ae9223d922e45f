// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.DataException;
import chainrule.train.TrialResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The results of a search in a file. */
class TuningFileTest {
  @TempDir Path directory;

  private static final TuningFile EXAMPLE = new TuningFile(Map.of("seed", "7"), List.of(
      new TrialResult(1, 1, 20, 0.1 + 0.2, 0.75), new TrialResult(2, 3, 60, Double.NaN, Double.NaN),
      new TrialResult(3, 1, 20, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)));

  @Test
  void everyNumberIsReadBackToTheBit() {
    Path file = directory.resolve("t.json");
    EXAMPLE.write(file);
    assertEquals(EXAMPLE, TuningFile.read(file));
  }

  @Test
  void otherFilesAndDamagedOnesAreRefusedWithTheirPlace() throws IOException {
    Path file = directory.resolve("t.json");
    for (String text : List.of("", "[]", "{}", "{\"format\":\"chainrule\"}")) {
      Files.writeString(file, text);
      assertThrows(DataException.class, () -> TuningFile.read(file));
    }
    Files.writeString(file, "{\"format\":\"chainrule-tuning\",\"version\":2}");
    assertEquals(file + ": expected version 1 of the results of a search, found 2. Use the version of Chainrule that "
        + "wrote it, or a newer one.", assertThrows(DataException.class, () -> TuningFile.read(file)).getMessage());
    Files.writeString(file, "{\"format\":\"chainrule-tuning\",\"version\":1,\"settings\":{},\"results\":["
        + "{\"candidate\":1,\"fold\":1,\"epochs\":3,\"loss\":\"small\",\"score\":1}]}");
    assertEquals(file + ": the results of a search, results 0: 'loss': expected a number, found 'small'",
        assertThrows(DataException.class, () -> TuningFile.read(file)).getMessage());
  }
}
