// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Checks the ledger of a complete run: every formula is tested and passes, and LEDGER.md is up to date. This test runs
 * in a separate surefire execution after all other tests, and is skipped when {@code -Dtest} selects some of them.
 */
class LedgerFreshnessTest {
  private static final Path FRESH = Path.of("target", "LEDGER.md"), COMMITTED = Path.of("LEDGER.md");

  @Test
  void everyFormulaOfTheCatalogueIsTestedAndPasses() throws IOException {
    Path ledger = Path.of("target", "ledger.json");
    assertTrue(Files.exists(ledger), "no spec-tests/target/ledger.json: run all tests first (mvn verify)");
    Object read = Json.read(Files.readString(ledger));
    List<String> problems = LedgerCheck.problems(Catalogue.load(), read, LibraryCode.load());
    assertTrue(problems.isEmpty(),
        problems.size() + " problems in the ledger:\n  " + String.join("\n  ", problems) + "\n");
  }

  @Test
  void theRunComparedAtLeastAsManyCasesAsTrustStates() throws IOException {
    Object read = Json.read(Files.readString(Path.of("target", "ledger.json")));
    String trust = Files.readString(Path.of("TRUST.md"));
    List<String> problems = new ArrayList<>(TrustTable.problems(Catalogue.load(), read, TrustTable.read(trust)));
    Matcher m = Pattern.compile("≥ ([\\d,]+) points").matcher(trust);
    assertTrue(m.find(), "TRUST.md must state at how many points the elementary functions are tested");
    long points = TrustTable.number(m.group(1));
    for (Object o : (List<?>) read) {
      Map<?, ?> row = (Map<?, ?>) o;
      if (!row.get("section").equals("Elementary functions") || (Double) row.get("cases") >= points) continue;
      problems.add(row.get("id") + " has " + row.get("cases") + " points, TRUST.md states at least " + points);
    }
    assertTrue(problems.isEmpty(), String.join("\n", problems));
  }

  @Test
  void theRunReproducedEveryPublishedNumber() throws IOException {
    Map<String, Long> stated = new TreeMap<>(), found = new TreeMap<>();
    Matcher m = Pattern.compile("(?m)^\\| \\[(\\w+)\\]\\(#\\w+\\) \\| .+ \\| (\\d+) \\| \\d* \\|")
        .matcher(Files.readString(Path.of("PUBLISHED.md")));
    while (m.find()) stated.put(m.group(1), Long.parseLong(m.group(2)));
    for (Object o : (List<?>) Json.read(Files.readString(Path.of("target", "ledger.json")))) {
      Object published = ((Map<?, ?>) o).get("published");
      if (published == null) continue;
      ((Map<?, ?>) published).forEach((name, n) -> found.merge((String) name, ((Double) n).longValue(), Long::sum));
    }
    assertEquals(stated, found, "numbers of each source: PUBLISHED.md, this run");
  }

  @Test
  void theCommittedLedgerIsUpToDate() throws IOException {
    String remedy = "spec-tests/LEDGER.md is stale. Review the difference, run\n\n"
        + "  cp spec-tests/target/LEDGER.md spec-tests/LEDGER.md\n\nand commit the file.\n";
    assertTrue(Files.exists(COMMITTED), remedy);
    List<String> fresh = Files.readAllLines(FRESH), committed = Files.readAllLines(COMMITTED);
    for (int i = 0; i < Math.min(fresh.size(), committed.size()); i++) {
      assertEquals(fresh.get(i), committed.get(i), remedy + "The first difference is on line " + (i + 1));
    }
    assertEquals(fresh.size(), committed.size(), remedy + "The number of lines differs");
  }
}
