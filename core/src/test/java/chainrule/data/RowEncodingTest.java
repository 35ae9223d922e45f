// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Tests the encoding of single rows given as maps, lists and arrays. */
class RowEncodingTest {
  private static final Target PRICE = Target.numbers(List.of("price"), 0, 1);
  /** Age is encoded as (v − 40) / 10, city as one-hot of Bonn and Köln, size as (v − 1) / 0.5. */
  private static final Encoding MIXED = new Encoding(List.of(InputColumn.number("age", 40, 10),
      InputColumn.categories("city", List.of("Bonn", "Köln")), InputColumn.number("size", 1, 0.5)), PRICE);
  private static final Encoding NUMBERS =
      new Encoding(List.of(InputColumn.number("age", 40, 10), InputColumn.number("size", 1, 0.5)), PRICE);

  @Test
  void aMapIsEncodedByColumnName() {
    assertArrayEquals(new double[] {2, 0, 1, -1},
        MIXED.encodeRow(Map.of("size", 0.5, "other", "x", "city", "Köln", "age", 60, "price", "unknown")));
  }

  @Test
  void aListIsEncodedInColumnOrder() {
    assertArrayEquals(new double[] {-1, 1, 0, 4}, MIXED.encodeRow(List.of(30L, " Bonn ", new BigDecimal("3"))));
    assertArrayEquals(new double[4], MIXED.encodeRow(List.of((byte) 40, "Ulm", 1f)), "unseen categories are all zeros");
  }

  @Test
  void rowsOfNumbersAreEncodedInColumnOrder() {
    double[] raw = {30, 3, 60, 0.5}, x = {9, 9, 9, 9};
    assertArrayEquals(new double[] {-1, 4, 2, -1}, NUMBERS.encodeRows(raw));
    NUMBERS.encodeRow(raw, 2, x, 1);
    assertArrayEquals(new double[] {9, 2, -1, 9}, x);
    NUMBERS.encodeRow(raw, 0, raw, 0);
    assertArrayEquals(new double[] {-1, 4, 60, 0.5}, raw, "in-place");
  }

  @Test
  void nullAndNotANumberMeanMissing() {
    Encoding e = new Encoding(List.of(InputColumn.number("age", 40, 10, 30, true),
        InputColumn.number("size", 1, 0.5, 2, false), InputColumn.categories("city", List.of("Bonn", "Köln"), true),
        InputColumn.date("since", 19_000, 100, 18_900, true)), PRICE);
    double[] missing = {-1, 1, 2, 0, 0, 1, -1, 1};
    assertArrayEquals(missing, e.encodeRow(Arrays.asList(null, null, null, null)));
    assertArrayEquals(missing, e.encodeRow(Arrays.asList(Double.NaN, Float.NaN, "  ", null)));
    Map<String, Object> row = new HashMap<>();
    for (String name : List.of("age", "size", "city", "since")) row.put(name, null);
    assertArrayEquals(missing, e.encodeRow(row));
    assertArrayEquals(new double[] {2, 0, 0, 0, 1, 0, 0.01, 0},
        e.encodeRow(List.of(60, 1, "Ko\u0308ln", "2022-01-09")), "a decomposed umlaut is the same string");
    assertArrayEquals(new double[] {-1, 0}, NUMBERS.encodeRow(Arrays.asList(30, null)), "the mean without a median");
    assertArrayEquals(new double[] {0, 0, 0, 1}, MIXED.encodeRow(Arrays.asList(null, null, 1.5)),
        "a missing category without an input is all zeros");
  }

  @Test
  void datesAreStringsOrDatesOrDays() {
    Encoding e = new Encoding(List.of(InputColumn.date("since", 19_000, 100, 19_000, false)), PRICE);
    double[] x = {1};
    assertArrayEquals(x, e.encodeRow(List.of("2022-04-18")));
    assertArrayEquals(x, e.encodeRow(List.of(LocalDate.of(2022, 4, 18))));
    assertArrayEquals(x, e.encodeRow(List.of(LocalDateTime.of(2022, 4, 18, 0, 0))));
    assertArrayEquals(x, e.encodeRow(List.of(19_100)));
    assertArrayEquals(x, e.encodeRows(new double[] {19_100}));
    refused("column 'since': expected a date such as 2026-11-29, or a finite number of days, found the string "
        + "'18.4.2022'",
        () -> e.encodeRow(List.of("18.4.2022")));
  }

