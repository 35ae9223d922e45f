package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The ledger of the whole run, which has to have ended: every formula tested and passed, LEDGER.md up to date. Runs in
 * a surefire execution of its own after all other tests, and not at all when {@code -Dtest} chooses some of them.
 */
class LedgerFreshnessTest {
  private static final Path FRESH = Path.of("target", "LEDGER.md"), COMMITTED = Path.of("LEDGER.md");

  @Test
  void everyFormulaOfTheCatalogueIsTestedAndPasses() throws IOException {
    Path ledger = Path.of("target", "ledger.json");
    assertTrue(Files.exists(ledger), "no spec-tests/target/ledger.json: run all tests first (mvn verify)");
    Object read = Json.read(Files.readString(ledger));
    List<String> faults = LedgerCheck.problems(Catalogue.load(), read, LibraryCode.load());
    assertTrue(faults.isEmpty(), faults.size() + " faults of the ledger:\n  " + String.join("\n  ", faults) + "\n");
  }

  @Test
  void theRunComparedAsManyCasesAsTrustSays() throws IOException {
    Object read = Json.read(Files.readString(Path.of("target", "ledger.json")));
    String trust = Files.readString(Path.of("TRUST.md"));
    List<String> faults = new ArrayList<>(TrustTable.problems(Catalogue.load(), read, TrustTable.read(trust)));
    Matcher m = Pattern.compile("≥ ([\\d,]+) points").matcher(trust);
    assertTrue(m.find(), "TRUST.md should say at how many points elementary functions are tested");
    long points = TrustTable.number(m.group(1));
    for (Object o : (List<?>) read) {
      Map<?, ?> row = (Map<?, ?>) o;
      if (!row.get("section").equals("Elementary functions") || (Double) row.get("cases") >= points) continue;
      faults.add(row.get("id") + " has " + row.get("cases") + " points");
    }
    assertTrue(faults.isEmpty(), String.join("\n", faults));
  }

  @Test
  void theCommittedLedgerIsUpToDate() throws IOException {
    String remedy = "spec-tests/LEDGER.md is stale. Look at the difference, then\n\n"
        + "  cp spec-tests/target/LEDGER.md spec-tests/LEDGER.md\n\nand commit it.\n";
    assertTrue(Files.exists(COMMITTED), remedy);
    List<String> fresh = Files.readAllLines(FRESH), committed = Files.readAllLines(COMMITTED);
    for (int i = 0; i < Math.min(fresh.size(), committed.size()); i++) {
      assertEquals(fresh.get(i), committed.get(i), remedy + "The first difference is in line " + (i + 1));
    }
    assertEquals(fresh.size(), committed.size(), remedy + "One is longer");
  }
}
