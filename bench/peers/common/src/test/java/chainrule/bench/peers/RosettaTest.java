// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.nn.loss.Losses;
import chainrule.nn.optimizer.Optimizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosettaTest {
  private static final Path BENCH = Path.of("../..");

  private static List<List<String>> reports() throws IOException {
    List<List<String>> reports = new ArrayList<>();
    for (String name : List.of("pytorch", "tensorflow", "dl4j")) {
      Path file = BENCH.resolve("peers/rosetta/" + name + ".tsv");
      if (Files.exists(file)) reports.add(Files.readAllLines(file));
    }
    return reports;
  }

  @Test void theTablesAreThoseOfTheLastRuns() throws IOException {
    String page = Files.readString(BENCH.resolve("ROSETTA.md"));
    assertEquals(RosettaPage.write(page, reports()), page);
  }

  @Test void everyReportHasALineForEverySetting() throws IOException {
    for (List<String> report : reports()) {
      for (RosettaSetting setting : RosettaSetting.all()) {
        assertTrue(report.stream().anyMatch(l -> l.startsWith(setting.topic() + "\t" + setting.here() + "\t")),
            report.get(0) + ": " + setting.here());
      }
    }
  }

  @Test void everyOptimizerAndLossHasASetting() {
    List<String> here = RosettaSetting.all().stream().map(RosettaSetting::here).toList();
    assertTrue(here.containsAll(Optimizers.names()), here.toString());
    assertTrue(here.containsAll(Losses.names()), here.toString());
  }

  @Test void aDifferenceIsRelativeToTheDistanceMoved() {
    RosettaRun one = new RosettaRun(new double[][] {{1, 2}, {1.5, 2}}, null);
    RosettaRun other = new RosettaRun(new double[][] {{1, 2}, {1.5, 2.125}}, null);
    assertEquals(0.25, one.difference(other));
    assertEquals(0, one.difference(one));
  }
}
