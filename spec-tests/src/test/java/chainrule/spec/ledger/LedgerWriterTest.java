// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.spec.example.Plot;
import chainrule.spec.example.WorkedExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the files and the checks of the ledger on made-up runs. */
class LedgerWriterTest {
  private static final Catalogue SMALL = Catalogue.parse(String.join("\n",
      "# First", "000-1  confirmed", "name first", "formula  a = |b| < c", "tex a = |b| < c", "000-2  erratum",
      "name second", "formula  1 = 2", "tex 1 = 2", "corrected 1 = 1", "corrected-tex 1 = 1", "note off by one",
      "# Second", "001-x  notation", "name third", "formula  y_j", "tex y_j", "note which j", ""));

  static final class A {
    void a() {}
  }

  static final class B {
    void b() {}

    void b(Verdict verdict, int times) {}
  }

  private static final LibraryCode CODE = new LibraryCode(A.class, B.class);

  private static final Homes HOMES = Homes.of(SMALL, List.of(new Homes.Claim("000-1", "B#b", "ASpec#one")),
      List.of(new SourcePlaces.Mention("000-1", "core/B.java", 5, "B#b", "ASpec#one")), Map.of("ASpec#one", 7));

  private final Map<String, LedgerListener.Evidence> evidence = new TreeMap<>();
  private final Map<String, Ledger.Entry> entries = new HashMap<>();

  private Ledger.Entry tested(String id, String by, String... tests) {
    LedgerListener.Evidence found = evidence.computeIfAbsent(id, k -> new LedgerListener.Evidence());
    found.implementations.add(by);
    found.tests.addAll(List.of(tests));
    return entries.computeIfAbsent(id, Ledger::scratch);
  }

  private void testAll() {
    tested("000-1", "B#b", "ZSpec#two", "ASpec#one").check("dual", 1e-16, 1e-13);
    tested("000-1", "A#a").check("finite-difference", 3e-11, 1e-9);
    tested("000-2", "A#a", "ASpec#one").counterexample(true, "here \"it\" is\n3 \\ 4");
    Ledger.Entry x = tested("001-x", "A#a", "ASpec#x");
    x.holds(true);
    x.remark("j is the unit");
  }

  private List<LedgerRow> rows() {
    return LedgerRow.join(SMALL, HOMES, evidence, entries);
  }

  private String html() {
    Sheets sheets = Sheets.parse("= 000 One\n# B & C\n000-2\n# A\n000-1\n= 001 Two\n# D\n001-x", SMALL);
    return LedgerHtml.page(SMALL, sheets, Map.of("000-2", new WorkedExample("x = 1: y < 2", "as printed 3")),
        Map.of("000-1", Plot.of("identity", "z", -1, 1, z -> z)), rows());
  }

  private List<String> problems() {
    return LedgerCheck.problems(SMALL, Json.read(LedgerWriter.json(rows())), CODE);
  }

  @Test
  void aCompleteLedgerHasNoProblems() {
    testAll();
    assertEquals(List.of(), problems());
  }

  @Test
  void jsonHasTheDocumentedFormat() {
    testAll();
    String json = LedgerWriter.json(rows());
    String first = json.split("\n")[1];
    assertEquals("{\"id\":\"000-1\",\"name\":\"first\",\"document\":\"000\",\"section\":\"First\","
        + "\"formula\":\"a = |b| < c\",\"verdict\":\"confirmed\",\"implementation\":\"A#a, B#b\","
        + "\"test\":\"ASpec#one, ZSpec#two\",\"home\":\"B#b\","
        + "\"homeSource\":\"core/B.java:5\",\"mainTest\":\"ASpec#one\","
        + "\"mainTestSource\":\"spec-tests/src/test/java/chainrule/spec/ASpec.java:7\",\"cases\":2,"
        + "\"worst\":{\"dual\":1.0E-16,\"finite-difference\":3.0E-11},\"passed\":true,\"note\":\"\",\"remarks\":{}},",
        first);
    assertEquals(SMALL.formulas().size() + 2, json.split("\n").length, "one line per formula");
    Map<?, ?> second = (Map<?, ?>) ((List<?>) Json.read(json)).get(1);
    assertEquals(Map.of("counterexample", "here \"it\" is\n3 \\ 4"), second.get("remarks"));
  }

