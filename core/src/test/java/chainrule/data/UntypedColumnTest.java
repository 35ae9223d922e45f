// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Columns from elsewhere have the types of the columns of a file with the same cells. */
class UntypedColumnTest {
  private static final double NAN = Double.NaN;

  private static Table typed(UntypedColumn column) {
    return Table.typed("f", List.of(column), TableOptions.DEFAULTS);
  }

  private static UntypedColumn strings(String... cells) {
    return UntypedColumn.strings("a", Arrays.asList(cells));
  }

  @Test void stringsAreReadAsInAFile() {
    for (String[] cells : new String[][] {{"1", "2.5", "NA"}, {"x", "NA", "y", "x "}, {"0,5", "1.250"}, {"45%", "5%"},
        {"2026-11-29", "NaT", "2026-11-30"}, {"9007199254740993", "5"}, {"abc", "1", "2"}, {"", "NA"}, {"1,250", "1"},
        {"E\u0301", "\u00C9"}, {"-", "None", "3"}}) {
      StringBuilder csv = new StringBuilder("a,b\n");
      for (String cell : cells) csv.append('"').append(cell).append("\",1\n");
      Column expected = Table.parse("f", csv.toString(), TableOptions.DEFAULTS.header(true)).column(0);
      Table table = typed(strings(cells));
      Column found = table.column(0);
      assertEquals(expected.type(), found.type(), cells[0]);
      for (int r = 0; r < cells.length; r++) assertEquals(expected.text(r), found.text(r), cells[0]);
      if (expected instanceof TextColumn t) assertEquals(t.values(), ((TextColumn) found).values());
      assertEquals(2, table.line(1));
    }
  }

  @Test void numbersAreNumbersBeyondDoubt() {
    Table table = typed(UntypedColumn.numbers("a", 1.25, NAN, 100));
    assertArrayEquals(new double[] {1.25, NAN, 100}, ((NumberColumn) table.column(0)).values());
    assertEquals('.', table.decimal());
    assertEquals(List.of(), table.notices());
    // in a file, 1.250 and 100 could be whole numbers with a point between thousands
    Table european = Table.typed("f", List.of(UntypedColumn.numbers("a", 1.25, 100)),
        TableOptions.DEFAULTS.usualDecimal(','));
    assertArrayEquals(new double[] {1.25, 100}, ((NumberColumn) european.column(0)).values());
  }

  @Test void numbersAndStringsOfOneColumnAreReadTogether() {
    double[] numbers = {5, NAN, 7, NAN};
    int[] codes = {-1, 1, -1, -1};
    Table table = typed(UntypedColumn.of("a", numbers, codes, List.of("unused", "9007199254740993")));
    assertEquals(ColumnType.CATEGORY, table.column(0).type());
    assertEquals(List.of("5", "9007199254740993", "7"), ((TextColumn) table.column(0)).values());
    assertEquals("", table.column(0).text(3));
    assertEquals(List.of("column 'a': whole numbers with more digits than a double holds, read as categories; "
        + "--type a=number rounds them"), table.notices());
  }

  @Test void theOrderOfTheStringsLeavesNoTrace() {
    List<String> one = ((TextColumn) typed(UntypedColumn.of("a", null, new int[] {2, 0, 2, 1}, List.of("x", "y", "z")))
        .column(0)).values();
    assertEquals(List.of("z", "x", "y"), one);
    List<String> twice = ((TextColumn) typed(UntypedColumn.of("a", null, new int[] {1, 0, 2}, List.of("x", "y", "y")))
        .column(0)).values();
    assertEquals(List.of("y", "x"), twice);
  }

  @Test void stringsThatAreNumbersHaveANotice() {
    String text = "strings that are numbers, read as numbers; ";
    assertEquals(List.of("column 'a': " + text + "--type a=category reads categories"),
        typed(strings("1", "2")).notices());
    assertEquals(List.of("columns 'a', 'b': " + text + "--type NAME=category reads categories"),
        Table.typed("f", List.of(strings("1", "2"), UntypedColumn.strings("b", List.of("3", "4"))),
            TableOptions.DEFAULTS).notices());
    assertEquals(List.of(), Table.typed("f", List.of(strings("1", "2")),
        TableOptions.DEFAULTS.type("a", ColumnType.NUMBER)).notices());
    assertEquals(List.of(), Table.typed("f", List.of(strings("1", "2")),
        TableOptions.DEFAULTS.usualTypes(Map.of("a", ColumnType.NUMBER))).notices());
    assertEquals(List.of(), typed(strings("NA", null)).notices());
  }

  @Test void whatIsNoColumnIsRefused() {
    assertEquals("row 1: expected a finite number or NaN, found -Infinity", assertThrows(
        IllegalArgumentException.class, () -> UntypedColumn.numbers("a", 1, Double.NEGATIVE_INFINITY)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> UntypedColumn.of("a", null, null, List.of()));
    assertThrows(IllegalArgumentException.class, () -> UntypedColumn.of("a", new double[2], new int[1], List.of("x")));
    assertThrows(IndexOutOfBoundsException.class, () -> UntypedColumn.of("a", null, new int[] {1}, List.of("x")));
    assertThrows(IllegalArgumentException.class, () -> Table.typed("f", List.of(), TableOptions.DEFAULTS));
    assertThrows(IllegalArgumentException.class, () -> Table.typed("f",
        List.of(strings("x"), UntypedColumn.strings("b", List.of("x", "y"))), TableOptions.DEFAULTS));
  }
}
