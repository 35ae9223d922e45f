// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ColumnTypingTest {
  private static final double NONE = Double.NaN;

  @Test
  void aColumnOfPlainNumbersIsTheArrayThatWasRead() {
    RawColumn raw = RawColumns.raw("1", "-2.5", "1e5");
    ColumnTyping typed = ColumnTyping.resolve("f", List.of("x"), List.of(raw), new int[] {2, 3, 4}, ',',
        TableOptions.DEFAULTS);
    assertEquals(true, raw.numbers == ((NumberColumn) typed.columns().get(0)).values());
    assertEquals(List.of(), typed.notices());
    assertEquals('.', typed.decimal());
  }

  @Test
  void numbersMayHaveSignsExponentsAndNoDigitBeforeOrAfterThePoint() {
    numbers(column(';', "+3", "\u22123", "1e5", "1E-3", ".5", "5.", "-.5"), 3, -3, 1e5, 1e-3, .5, 5, -.5);
  }

  @Test
  void blanksOfAnyKindAroundANumberDoNotMatter() {
    numbers(column(',', "\u00A01.5\u00A0", "\u20072", "3\t"), 1.5, 2, 3);
  }

  @Test
  void amountsAreReadWithoutTheirCurrency() {
    ColumnTyping t = new RawColumns(',').with("price", "$1,200.50", "-$5", "$-6", "7", "($1,000)", "8 USD").typed();
    numbers(t, 1200.5, -5, -6, 7, -1000, 8);
    assertEquals(List.of("column 'price': amounts, the currency is left out: $1,200.50 read as 1200.5",
        "column 'price': ($1,000) read as -1000"), t.notices());
    numbers(column(';', "1.200,50 €", "€ 5", "6€"), 1200.5, 5, 6);
  }

  @Test
  void twoCurrenciesInAColumnAreRefused() {
    refused("f:2: column 'x': '$5' and '6 €' (line 4) are in different currencies. Convert them to one, or pass --type "
        + "x=category to read strings.", new RawColumns(',').with("x", "$5", "7", "6 €"), TableOptions.DEFAULTS);
  }

  @Test
  void percentKeepsItsUnit() {
    ColumnTyping t = new RawColumns(',').with("rate", "45%", "0", "12.5 %", "").typed();
    numbers(t, 45, 0, 12.5, NONE);
    assertEquals(List.of("column 'rate': in percent, 45% read as 45"), t.notices());
  }

  @Test
  void percentSignsInSomeCellsOnlyAreRefused() {
    refused("f:3: column 'rate': '45%' has a percent sign, but '0.5' (line 2) has none. Write all values in the same "
        + "unit, or pass --type rate=category to read strings.", new RawColumns(',').with("rate", "0.5", "45%"),
        TableOptions.DEFAULTS);
  }

  @Test
  void commasBetweenThousandsAreRecognizedByFullNumbers() {
    numbers(column(';', "1,250,000", "1,250", "999"), 1250000, 1250, 999);
    numbers(column(';', "1,200.50", "1,250"), 1200.5, 1250);
    numbers(column(';', "1,250", "0.5"), 1250, .5);
  }

  @Test
  void aDecimalCommaIsRecognizedByWhatCannotBeThousands() {
    ColumnTyping t = new RawColumns(';').with("a", "0,400", "1,250", "2").with("b", "2,10", "3", "1.250").typed();
    numbers(t, .4, 1.25, 2);
    numbersOf(t, 1, 2.1, 3, 1250);
    assertEquals(',', t.decimal());
    assertEquals(List.of("columns 'a', 'b': decimal comma, 0,400 read as 0.4"), t.notices());
  }

  @Test
  void pointsSeparateThousandsWhereTheFileHasADecimalComma() {
    ColumnTyping t = new RawColumns(';').with("a", "0,5", "1", "2").with("b", "1.200", "3", "1.000").typed();
    numbersOf(t, 1, 1200, 3, 1000);
    assertEquals(List.of("column 'a': decimal comma, 0,5 read as 0.5",
        "column 'b': 1.200 read as 1200 (--decimal . if it means 1.2)"), t.notices());
    numbers(column(';', "1.200,50", "1.200", "1.200.000"), 1200.5, 1200, 1200000);
  }

  @Test
  void aPointIsADecimalPointUnlessTheFileSaysOtherwise() {
    numbers(column(';', "1.200", "2.400"), 1.2, 2.4);
    ColumnTyping t = new RawColumns(';').with("a", "0,5", "1").with("b", "1.250", "1.5").typed();
    numbersOf(t, 1, 1.25, 1.5);
    assertEquals(0, t.decimal(), "the columns differ");
  }

  @Test
  void evidenceInOtherColumnsDecidesIfItIsUnanimous() {
    ColumnTyping t = new RawColumns('\t').with("income", "1,250", "2,400").with("x", "1.5", "2.25").typed();
    numbers(t, 1250, 2400);
    assertEquals(List.of("column 'income': 1,250 read as 1250 (--decimal , if it means 1.25)"), t.notices());
    numbers(new RawColumns('\t').with("income", "1,250", "2,400").with("x", "1,5", "2").typed(), 1.25, 2.4);
    refused("f:2: column 'income': '1,250' may mean 1250 or 1.25. Pass --decimal . for 1250, or --decimal , for 1.25.",
        new RawColumns('\t').with("income", "1,250").with("x", "1,5").with("y", "1.5"), TableOptions.DEFAULTS);
  }

  @Test
  void quotedCommasInACommaSeparatedFileSeparateThousands() {
    ColumnTyping t = new RawColumns(',').with("income", "1,200", "901").typed();
    numbers(t, 1200, 901);
    assertEquals(List.of("column 'income': 1,200 read as 1200 (--decimal , if it means 1.2)"), t.notices());
    assertEquals('.', t.decimal());
    numbers(new RawColumns(',').with("a", "1,2", "3").with("b", "1,200", "3").typed(), 1.2, 3);
  }

  @Test
  void thousandsBesideSmallerWholeNumbersAreUnambiguous() {
    ColumnTyping t = new RawColumns('\t').with("income", "1,250", "999", "2,400").with("age", "20", "21", "22").typed();
    numbers(t, 1250, 999, 2400);
    assertEquals(List.of("column 'income': 1,250 read as 1250 (--decimal , if it means 1.25)"), t.notices());
  }

  @Test
  void pointsBetweenThousandsBesideSmallerWholeNumbersAreRecognized() {
    ColumnTyping t = new RawColumns(';').with("income", "1.250", "999", "2.401").with("age", "20", "21", "22").typed();
    numbers(t, 1250, 999, 2401);
    assertEquals(List.of("column 'income': 1.250 read as 1250 (--decimal . if it means 1.25)"), t.notices());
    assertEquals(',', t.decimal());
    numbers(new RawColumns(';').with("income", "1.250", "999").with("x", "0.5", "1").typed(), 1.25, 999);
    numbers(new RawColumns(';').with("income", "1.250", "999").typed(TableOptions.DEFAULTS.decimal('.')), 1.25, 999);
    numbers(column(';', "1.251", "999", "2.402"), 1.251, 999, 2.402);
    numbers(column(';', "1.250", "99", "2.400"), 1.25, 99, 2.4);
    refused("f:2: column 'x': '1.250' may mean 1.25 or 1250. Pass --decimal . for 1.25, or --decimal , for 1250.",
        new RawColumns(',').with("x", "1.250", "999", "2.401"), TableOptions.DEFAULTS);
  }

  @Test
  void numbersThatMayMeanTwoThingsAreRefused() {
    String message = "f:3: column 'x': '1,250' may mean 1250 or 1.25. Pass --decimal . for 1250, or --decimal , for "
        + "1.25.";
    for (String[] cells : new String[][] {{"", "1,250", "2,400"}, {"1250", "1,250", "2,400"}, {"1", "1,250", "2,400"},
        {"0", "1,250", "2,500"}, {"120", "1,250", "250,500"}, {"1.250", "1,250", "2,400"}}) {
      refused(message, new RawColumns(';').with("x", cells), TableOptions.DEFAULTS);
    }
  }

  @Test
  void theAdviceForAmbiguousNumbersWorks() {
    String[] cells = {"1,250", "2,400", "1250"};
    numbers(new RawColumns(';').with("x", cells).typed(TableOptions.DEFAULTS.decimal('.')), 1250, 2400, 1250);
    numbers(new RawColumns(';').with("x", cells).typed(TableOptions.DEFAULTS.decimal(',')), 1.25, 2.4, 1250);
    ColumnTyping t = new RawColumns(';').with("x", cells).with("lat", "49.0242", "51.1", "48.2")
        .typed(TableOptions.DEFAULTS.decimal(','));
    numbersOf(t, 1, 49.0242, 51.1, 48.2);
  }

  @Test
  void theMarkOfTheTrainingDataDecidesWhatTheFileLeavesOpen() {
    TableOptions point = TableOptions.DEFAULTS.usualDecimal('.'), comma = TableOptions.DEFAULTS.usualDecimal(',');
    String[] cells = {"1,250", "1250", "999"};
    numbers(new RawColumns('\t').with("x", cells).typed(point), 1250, 1250, 999);
    numbers(new RawColumns('\t').with("x", cells).typed(comma), 1.25, 1250, 999);
    numbers(new RawColumns('\t').with("x", "1.200", "5").typed(comma), 1200, 5);
    numbers(new RawColumns('\t').with("x", "1.200", "1.5").typed(comma), 1.2, 1.5);
    numbers(new RawColumns('\t').with("x", "1,200", "1,5").typed(point), 1.2, 1.5);
  }

  @Test
  void contradictoryMarksInAColumnAreRefused() {
    refused("f:2: column 'x': '1,5' is a number with a decimal comma only, but '1,200.50' (line 4) with a decimal "
        + "point only. Write all numbers of the column in one style, or pass --type x=category to read strings.",
        new RawColumns(';').with("x", "1,5", "", "1,200.50"), TableOptions.DEFAULTS);
    refused("f:2: column 'x': '1.5' is a number with a decimal point only, but '2,5' (line 3) with a decimal comma "
        + "only. Write all numbers of the column in one style, or pass --type x=category to read strings.",
        new RawColumns(';').with("x", "1.5", "2,5"), TableOptions.DEFAULTS);
    assertEquals(ColumnType.CATEGORY, new RawColumns(';').with("x", "1.5", "2,5")
        .typed(TableOptions.DEFAULTS.type("x", ColumnType.CATEGORY)).columns().get(0).type());
  }

  @Test
  void blanksAndApostrophesMaySeparateThousands() {
    ColumnTyping t = column(';', "1 250", "1\u00A0250\u00A0000", "1\u202F250,5", "12'500");
    numbers(t, 1250, 1250000, 1250.5, 12500);
    numbers(column(';', "1'250.5", "1\u2019250"), 1250.5, 1250);
    assertEquals(List.of("column 'x': 1 250 read as 1250"), column(';', "1 250", "5").notices());
  }

  @Test
  void markersMeanMissingInAColumnOfNumbers() {
    for (String marker : new String[] {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-", "."}) {
      ColumnTyping t = column(',', "1", marker, "3");
      numbers(t, 1, NONE, 3);
      assertEquals(List.of(), t.notices());
      assertEquals(Map.of(), ((NumberColumn) t.columns().get(0)).words());
    }
  }

  @Test
  void fewerMarkersMeanMissingInAColumnOfStrings() {
    ColumnTyping t = column(',', "a", "None", "-", ".", "", "NA", "N/A", "NaN", "nan", "null", "NULL", "?", "a");
    TextColumn texts = assertInstanceOf(TextColumn.class, t.columns().get(0));
    assertEquals(List.of("a", "None", "-", "."), texts.values());
    assertEquals(8, texts.missing());
    assertEquals("a", texts.text(12));
  }

  @Test
  void markersFromTheOptionsHoldEverywhereAndAlsoAsNumbers() {
    TableOptions o = TableOptions.DEFAULTS.missing(List.of("-999", " unknown "));
    ColumnTyping t = new RawColumns(';').with("a", "1", "-999", "-999.0", "unknown").with("b", "0,5", "-999,0", "3", "")
        .with("c", "x", "unknown", "-999", "y").typed(o);
    numbers(t, 1, NONE, NONE, NONE);
    numbersOf(t, 1, .5, NONE, 3, NONE);
    assertEquals(List.of("x", "y"), ((TextColumn) t.columns().get(2)).values());
  }

  @Test
  void upToFivePercentOfOtherCellsCountAsMissing() {
    String[] cells = new String[20];
    Arrays.fill(cells, "1");
    cells[7] = "abc";
    ColumnTyping t = new RawColumns(',').with("age", cells).typed();
    assertEquals(List.of("column 'age': 1 of 20 cells is not a number and counts as missing, such as 'abc' (line 9)"),
        t.notices());
    NumberColumn column = (NumberColumn) t.columns().get(0);
    assertEquals(Map.of(7, "abc"), column.words());
    assertEquals(true, column.isMissing(7));
    cells[8] = "inf";
    t = new RawColumns(',').with("age", cells).typed();
    assertEquals(ColumnType.CATEGORY, t.columns().get(0).type());
    assertEquals(List.of("column 'age': 18 of 20 cells are numbers, the others are not, such as 'abc' (line 9), 'inf' "
        + "(line 10): read as categories; --type age=number makes the others missing"), t.notices());
    t = new RawColumns(',').with("age", cells).typed(TableOptions.DEFAULTS.type("age", ColumnType.NUMBER));
    assertEquals(ColumnType.NUMBER, t.columns().get(0).type());
    assertEquals(List.of("column 'age': 2 of 20 cells are not numbers and count as missing, such as 'abc' (line 9), "
        + "'inf' (line 10)"), t.notices());
  }

  @Test
  void categoriesKeepTheirNumbersAsTheyAreWritten() {
    TextColumn texts = (TextColumn) column(',', "007", "1.50", "a", "b").columns().get(0);
    assertEquals(List.of("007", "1.50", "a", "b"), texts.values());
  }

  @Test
  void wholeNumbersBeyondDoublePrecisionAreIdentifiers() {
    String[] ids = {"9007199254740993", "9007199254740992", "12"};
    ColumnTyping t = new RawColumns(',').with("id", ids).typed();
    assertEquals(List.of(ids), ((TextColumn) t.columns().get(0)).values());
    assertEquals(List.of("column 'id': whole numbers with more digits than a double holds, read as categories; "
        + "--type id=number rounds them"), t.notices());
    numbers(new RawColumns(',').with("id", ids).typed(TableOptions.DEFAULTS.type("1", ColumnType.NUMBER)),
        9007199254740992.0, 9007199254740992.0, 12);
    numbers(column(',', "9007199254740993", "0.5"), 9007199254740992.0, .5);
  }

  @Test
  void numbersBeyondTheRangeOfDoublesAreRefused() {
    String digits = "1".repeat(4_000_000);
    refused("f:3: column 'x': '" + "1".repeat(40) + "…' is too large for a double",
        new RawColumns(',').with("x", "1", digits), TableOptions.DEFAULTS);
    refused("f:2: column 'x': '-1e999' is too large for a double", new RawColumns(',').with("x", "-1e999", "2"),
        TableOptions.DEFAULTS);
    assertEquals(ColumnType.CATEGORY, column(',', "1e999", "a", "b").columns().get(0).type());
    numbers(column(',', "1e-999", "1"), 0, 1);
  }

  @Test
  void isoDatesAreDays() {
    ColumnTyping t = new RawColumns(',').with("when", "1970-01-02", "2000-03-01T12:00", "", "-").typed();
    assertEquals(ColumnType.DATE, t.columns().get(0).type());
    assertArrayEquals(new double[] {1, 11017.5, NONE, NONE}, ((NumberColumn) t.columns().get(0)).values());
    assertEquals(List.of("column 'when': dates, read as days since 1970-01-01; --drop when leaves it out"),
        t.notices());
    assertEquals(List.of("columns 'a', 'b': dates, read as days since 1970-01-01; --drop leaves them out"),
        new RawColumns(',').with("a", "1970-01-02").with("b", "1970-01-02").typed().notices());
    assertEquals(ColumnType.CATEGORY, column(',', "1970-01-02", "02/18/2020").columns().get(0).type());
  }

  @Test
  void aFewCellsThatAreNotDatesCountAsMissing() {
    String[] cells = new String[20];
    Arrays.fill(cells, "2026-11-29");
    cells[3] = "2026-02-30";
    ColumnTyping t = new RawColumns(',').with("when", cells).typed();
    assertEquals("column 'when': 1 of 20 cells are not dates and count as missing, such as '2026-02-30' (line 5)",
        t.notices().get(1));
    cells[3] = "20261129";
    t = new RawColumns(',').with("when", cells).typed();
    assertEquals(Map.of(3, "20261129"), ((NumberColumn) t.columns().get(0)).words());
    assertEquals(2, t.notices().size());
  }

  @Test
  void aColumnThatDoesNotHaveItsTypeInTheTrainingDataIsRefused() {
    TableOptions usual = TableOptions.DEFAULTS.usualTypes(
        Map.of("age", ColumnType.NUMBER, "when", ColumnType.DATE, "zip", ColumnType.CATEGORY, "x", ColumnType.NUMBER));
    refused("f:3: column 'age': expected a number, found 'abc'. Fix the value, or count it as missing: "
        + "--type age=number.",
        new RawColumns(',').with("age", "1", "abc"), usual);
    refused("f:2: column 'when': expected a date such as 2026-11-29, found '5'. Fix the value, or count it as "
        + "missing: --type when=date.",
        new RawColumns(',').with("when", "5", "2026-11-29"), usual);
    assertEquals(List.of("007", "8"),
        ((TextColumn) new RawColumns(',').with("zip", "007", "8").typed(usual).columns().get(0)).values());
    numbers(new RawColumns(',').with("age", "", "-").typed(usual), NONE, NONE);
    numbers(new RawColumns(',').with("age", "9007199254740993").typed(usual), 9007199254740992.0);
  }

  @Test
  void aLineNamesAtMostTwelveColumnsAndAddsUpTheirCells() {
    RawColumns columns = new RawColumns(';');
    for (int c = 1; c <= 14; c++) columns.with("c" + c, "0,5", "2");
    assertEquals(List.of("columns 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10', 'c11', 'c12' and 2 "
        + "more: decimal comma, 0,5 read as 0.5"), columns.typed().notices());
    ColumnTyping t = new RawColumns(',').with("a", "x", "1", "y").with("b", "1", "2", "z")
        .typed(TableOptions.DEFAULTS.type("a", ColumnType.NUMBER).type("b", ColumnType.NUMBER));
    assertEquals(List.of("columns 'a', 'b': 3 cells are not numbers and count as missing, such as 'x' (line 2), 'y' "
        + "(line 4)"), t.notices());
    t = new RawColumns(',').with("a", "x", "1", "y").with("b", "1", "2", "z").typed();
    assertEquals(List.of("columns 'a', 'b': 3 cells are numbers, the others are not, such as 'x' (line 2), 'y' (line 4)"
        + ": read as categories; --type NAME=number makes the others missing"), t.notices());
  }

  @Test
  void namesAreQuotedForTheShellInAdvice() {
    assertEquals("column 'a b': 1 of 2 cells are numbers, the others are not, such as 'x' (line 2): read as "
        + "categories; --type \"a b=number\" makes the others missing",
        new RawColumns(',').with("a b", "x", "1").typed().notices().get(0));
    assertEquals("column 'a,b': dates, read as days since 1970-01-01; --drop 1 leaves it out",
        new RawColumns(',').with("a,b", "2026-11-29").typed().notices().get(0));
  }

  @Test
  void datesOfTheTrainingDataAndDatesOnRequestAreDates() {
    TableOptions date = TableOptions.DEFAULTS.type("when", ColumnType.DATE);
    NumberColumn column = (NumberColumn) new RawColumns(',').with("when", "1970-01-03", "20261129", "").typed(date)
        .columns().get(0);
    assertEquals(ColumnType.DATE, column.type());
    assertArrayEquals(new double[] {2, NONE, NONE}, column.values());
    assertEquals(Map.of(1, "20261129"), column.words());
    ColumnTyping usual = new RawColumns(',').with("when", "", "NA")
        .typed(TableOptions.DEFAULTS.usualTypes(Map.of("when", ColumnType.DATE)));
    assertEquals(ColumnType.DATE, usual.columns().get(0).type());
    assertEquals(List.of(), usual.notices());
  }

  @Test
  void exactColumnsAreStrings() {
    TextColumn texts = (TextColumn) new RawColumns(',').with("x", "007", "7", "7.0")
        .typed(TableOptions.DEFAULTS.exact(Set.of("x"))).columns().get(0);
    assertEquals(List.of("007", "7", "7.0"), texts.values());
  }

  @Test
  void aColumnOfOnlyMissingCellsIsOneOfNumbersWithoutValues() {
    numbers(column(',', "", "NA", "None"), NONE, NONE, NONE);
  }

  @Test
  void stringsAreComparedInNfcWithoutBlanksAround() {
    TextColumn texts = (TextColumn) new RawColumns(',')
        .withStrings("x", "caf\u00E9", "cafe\u0301", "\u00A0b ", "b", "c").typed().columns().get(0);
    assertEquals(List.of("caf\u00E9", "b", "c"), texts.values());
    assertArrayEquals(new int[] {0, 0, 1, 1, 2}, new int[] {texts.code(0), texts.code(1), texts.code(2), texts.code(3),
        texts.code(4)});
  }

  @Test
  void aTypeForAnUnknownColumnIsRefused() {
    refused("f: no column 'y'; the columns are x", new RawColumns(',').with("x", "1"),
        TableOptions.DEFAULTS.type("y", ColumnType.NUMBER));
  }

  private static ColumnTyping column(char separator, String... cells) {
    ColumnTyping typed = new RawColumns(separator).with("x", cells).typed();
    ColumnTyping fromStrings = new RawColumns(separator).withStrings("x", cells).typed();
    assertEquals(typed.notices(), fromStrings.notices());
    for (int r = 0; r < cells.length; r++) {
      assertEquals(typed.columns().get(0).text(r), fromStrings.columns().get(0).text(r), cells[r]);
    }
    return typed;
  }

  private static void numbers(ColumnTyping typed, double... expected) {
    numbersOf(typed, 0, expected);
  }

  private static void numbersOf(ColumnTyping typed, int column, double... expected) {
    NumberColumn numbers = assertInstanceOf(NumberColumn.class, typed.columns().get(column));
    assertEquals(ColumnType.NUMBER, numbers.type());
    assertArrayEquals(expected, numbers.values());
  }

  private static void refused(String message, RawColumns columns, TableOptions options) {
    assertEquals(message, assertThrows(DataException.class, () -> columns.typed(options)).getMessage());
  }
}
