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

/** The numbers of TRUST.md that sources decide. What a run decides is compared by LedgerFreshnessTest. */
class TrustTest {
  private static final Path KERNELS = Path.of("..", "kernels", "src", "test");

  private static String trust() throws IOException {
    return Files.readString(Path.of("TRUST.md"));
  }

  /** The number that stands before these words: "≥ 14,000 samples of kernels". */
  private static long floor(String words) throws IOException {
    Matcher m = Pattern.compile("≥ ([\\d,]+) " + Pattern.quote(words)).matcher(trust());
    assertTrue(m.find(), "TRUST.md should say how many: ≥ … " + words);
    return TrustTable.number(m.group(1));
  }

  @Test
  void theRowsOfEachKindAreThoseOfTheCatalogue() throws IOException {
    Map<String, Long> stated = new TreeMap<>();
    TrustTable.read(trust()).forEach((kind, k) -> stated.put(kind, k.rows()));
    assertEquals(new TreeMap<>(TrustTable.rows(Catalogue.load())), stated);
  }

  @Test
  void theKernelsAreComparedOnAsManySamples() throws IOException {
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
  void asManyKernelsHaveAGoldenHash() throws IOException {
    Path golden = KERNELS.resolve(Path.of("resources", "chainrule", "kernels", "golden.txt"));
    long hashes = Files.readAllLines(golden).stream().filter(l -> l.matches("\\S+ [0-9a-f]{24}")).count();
    assertTrue(hashes >= floor("kernels;"), hashes + " hashes");
  }

  @Test
  void floorsThatARunMissesOrLeavesFarBehindAreNamed() {
    Catalogue one = Catalogue.parse("# First\n000-1-d  confirmed\nformula  x\ntex x\n");
    Map<String, TrustTable.Kind> stated =
        TrustTable.read("| confirmed, derivative | 1 | ≥ 20 | ≥ 1,000 | – |\n| other | 2 | ≥ 3 | ≥ 4 |\n");
    assertEquals(Map.of("confirmed, derivative", new TrustTable.Kind(1, 20, 1000)), stated);
    assertEquals(Map.of("confirmed, derivative", 1L), TrustTable.rows(one));
    List<String> problems = TrustTable.problems(one, Json.read("[{\"id\":\"000-1-d\",\"cases\":200}]"), stated);
    assertEquals(List.of("confirmed, derivative, cases of a row: TRUST.md says ≥ 20, raise it: this run has 200",
        "confirmed, derivative, cases in all: TRUST.md says ≥ 1000, this run has 200"), problems);
    stated = Map.of("confirmed, derivative", new TrustTable.Kind(1, 100, 200));
    assertEquals(List.of(), TrustTable.problems(one, Json.read("[{\"id\":\"000-1-d\",\"cases\":200}]"), stated));
  }
}
