// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArffReaderTest {
  private static final String PETS = "@relation pets\n@attribute x numeric\n@attribute class {cat,dog}\n@data\n";

  private static Table read(String text, TableOptions options) {
    try {
      return ArffReader.read("f", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Table read(String text) {
    return read(text, TableOptions.DEFAULTS);
  }

  private static List<String> row(Table t, int r) {
    return t.columns().stream().map(c -> c.isMissing(r) ? "(missing)" : c.text(r)).toList();
  }

  private static void refused(String message, String text) {
    assertEquals(message, assertThrows(DataException.class, () -> read(text)).getMessage());
  }

  private static boolean looksLikeArff(String text) {
    byte[] b = text.getBytes(StandardCharsets.UTF_8);
    return ArffReader.looksLikeArff(b, b.length);
  }

  @Test
  void readsNamesTypesAndMissingValues() {
    Table t = read("% a comment\n\n@RELATION 'my pets'\n@Attribute x REAL % weight\n@attribute class {cat, dog}\n"
        + "@attribute n integer [0, 9]\n@attribute s string\n@DATA\n-0.5,dog,3,hello world\n?,cat,?,?\n% no row\n\n"
        + "1e3, ?, 4, 'it\\'s, ok' % said\n");
    assertEquals(List.of("x", "class", "n", "s"), t.names());
    assertEquals(List.of("-0.5", "dog", "3", "hello world"), row(t, 0));
    assertEquals(List.of("(missing)", "cat", "(missing)", "(missing)"), row(t, 1));
    assertEquals(List.of("1000", "(missing)", "4", "it's, ok"), row(t, 2));
    assertEquals(List.of(ColumnType.NUMBER, ColumnType.CATEGORY, ColumnType.NUMBER, ColumnType.CATEGORY),
        t.columns().stream().map(Column::type).toList());
    assertEquals(List.of("cat", "dog"), ((TextColumn) t.column(1)).values(), "in declared order");
    assertArrayEquals(new int[] {9, 10, 13}, new int[] {t.line(0), t.line(1), t.line(2)});
    assertEquals(List.of(), t.notices());
  }

  @Test
  void namesAndNominalValuesMayBeInQuotes() {
    Table t = read("@relation r\n@attribute 'x y' numeric\n"
        + "@attribute \"a \\\"b\\\"\" {'c d', \"e,f\", 'g}h', i j , 'k\\'l'}\n"
        + "@attribute z{u,v}\n@data\n1,'c d',u\n2,'e,f',v\n3,\"g}h\",u\n4,i j,v\n5,\"k'l\",\"u\"\n");
    assertEquals(List.of("x y", "a \"b\"", "z"), t.names());
    assertEquals(List.of("c d", "e,f", "g}h", "i j", "k'l"), ((TextColumn) t.column(1)).values());
    for (int r = 0; r < 5; r++) assertEquals(r, ((TextColumn) t.column(1)).code(r));
  }

  @Test
  void rowsWithoutCommasAreSeparatedByTabsOrBlanks() {
    assertEquals(List.of("1", "dog"), row(read(PETS + "1\tdog\n"), 0));
    assertEquals(List.of("1", "dog"), row(read(PETS + "  1   dog  \n"), 0));
    assertEquals(List.of("1", "dog"), row(read(PETS + "1\t \t'dog'\n"), 0));
    assertEquals(List.of("1", "big dog"), row(read(PETS.replace("dog", "big dog") + "1\tbig dog\n"), 0));
    assertEquals(List.of("1", "dog"), row(read(PETS.replace("cat,dog", "cat dog") + "1,dog\n"), 0));
  }

  @Test
  void everyLineEndAndAByteOrderMarkAreRead() {
    for (String end : new String[] {"\n", "\r\n", "\r"}) {
      Table t = read(("\uFEFF" + PETS + "1,dog\n2,cat").replace("\n", end));
      assertEquals(2, t.rows());
      assertEquals(6, t.line(1));
    }
  }

  @Test
  void sparseRowsLeaveOutZerosAndFirstValues() {
    Table t = read("@relation r\n@attribute a numeric\n@attribute b {x,y,'z z'}\n@attribute c numeric\n@data\n"
        + "{0 5, 1 y}\n{}\n{1 'z z', 2 -1.5}\n{ 2 ? }\n{1 ?,2 7}\n");
    assertEquals(List.of("5", "y", "0"), row(t, 0));
    assertEquals(List.of("0", "x", "0"), row(t, 1));
    assertEquals(List.of("0", "z z", "-1.5"), row(t, 2));
    assertEquals(List.of("0", "x", "(missing)"), row(t, 3));
    assertEquals(List.of("0", "(missing)", "7"), row(t, 4));
    String wrong = "expected increasing attribute numbers from 0 to 1 with a value each, as in {1 X, 3 Y}, found ";
    refused("f:5: " + wrong + "'2 5'", PETS + "{2 5}\n");
    refused("f:5: " + wrong + "'0 2'", PETS + "{1 dog, 0 2}\n");
    refused("f:5: " + wrong + "'0 2'", PETS + "{0 1, 0 2}\n");
    refused("f:5: " + wrong + "'1'", PETS + "{1}\n");
    refused("f:5: " + wrong + "'-1 5'", PETS + "{-1 5}\n");
    refused("f:5: expected '}'", PETS + "{0 1\n");
    refused("f:5: expected the end of the line after '}', found 'x'", PETS + "{0 1} x\n");
    refused("f:4: column 's': a sparse row leaves out the value of a string. Write it.",
        "@attribute x real\n@attribute s string\n@data\n{0 1}\n");
  }

  @Test
  void instanceWeightsAreIgnoredWithANotice() {
    List<String> notice = List.of("instance weights ({…} at the end of a line) are ignored");
    for (String line : new String[] {"1,dog,{5}", "1, dog, {0.5}", "{0 1, 1 dog}, {2}", "{0 1,1 dog} {2}"}) {
      Table t = read(PETS + line + "\n");
      assertEquals(List.of("1", "dog"), row(t, 0), line);
      assertEquals(notice, t.notices(), line);
    }
  }

  @Test
  void datesAreDaysSince1970() {
    Table t = read("@attribute a date \"dd/MM/yyyy\"\n@attribute b date\n@attribute c date 'yyyy'\n@attribute d DATE "
        + "\"yyyy-MM-dd HH:mm\"\n@data\n02/01/1970,1970-01-03T12:00:00,1971,\"1970-01-01 06:00\"\n?,1970-01-03,?,?\n");
    assertEquals(List.of("1", "2.5", "365", "0.25"), row(t, 0));
    assertEquals(ColumnType.DATE, t.column(0).type());
    assertEquals(List.of("(missing)", "2", "(missing)", "(missing)"), row(t, 1));
    refused("f:3: column 'a': expected a date in the declared format, found '1970-01-02'. Fix the value, or write ? "
        + "if it is missing.", "@attribute a date dd/MM/yyyy\n@data\n1970-01-02\n");
    refused("f:1: column 'a': expected a date format such as \"yyyy-MM-dd\", found 'qqqqqqqb'",
        "@attribute a date qqqqqqqb\n@data\n1\n");
  }

  @Test
  void errorsNameTheLineAndTheColumn() {
    refused("f:6: column 'class': 'cow' is not among the declared values (cat, dog). Fix the value, or add it to the "
        + "@attribute line.", PETS + "1,cat\n2,cow\n");
    refused("f:5: column 'x': expected a number, found 'abc'. Fix the value, or write ? if it is missing.",
        PETS + "abc,cat\n");
    refused("f:5: column 'x': expected a number, found '1,5'. Fix the value, or write ? if it is missing.",
        PETS + "'1,5',cat\n");
    refused("f:5: column 'x': '1e999' is too large for a double", PETS + "1e999,cat\n");
    String count = ", one for each @attribute line, found ", check = ". Check for a missing or extra comma, or put "
        + "values that contain separators in quotes.";
    refused("f:5: expected 2 values" + count + "1" + check, PETS + "1\n");
    refused("f:5: expected 2 values" + count + "3" + check, PETS + "1,cat,dog\n");
    refused("f:5: expected 2 values" + count + "3" + check, PETS + "1,cat,{x}\n");
    refused("f:5: a quote is never closed", PETS + "1,'cat\n");
    refused("f:5: expected a separator after the closing quote, found 'x'. Put a backslash before a quote inside "
        + "quotes.",
        PETS + "1,'cat'x\n");
    refused("f: no rows after @data. Expected one line per example.", PETS);
    refused("f: no @data line. Expected @relation, @attribute lines, @data, then rows.",
        "@relation r\n@attribute x real\n");
    refused("f:2: @data without @attribute lines before it", "@relation r\n@data\n");
    refused("f:2: expected @attribute or @data, found '1,2'", "@relation r\n1,2\n");
    refused("f:2: columns 1 and 2 are both named 'x'. Rename one.",
        "@attribute x real\n@attribute 'x' real\n@data\n1,2\n");
    refused("f:1: column 'x': expected a type (numeric, real, integer, string, date or {a,b}), found 'float'",
        "@attribute x float\n");
    refused("f:1: column 'x': expected a type (numeric, real, integer, string, date or {a,b}), found ''",
        "@attribute x\n");
    refused("f:1: column 'x': relational attributes (tables in cells) are not supported. Write one row per example and "
        + "one column per value.", "@attribute x relational\n");
    refused("f:1: column 'x': the value 'a' is declared twice", "@attribute x {a,'a'}\n");
    refused("f:1: column 'x': expected '}'", "@attribute x {a,b\n");
    refused("f:1: column 'x': expected values between { and }", "@attribute x { }\n");
    refused("f:1: @attribute: expected a name and a type", "@attribute\n");
    refused("f:1: @attribute: the quote around the name is never closed", "@attribute 'x real\n");
  }

  @Test
  void aCommaAtTheEndOfALineIsAccepted() {
    assertEquals(List.of("1", "dog"), row(read(PETS + "1,dog,\n"), 0));
  }

  @Test
  void aQuotedQuestionMarkIsAValue() {
    Table t = read("@attribute s string\n@attribute n {'?',a}\n@data\n'?',?\n?,'?'\n");
    assertEquals(List.of("?", "(missing)"), row(t, 0));
    assertEquals(List.of("(missing)", "?"), row(t, 1));
  }

  @Test
  void theOptionsForTypesAndMissingValuesApply() {
    String text = "@attribute zip numeric\n@attribute k {1,2,none}\n@attribute d string\n@data\n007,2,1970-01-02\n-9,"
        + "none,?\n";
    Table t = read(text, TableOptions.DEFAULTS.exact(Set.of("zip")).type("2", ColumnType.NUMBER)
        .type("d", ColumnType.DATE).missing(List.of("-9")));
    assertEquals(List.of("007", "2", "1"), row(t, 0));
    assertTrue(t.column(0).isMissing(1) && t.column(1).isMissing(1) && t.column(2).isMissing(1));
    assertEquals(Map.of(1, "none"), ((NumberColumn) t.column(1)).words());
    assertEquals(ColumnType.DATE, t.column(2).type());
    Table usual = read("@attribute a {0,1}\n@attribute b numeric\n@data\n1,1\n", TableOptions.DEFAULTS.usualTypes(
        Map.of("a", ColumnType.NUMBER, "b", ColumnType.CATEGORY)));
    assertEquals(ColumnType.NUMBER, usual.column(0).type());
    assertEquals(ColumnType.CATEGORY, usual.column(1).type());
  }

  @Test
  void invalidUtf8IsRefused() {
    byte[] bytes = (PETS + "1,d\u00E4g\n").getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("f: not valid UTF-8. Save the file as UTF-8.", assertThrows(DataException.class,
        () -> ArffReader.read("f", new ByteArrayInputStream(bytes), TableOptions.DEFAULTS)).getMessage());
  }

  @Test
  void arffIsRecognizedByItsFirstDeclaration() {
    for (String yes : new String[] {PETS, "%\n\n  % x\r\n@RELATION r", "\uFEFF@attribute x real", "@relation\tr",
        "@relation", "@relation'r'"}) {
      assertTrue(looksLikeArff(yes), yes);
    }
    for (String no : new String[] {"", "%", "a,b\n@relation r", "@relations,x\n1,2", "@user,text\n", "relation"}) {
      assertFalse(looksLikeArff(no), no);
    }
  }
}