  @Test
  void publishedNumbersAreCountedForTheirSource() {
    testAll();
    Ledger.Entry e = entries.get("000-1");
    for (int i = 0; i < 3; i++) e.published("keras", 0.25, 0.5, "number " + i);
    e.published("cs231n", 0.5, 0.5);
    assertThrows(AssertionError.class, () -> e.published("cs231n", 0.75, 0.5));
    assertTrue(LedgerWriter.json(rows()).contains("\"published\":{\"cs231n\":1,\"keras\":3}"));
    assertEquals(6 + 1, rows().get(0).cases(), "two other cases, four numbers, and the one that failed");
    assertTrue(LedgerMarkdown.page(SMALL, rows()).contains("| [Published](PUBLISHED.md): cs231n 1, keras 3. |\n"));
    assertTrue(html().contains("<dt>Published numbers</dt><dd>"
        + "<a href=\"../../spec-tests/PUBLISHED.md#cs231n\">cs231n</a> 1, "
        + "<a href=\"../../spec-tests/PUBLISHED.md#keras\">keras</a> 3</dd>"), html());
  }

  @Test
  void thePageHasTheOrderOfTheSheets() {
    testAll();
    String html = html();
    int at = -1;
    for (String part : new String[] {"<h2>000: One</h2>", "<h3>B &amp; C</h3>", "<details id=\"000-2\"", "<h3>A</h3>",
        "<details id=\"000-1\"", "<h2>001: Two</h2>", "<h3>D</h3>", "<details id=\"001-x\""}) {
      int next = html.indexOf(part);
      assertTrue(next > at, part);
      at = next;
    }
    assertTrue(html.contains("<a href=\"#sheet-001\">001: Two</a>"));
    assertTrue(html.contains("<section id=\"sheet-001\">"));
    assertFalse(html.contains("Not in the catalogue"));
    tested("000-9", "A#a", "ASpec#nine");
    assertTrue(html().contains("<h2>Not in the catalogue</h2>\n<details id=\"000-9\""));
  }

  @Test
  void aRowLinksItsCodeAndItsMainTest() {
    testAll();
    String html = html();
    assertTrue(html.contains("<dt>Code</dt><dd><a href=\"../../core/B.java#L5\"><code>B#<wbr>b</code></a>"
        + "<br><code>A#<wbr>a</code></dd>"), html);
    assertTrue(html.contains("<dt>Tests</dt><dd>"
        + "<a href=\"../../spec-tests/src/test/java/chainrule/spec/ASpec.java#L7\">"
        + "<code>ASpec#<wbr>one</code></a><br><code>ZSpec#<wbr>two</code></dd>"), html);
    assertTrue(html.contains("<dt>Example</dt><dd>x = 1: y &lt; 2; <b>as printed 3</b></dd>"));
    assertEquals(1, html.split("<figure>", -1).length - 1);
  }

  @Test
  void nanAndInfinityAreWrittenAsNull() {
    Ledger.Entry e = tested("000-1", "A#a", "ASpec#one");
    assertThrows(AssertionError.class, () -> e.check("dual", Double.NaN, 1));
    assertThrows(AssertionError.class, () -> e.check("value", Double.POSITIVE_INFINITY, 1));
    Map<?, ?> row = (Map<?, ?>) ((List<?>) Json.read(LedgerWriter.json(rows()))).get(0);
    Map<?, ?> worst = (Map<?, ?>) row.get("worst");
    assertTrue(worst.containsKey("dual") && worst.containsKey("value"));
    assertNull(worst.get("dual"));
    assertNull(worst.get("value"));
  }

