// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares TRUST.md's numbers with the sources; {@link LedgerFreshnessTest} compares those that depend on a run. */
class TrustTest {
  private static final Path KERNELS = Path.of("..", "kernels", "src", "test");

  private static String trust() throws IOException {
    return Files.readString(Path.of("TRUST.md"));
  }

  /** Returns the number before these words: 14,000 in "≥ 14,000 samples of kernels". */
  private static long floor(String words) throws IOException {
    Matcher m = Pattern.compile("≥ ([\\d,]+) " + Pattern.quote(words)).matcher(trust());
    assertTrue(m.find(), "TRUST.md must state a number: ≥ … " + words);
    return TrustTable.number(m.group(1));
  }

  @Test
  void trustCountsTheRowsOfEachKindAsTheCatalogueDoes() throws IOException {
    Map<String, Long> stated = new TreeMap<>();
    TrustTable.read(trust()).forEach((kind, k) -> stated.put(kind, k.rows()));
    assertEquals(new TreeMap<>(TrustTable.rows(Catalogue.load())), stated);
  }

  @Test
  void theKernelsAreComparedOnAtLeastTheStatedNumberOfSamples() throws IOException {
    Pattern tries = Pattern.compile("tries = (\\d+)");
    long samples = 0;
    try (Stream<Path> files = Files.walk(KERNELS)) {
      for (Path f : files.filter(f -> f.getFileName().toString().endsWith("BitsTest.java")).toList()) {
        Matcher m = tries.matcher(Files.readString(f));
        while (m.find()) samples += Long.parseLong(m.group(1));
      }
    }
    assertTrue(samples >= floor("samples of kernels"), samples + " samples");
  }

  @Test
  void atLeastTheStatedNumberOfKernelsHasAGoldenHash() throws IOException {
    Path golden = KERNELS.resolve(Path.of("resources", "chainrule", "kernels", "golden.txt"));
    long hashes = Files.readAllLines(golden).stream().filter(l -> l.matches("\\S+ [0-9a-f]{24}")).count();
    assertTrue(hashes >= floor("kernels;"), hashes + " hashes");
  }

  @Test
  void boundsThatARunMissesOrFarExceedsAreReported() {
    Catalogue one = Catalogue.parse("# First\n000-1-d  confirmed\nname n\nformula  x\ntex x\n");
    Map<String, TrustTable.Kind> stated =
        TrustTable.read("| confirmed, derivative | 1 | ≥ 20 | ≥ 1,000 | – |\n| other | 2 | ≥ 3 | ≥ 4 |\n");
    assertEquals(Map.of("confirmed, derivative", new TrustTable.Kind(1, 20, 1000)), stated);
    assertEquals(Map.of("confirmed, derivative", 1L), TrustTable.rows(one));
    List<String> problems = TrustTable.problems(one, Json.read("[{\"id\":\"000-1-d\",\"cases\":200}]"), stated);
    assertEquals(List.of("confirmed, derivative, cases per row: TRUST.md says ≥ 20, this run has 200: raise it",
        "confirmed, derivative, total cases: TRUST.md says ≥ 1000, this run has 200"), problems);
    stated = Map.of("confirmed, derivative", new TrustTable.Kind(1, 100, 200));
    assertEquals(List.of(), TrustTable.problems(one, Json.read("[{\"id\":\"000-1-d\",\"cases\":200}]"), stated));
  }
}
