// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeaderDecisionTest {
  private static final String ROWS = "-0.5,1.25,dog\n2.75,-3.5,cat\n0.75,0.5,dog\n1.5,2.5,cat\n-1.5,0.25,dog\n";
  private final SplittableRandom random = new SplittableRandom(16);

  private static Table parse(String text) {
    return Table.parse("f", text);
  }

  private static List<String> numbered(int n) {
    return IntStream.rangeClosed(1, n).mapToObj(i -> "column" + i).toList();
  }

  /** Requires a header without a notice about it. */
  private static void header(String text) {
    Table t = parse(text);
    assertEquals(List.of(text.lines().findFirst().orElseThrow().split("[,;]")), t.names(), text);
    for (String notice : t.notices()) assertTrue(!notice.contains("--header"), notice);
  }

  /** Requires a header, and one notice that it is in doubt. */
  private static void doubtfulHeader(String text) {
    Table t = parse(text);
    String first = text.lines().findFirst().orElseThrow();
    assertEquals(List.of(first.split(",")), t.names(), text);
    List<String> cells = List.of(first.split(","));
    String shown = String.join(", ", cells.subList(0, Math.min(5, cells.size()))) + (cells.size() > 5 ? ", …" : "");
    assertEquals(List.of("line 1 (" + shown + ") taken as column names; --header no if it is data"), doubts(t));
  }

  /** Requires that the first line is data, with a notice. */
  private static void data(String text) {
    Table t = parse(text);
    int width = t.columns().size();
    assertEquals(numbered(width), t.names(), text);
    assertEquals(text.lines().count(), t.rows(), text);
    assertEquals(1, t.line(0));
    assertEquals(List.of("no header: line 1 looks like data (" + (width == 1 ? "the column is named column1"
        : "columns are named column1 to column" + width) + "); --header yes if it contains names"), doubts(t));
  }

  private static List<String> doubts(Table t) {
    return t.notices().stream().filter(s -> s.contains("--header")).toList();
  }

  /** Returns rows of random cells, one of these in each column. */
  private String random(int rows, String... columns) {
    StringBuilder s = new StringBuilder();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns.length; c++) {
        String[] values = columns[c].split("\\|");
        String cell = values[random.nextInt(values.length)];
        if (cell.equals("N")) cell = Double.toString(random.nextInt(-40_000, 40_000) / 8192.0 + 1.0 / 16384);
        if (cell.equals("I")) cell = Integer.toString(random.nextInt(100));
        if (cell.equals("ID")) cell = "A" + random.nextInt(1_000_000);
        s.append(c == 0 ? "" : ",").append(cell);
      }
      s.append('\n');
    }
    return s.toString();
  }

  // ---------------------------------------------------------------- ordinary headers

  @Test
  void wordsAboveNumbersAreAHeader() {
    header("x,y,label\n" + ROWS);
    header("x,y\n1,2\n");
    header("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n");
    header("income;buy\n1.200,50;no\n901,00;yes\n");
    header("Q1,X2,2nd\n" + random(20, "N", "I", "a|b"));
    header("height,weight,label\n?,NA,dog\n1,,cat\n2,5,cat\n");
  }

  @Test
  void wordsThatDoNotOccurAboveFewValuesAreAHeader() {
    header("class,cap-shape,odor\n" + random(60, "e|p", "x|b|s|f", "n|f|a|?"));
    header("label,text\n" + random(40, "spam|ham", "ID"));
    header("day,kind\n2020-01-01,x\n2020-01-02,y\n2020-01-03,x\n2020-01-04,y\n");
  }

  @Test
  void withoutEvidenceTheFirstLineIsAHeader() {
    doubtfulHeader("name,city\nAlice,Paris\nBob,London\nEve,Rome\n");
    doubtfulHeader("name,label\nRex,dog\n");
  }

  // ---------------------------------------------------------------- no header

  @Test
  void numbersAboveNumbersAreData() {
    data(ROWS);
    data("1,x\n2,y\n");
    data(random(50, "I", "I", "I", "I"));
    data(random(50, "0|1", "0|1", "0|1"));
    data("0,1\n1,0\n0,0\n1,1\n0,1\n");
    data("5,0,0,0,3\n" + random(30, "I", "0", "0", "0|7", "I"));
    data("1,2\n2,4\n3,6\n4,8\n");
    data("0,1\n1,2\n2,3\n3,4\n");
    data("0.0,1.0\n0.5,2.0\n3.25,4.0\n");
    data("1,2,3\n");
    data("1,2,dog\n");
    data("2020-01-01,3,a\n2020-01-02,4,b\n2020-01-03,5,a\n");
    data("39,State-gov,77516,<=50K\n" + random(60, "I", "State-gov|Private|?", "I", "<=50K|>50K"));
    data("?,1.5,dog\n" + ROWS);
    data("NA,1.5,dog\n" + ROWS);
  }

  @Test
  void tablesOfWordsWithoutAHeaderAreData() {
    data("vhigh,low,small,unacc\n" + random(40, "vhigh|high|med|low", "vhigh|low|med", "small|big", "acc|unacc"));
    data("vhigh,vhigh,2,2,small,low,unacc\n"
        + random(80, "vhigh|high", "vhigh|low", "2|3|4|5more", "2|4|more", "small|big", "low|med", "acc|unacc"));
    data("democrat,y,n,?\n" + random(60, "democrat|republican", "y|n|?", "y|n", "y|n|?"));
    data("p,x,s,n\n" + random(60, "e|p", "x|b|s|f", "s|y", "n|f|a|?"));
    data("spam,hello you\n" + random(40, "spam|ham", "ID"));
    data("2020-01-01,x1\n2020-01-02,y2\n2020-01-03,z3\n2020-01-04,w4\n");
  }

  // ---------------------------------------------------------------- numbers as names

  @Test
  void sequencesOfNumbersAboveOtherNumbersAreNames() {
    doubtfulHeader("0,1,2\n" + ROWS);
    doubtfulHeader("1,2,3\n" + ROWS);
    doubtfulHeader("0,1,2\n" + random(60, "N", "N", "0|1"));
    doubtfulHeader("0,1,2,3,4,5\n" + random(100, "N", "N", "N", "N", "N", "0.0|1.0"));
    doubtfulHeader("0,1\n" + random(60, "N", "0|1"));
    doubtfulHeader("0,1,2,target\n" + random(60, "N", "N", "N", "0|1"));
    doubtfulHeader("0,1,2,3\n" + random(60, "I", "I", "I", "I"));
    doubtfulHeader("2019,2020,label\n" + ROWS);
    doubtfulHeader("country,2018,2019,2020\nFR,500,610,700\nDE,50,61,470\nIT,5230,6100,7100\nES,77,99,88\n");
    doubtfulHeader("1100,1102,1104,1106,y\n" + random(30, "N", "N", "N", "N", "a|b"));
    doubtfulHeader("2019,label\n" + random(60, "N", "dog|cat"));
    doubtfulHeader("id,0.5,1.0,1.5\n" + random(30, "ID", "N", "N", "N"));
  }

  @Test
  void theOptionOverridesTheDecision() {
    Table names = Table.parse("f", ROWS, TableOptions.DEFAULTS.header(true));
    assertEquals(List.of("-0.5", "1.25", "dog"), names.names());
    assertEquals(4, names.rows());
    assertEquals(List.of(), doubts(names));
    Table data = Table.parse("f", "x,y,label\n" + ROWS, TableOptions.DEFAULTS.header(false));
    assertEquals(numbered(3), data.names());
    assertEquals(6, data.rows());
    assertEquals(List.of(), doubts(data));
  }

  // ---------------------------------------------------------------- columns without a name

  @Test
  void anUnnamedIndexIsLeftOut() {
    String out = "column 1 has no name and looks like an index: left out";
    for (String first : new String[] {"", "\"\"", "Unnamed: 0"}) {
      for (String index : new String[] {"0 1 2 3 4", "1 2 3 4 5", "17 3 99 41 5", "a b c d e"}) {
        StringBuilder s = new StringBuilder(first + ",x,y,label\n");
        String[] cells = index.split(" "), rows = ROWS.split("\n");
        for (int r = 0; r < rows.length; r++) s.append(cells[r]).append(',').append(rows[r]).append('\n');
        Table t = parse(s.toString());
        assertEquals(List.of("x", "y", "label"), t.names());
        assertEquals(List.of(first.startsWith("U") ? "column 1 is named 'Unnamed: 0' and looks like an index: left out"
            : out), t.notices());
        assertEquals(-3.5, ((NumberColumn) t.column(1)).value(1));
      }
    }
  }

  @Test
  void otherColumnsWithoutANameAreNumbered() {
    Table t = parse(",x,\n0.5,1,a\n0.5,2,b\n0.25,3,a\n");
    assertEquals(List.of("column1", "x", "column3"), t.names());
    assertEquals(List.of("column 1 has no name: named column1", "column 3 has no name: named column3"), t.notices());
    Table taken = parse("x,column3,\n0.5,1,a\n0.5,2,b\n");
    assertEquals(List.of("x", "column3", "column3_"), taken.names());
    Table empty = parse("x,,label\n1,,a\n2,,b\n");
    assertEquals(List.of("x", "label"), empty.names());
    assertEquals(List.of("column 2 is empty and has no name: left out"), empty.notices());
    Table data = parse("1.5,,a\n2.5,,b\n0.5,,a\n2.75,,b\n");
    assertEquals(List.of("column1", "column3"), data.names());
    Table named = parse("x,note,label\n1,,a\n2,,b\n");
    assertEquals(List.of("x", "note", "label"), named.names());
    Table kept = parse("Unnamed: 0,x\n5,1\n5,2\n");
    assertEquals(List.of("Unnamed: 0", "x"), kept.names(), "the values are not unique");
  }

  @Test
  void equalNamesAreRefusedInAHeaderOnly() {
    assertEquals("f:2: columns 1 and 3 are both named 'a'. Rename one.",
        assertThrows(DataException.class, () -> parse("\na,b, a\n1,2,3\n")).getMessage());
    assertEquals("f:1: columns 1 and 2 are both named 'caf\u00E9'. Rename one.",
        assertThrows(DataException.class, () -> parse("cafe\u0301,caf\u00E9\n1,2\n")).getMessage());
    data("y,n,y,y\n" + random(40, "y|n", "y|n", "y|n", "y|n"));
  }

  @Test
  void namesAreStrippedAndNormalized() {
    assertEquals(List.of("a", "b c", "d", "caf\u00E9"),
        parse(" a ,\u00A0b c,\" d \",cafe\u0301\n1,2,3,4\n").names());
  }

  // ---------------------------------------------------------------- names that a model expects

  private static Table parse(String text, String... expected) {
    return Table.parse("f", text, TableOptions.DEFAULTS.expect(List.of(expected)));
  }

  @Test
  void theNamesOfTheModelTellAHeader() {
    Table t = parse("red,blue\nred,x\ny,blue\nred,blue\n", "red", "blue");
    assertEquals(List.of("red", "blue"), t.names());
    assertEquals(List.of(), t.notices());
    assertEquals(List.of("0", "1"), parse("0,1\n1,0\n0,1\n", "0", "1").names());
    assertEquals(List.of("0", "1", "2"), parse("0,1,2\n1,0,5\n", "0", "1").names());
    assertEquals(List.of("kind", "red"), parse("kind,red\nkind,red\nkind,x\nkind,red\n", "kind", "size").names());
  }

  @Test
  void aModelTrainedWithoutAHeaderTakesColumnsByPosition() {
    Table t = parse("med,low,big\nhigh,vhigh,big\n", "column1", "column2", "column3");
    assertEquals(numbered(3), t.names());
    assertEquals(2, t.rows());
    Table header = parse("a,b,c\n1,2,3\n4,5,6\n", "column1", "column2", "column3");
    assertEquals(numbered(3), header.names());
    assertEquals(2, header.rows());
    assertEquals(List.of("line 1 (a, b, c) looks like names, which the model does not have: columns are taken by their "
        + "position"), header.notices());
    Table written = parse("column1,column2\n1,2\n4,5\n", "column1", "column2");
    assertEquals(2, written.rows());
    assertEquals(List.of(), written.notices());
    Table one = parse("5,3\n", "column1", "column2");
    assertEquals(1, one.rows());
  }

  // ---------------------------------------------------------------- small and large files

  @Test
  void aFileWithOnlyAHeaderIsRefused() {
    for (String text : new String[] {"x,y,label\n", "x,y,label", "x\n", "\"x\";y\n\n\n"}) {
      assertEquals("f: the file has only a header. Expected one line per example after it.",
          assertThrows(DataException.class, () -> parse(text), text).getMessage());
    }
  }

  @Test
  void aHeaderInTheMiddleDoesNotHideTheFirst() {
    assertEquals(List.of("x", "y", "label"), parse("x,y,label\n" + ROWS.repeat(20) + "x,y,label\n" + ROWS).names());
  }

  @Test
  void manyWaysToWriteTheSameTableGiveTheSameNames() {
    List<String> separators = List.of(",", ";", "\t", "|");
    for (int i = 0; i < 200; i++) {
      int width = 2 + random.nextInt(6), rows = 3 + random.nextInt(40);
      String[] kinds = new String[width];
      List<String> names = new ArrayList<>();
      for (int c = 0; c < width; c++) {
        kinds[c] = List.of("N", "I", "dog|cat", "a|b|c|?", "ID").get(c == 0 ? 0 : random.nextInt(5));
        names.add("name" + c);
      }
      String rowsText = random(rows, kinds), separator = separators.get(random.nextInt(4));
      boolean header = random.nextInt(2) == 0;
      String text = ((header ? String.join(",", names) + "\n" : "") + rowsText).replace(",", separator);
      Table t = parse(text);
      assertEquals(header ? names : numbered(width), t.names(), text);
      assertEquals(rows, t.rows());
    }
  }
}
