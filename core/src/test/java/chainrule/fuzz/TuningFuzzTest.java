// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.DataException;
import chainrule.io.TuningFile;
import org.junit.jupiter.api.Test;

/** Fuzzes the results of a search: they are read, or refused in one line that names the file. */
class TuningFuzzTest {
  private static final String SEED = "{\"format\":\"chainrule-tuning\",\"version\":1,\"settings\":{\"seed\":\"1\"},"
      + "\"results\":[{\"candidate\":1,\"fold\":0,\"epochs\":67,\"loss\":0.25,\"score\":0.9},"
      + "{\"candidate\":2,\"fold\":1,\"epochs\":67,\"loss\":\"NaN\",\"score\":\"-Infinity\"}]}";

  @Test
  void anyTextIsReadOrRefusedWithTheNameOfTheFile() throws InterruptedException {
    FuzzRunner.run("TuningFuzzTest", 4_000, 12, new FuzzRunner.Subject<String>() {
      @Override public String make(FuzzRandom c) {
        return Mutation.text(c, SEED);
      }

      @Override public long limit(String text) {
        return 40_000 + 1_000L * text.length();
      }

      @Override public String use(String text) {
        try {
          TuningFile file = TuningFile.parse("t.json", text);
          assertEquals(file.results().size(), file.results().stream().filter(r -> r.fold() >= 0).count());
          return "";
        } catch (DataException e) {
          if (!e.getMessage().startsWith("t.json: ") || e.getMessage().contains("\n")) {
            throw new AssertionError(e.getMessage());
          }
          return e.getMessage();
        }
      }
    });
  }
}