  @Test
  void everyStringSurvivesJson() {
    String text = "\u0000\u001f\u007f\"\\/\b\f\n\r\t é ŷ 𝐱 \ud800 \udc00 \udc00\ud800 </script>";
    assertEquals(text, Json.read(Json.write(text)));
    Object read = Json.read(" [{\"a\":[ ]},{ },true]");
    assertEquals(List.of(Map.of("a", List.of()), Map.of(), true), read);
    assertEquals(read, Json.read(Json.write(read)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "[1,]", "{\"a\":1,}", "{a:1}", "NaN", "01", "1.", "[1 2]", "\"\n\"", "\"\\x\"",
      "1 1", "{\"a\":1,\"a\":2}", "\"", "\"\\u12\""})
  void theReaderIsStrict(String text) {
    assertThrows(IllegalArgumentException.class, () -> Json.read(text));
  }

  @Test
  void everyFormulaAppearsWhenNoTestRan() {
    assertEquals(List.of("000-1", "000-2", "001-x"), rows().stream().map(LedgerRow::id).toList());
    assertTrue(rows().stream().noneMatch(LedgerRow::passed));
    assertEquals(3, problems().size());
    assertTrue(problems().get(0).contains("000-1 has no test"));
  }

  @Test
  void everyProblemIsReported() {
    testAll();
    evidence.get("000-1").passed = false;
    problem("000-1 failed");
    evidence.get("000-1").passed = true;
    tested("000-9", "A#a", "ASpec#nine");
    problem("000-9 is not in the catalogue");
    evidence.remove("000-9");
    problem("000-9 is not in the catalogue"); // cases without a test
    entries.remove("000-9");
    entries.remove("000-1");
    problem("000-1 has no cases");
    entries.put("000-1", Ledger.scratch("000-1"));
    problem("000-1 has no cases");
    entries.get("000-1").counterexample(true, "it is false");
    problem("000-1 is confirmed, but");
    entries.remove("000-1");
    tested("000-1", "A#a", "ASpec#one").holds(true);
    entries.remove("000-2");
    tested("000-2", "A#a", "ASpec#one").holds(true);
    problem("000-2 is an erratum, but");
    entries.get("000-2").counterexample(true, "2 is not 1");
    entries.remove("001-x");
    tested("001-x", "A#a", "ASpec#x").holds(true);
    problem("001-x is a notation, but");
    entries.get("001-x").remark("j is the unit");
    tested("001-x", "A#a, B#b(ERRATUM, 1)", "ASpec#x");
    assertEquals(List.of(), problems());
    tested("001-x", "A#a, Nowhere#b(ERRATUM, 1)", "ASpec#x");
    problem("001-x names Nowhere#b(ERRATUM, 1) as its implementation, but the library has no class Nowhere");
    evidence.get("001-x").implementations.remove("A#a, Nowhere#b(ERRATUM, 1)");
    tested("001-x", "A#b", "ASpec#x");
    problem("001-x names A#b as its implementation, but the library has no method or field b in A");
    evidence.get("001-x").implementations.remove("A#b");
    tested("001-x", "B#b(MEAN, 1)", "ASpec#x");
    problem("001-x names B#b(MEAN, 1) as its implementation, but the library has no method or field b(MEAN, 1) in B");
  }

  private void problem(String start) {
    assertEquals(1, problems().size(), problems().toString());
    assertTrue(problems().get(0).startsWith(start), problems().toString());
  }

  @Test
  void markdownContainsNoNumbersOfTheRun() {
    testAll();
    String before = LedgerMarkdown.page(SMALL, rows());
    assertTrue(before.contains("\n| 000-1 | first | a = &#124;b&#124; &lt; c | confirmed | "
        + "[`B#b`](../core/B.java)<br>`A#a` | [`ASpec#one`](src/test/java/chainrule/spec/ASpec.java)<br>"
        + "`ZSpec`: `two` |  |\n"), before);
    assertTrue(before.contains("| 1 = 2<br>correct: 1 = 1 | erratum |"), before);
    entries.get("000-1").check("dual", 1e-14, 1e-13);
    entries.get("001-x").remark("another remark");
    assertEquals(before, LedgerMarkdown.page(SMALL, rows()));
  }

  @Test
  void theWholeLedgerIsWrittenAsThreeFiles(@TempDir Path directory) throws IOException {
    testAll();
    entries.get("000-2").remark("<b>{{body}}</b>");
    LedgerWriter.write(directory, evidence, entries);
    int size = ((List<?>) Json.read(Files.readString(directory.resolve("ledger.json")))).size();
    assertEquals(Catalogue.load().formulas().size() + 3, size, "the formulas of the catalogue, and three unknown ids");
    String html = Files.readString(directory.resolve("ledger.html"));
    assertEquals(size, html.split("<details ", -1).length - 1);
    assertTrue(html.contains("&lt;b&gt;{{body}}&lt;/b&gt;"));
    assertFalse(html.contains("http://") || html.contains("https://"), "the page must not load anything");
    assertTrue(Files.readString(directory.resolve("LEDGER.md")).startsWith("# The ledger\n"));
  }
}