  @Test
  void anIndicatorNeedsAnArrayOfItsOwn() {
    Encoding e = new Encoding(List.of(InputColumn.number("a", 1, 2, 3, true), InputColumn.number("b", 0, 1)), PRICE);
    double[] raw = {Double.NaN, 5, 7, 6}, x = {9, 9, 9, 9};
    e.encodeRow(raw, 0, x, 1);
    assertArrayEquals(new double[] {9, 1, 1, 5}, x);
    e.encodeRow(raw, 2, x, 0);
    assertArrayEquals(new double[] {3, 0, 6, 5}, x);
    assertArrayEquals(new double[] {1, 1, 5, 3, 0, 6}, e.encodeRows(raw));
    refused("2 values become 3 inputs, so a row cannot be encoded in-place", () -> e.encodeRow(raw, 0, raw, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> e.encodeRow(raw, 0, new double[2], 0));
  }

  @Test
  void rowsAndTablesAreEncodedToTheSameBits() {
    Table table = Table.parse("f", """
        length,colour,width,y
        5.1,red,0.2,1
        4.7,blue,1.9,2
        6.3,red,1.5,4
        """);
    Encoding e = Encoding.of(table).target("y").task(Encoding.Task.REGRESS).fit();
    double[] x = e.encodeInputs(table);
    for (int r = 0; r < 3; r++) {
      List<Object> row = List.of(((NumberColumn) table.column(0)).value(r), table.column(1).text(r),
          ((NumberColumn) table.column(2)).value(r));
      double[] expected = Arrays.copyOfRange(x, 4 * r, 4 * r + 4);
      assertArrayEquals(expected, e.encodeRow(row));
      assertArrayEquals(expected, e.encodeRow(Map.of("length", row.get(0), "colour", row.get(1), "width", row.get(2))));
    }
  }

  @Test
  void aValueOfTheWrongTypeIsRefusedWithItsColumn() {
    List<Object> row = new ArrayList<>(List.of(1, "Bonn", 1));
    Object[][] wrong = {{0, "41", "column 'age': expected a finite number, found the string '41'"},
        {0, new BigDecimal("-1e999"), "column 'age': expected a finite number, found -Infinity"},
        {0, true, "column 'age': expected a finite number, found an object of java.lang.Boolean"},
        {1, 7, "column 'city': expected a string, one of Bonn, Köln, found the number 7"}};
    for (Object[] w : wrong) {
      List<Object> list = new ArrayList<>(row);
      list.set((int) w[0], w[1]);
      refused((String) w[2], () -> MIXED.encodeRow(list));
      Map<String, Object> map = new HashMap<>();
      for (int i = 0; i < 3; i++) map.put(List.of("age", "city", "size").get(i), list.get(i));
      refused((String) w[2], () -> MIXED.encodeRow(map));
    }
    refused("column 'size': expected a finite number, found Infinity",
        () -> NUMBERS.encodeRow(new double[] {1, Double.POSITIVE_INFINITY}, 0, new double[2], 0));
    refused("column 'city': expected a string, one of Bonn, Köln, found the number 2.0",
        () -> MIXED.encodeRow(new double[] {1, 2, 3}, 0, new double[4], 0));
    Encoding tiny = new Encoding(List.of(InputColumn.number("a", 0, 1e-10)), PRICE);
    refused("column 'a': 1.0E300 is too far from the training data (mean 0.0, deviation 1.0E-10)",
        () -> tiny.encodeRow(List.of(1e300)));
  }

  @Test
  void missingColumnsAndWrongCountsAreRefused() {
    refused("no value for column 'city'; the model needs age, city, size",
        () -> MIXED.encodeRow(Map.of("age", 1, "size", 1)));
    String expected = "expected 3 values in the order of the columns age, city, size; found ";
    refused(expected + 2, () -> MIXED.encodeRow(List.of(1, "Bonn")));
    refused(expected + 4, () -> MIXED.encodeRow(List.of(1, "Bonn", 1, 1)));
    refused("expected 2 values in the order of the columns age, size; found 3",
        () -> NUMBERS.encodeRows(new double[3]));
    assertThrows(IndexOutOfBoundsException.class, () -> NUMBERS.encodeRow(new double[3], 2, new double[2], 0));
    assertThrows(IndexOutOfBoundsException.class, () -> NUMBERS.encodeRow(new double[2], 0, new double[3], 2));
  }

  private static void refused(String message, Executable encode) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, encode).getMessage());
  }
}
