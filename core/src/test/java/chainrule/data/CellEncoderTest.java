// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.random.CounterRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Encoding cell by cell gives the bits and counts of encoding a table. */
class CellEncoderTest {
  private static final String[] AGES = {"39", "40.5", "", "NA", "-3", "1e3", "-999", "None", " 7 "};
  private static final String[] CITIES = {"Paris", "K\u00F6ln", "Ko\u0308ln", "", "NA", "None", "Oslo", "x y ", "-999"};
  private static final String[] CODES = {"1", "02", "3", "?", "5"};
  private static final String[] DAYS = {"2026-11-29", "2026-11-30T06:00", "", "-", "2027-01-01 12:30:15.5"};

  private static String[][] cells(long seed, int rows) {
    String[][] cells = new String[rows][];
    for (int r = 0; r < rows; r++) {
      cells[r] = new String[] {pick(AGES, seed, 4 * r), pick(CITIES, seed, 4 * r + 1), pick(CODES, seed, 4 * r + 2),
          pick(DAYS, seed, 4 * r + 3), Integer.toString(r)};
    }
    return cells;
  }

  private static String pick(String[] from, long seed, long index) {
    return from[CounterRandom.below(from.length, seed, 1, index)];
  }

  private static Table table(String[][] cells, TableOptions options) {
    StringBuilder csv = new StringBuilder("age,city,code,day,y\n");
    for (String[] row : cells) csv.append(String.join(",", row)).append('\n');
    return Table.parse("f", csv.toString(), options);
  }

  @Test void cellsOnTheirOwnGiveTheBitsAndCountsOfATable() {
    for (long seed = 1; seed <= 20; seed++) {
      TableOptions reading = TableOptions.DEFAULTS.missing(List.of("-999")).type("code", ColumnType.CATEGORY);
      String[][] cells = cells(seed, 60);
      Encoding e = Encoding.of(table(cells, reading)).readWith(reading).bins(3).task(Encoding.Task.REGRESS)
          .keep("day", "age", "city").fit(IntStream.range(0, 9).toArray());
      Table table = table(cells, e.tableOptions());
      List<CellCounts> counts = new ArrayList<>();
      assertBits("seed " + seed, e.encodeInputs(table), encoded(e, cells, counts));
      CellCounts all = new CellCounts(e.inputColumns().size());
      for (int i = counts.size() - 1; i >= 0; i--) all.add(counts.get(i));
      assertEquals(60, all.rows());
      List<InputCounts> expected = e.counts(table, table.allRows());
      for (int c = 0; c < expected.size(); c++) {
        InputCounts in = expected.get(c);
        assertEquals(in.missing(), all.missing(c), "seed " + seed + " " + in);
        assertEquals(in.words(), all.words(c), "seed " + seed + " " + in);
        assertEquals(in.unseen(), all.unseen(c), "seed " + seed + " " + in);
        assertEquals(in.different(), all.different(c), "seed " + seed + " " + in);
        assertEquals(in.examples().stream().sorted().toList(), all.examples(c), "seed " + seed + " " + in);
      }
    }
  }

  /** Encodes with two encoders, the second for every third row. */
  private static double[] encoded(Encoding e, String[][] cells, List<CellCounts> counts) {
    List<String> names = List.of("age", "city", "code", "day");
    CellEncoder[] encoders = {new CellEncoder(e, Map.of()), new CellEncoder(e, Map.of())};
    double[] x = new double[cells.length * e.inputs()];
    Arrays.fill(x, 99);
    for (int r = 0; r < cells.length; r++) {
      CellEncoder encoder = encoders[r % 3 / 2];
      encoder.start(x, r * e.inputs());
      for (int c = 0; c < e.inputColumns().size(); c++) {
        encoder.text(c, cells[r][names.indexOf(e.inputColumns().get(c).name())]);
      }
    }
    for (CellEncoder encoder : encoders) counts.add(encoder.counts());
    return x;
  }

  private static void assertBits(String what, double[] expected, double[] found) {
    assertArrayEquals(Arrays.stream(expected).mapToLong(Double::doubleToRawLongBits).toArray(),
        Arrays.stream(found).mapToLong(Double::doubleToRawLongBits).toArray(), what);
  }

  private static double[] encode(InputColumn in, Object cell, char mark) {
    Encoding e = new Encoding(List.of(in), Target.numbers(List.of("y"), 0, 1));
    CellEncoder encoder = new CellEncoder(e, Map.of(in.name(), mark));
    double[] x = new double[e.inputs()];
    encoder.start(x, 0);
    if (cell instanceof Double v) encoder.number(0, v);
    else encoder.text(0, (String) cell);
    return x;
  }

  @Test void aStringIsReadWithTheMarkOfItsColumn() {
    InputColumn a = InputColumn.number("a", 0, 1);
    assertArrayEquals(new double[] {1250}, encode(a, "1,250", '.'));
    assertArrayEquals(new double[] {1.25}, encode(a, "1,250", ','));
    assertArrayEquals(new double[] {0.5}, encode(a, "0,5", '.'));
    assertArrayEquals(new double[] {45}, encode(a, "45%", '.'));
    assertArrayEquals(new double[] {0}, encode(a, "word", '.'));
  }

  @Test void aNumberIsTheCategoryOfTheSameNumber() {
    InputColumn a = InputColumn.categories("a", List.of("01", "2.50", "x"));
    assertArrayEquals(new double[] {1, 0, 0}, encode(a, 1.0, '.'));
    assertArrayEquals(new double[] {0, 1, 0}, encode(a, 2.5, '.'));
    assertArrayEquals(new double[] {0, 0, 0}, encode(a, "1", '.'));
    assertArrayEquals(new double[] {0, 0, 0}, encode(a, Double.NaN, '.'));
  }

  @Test void aNumberOutOfRangeIsRefused() {
    InputColumn a = InputColumn.number("a", 0, 1e-3);
    assertEquals("column 'a': expected a finite number, found Infinity", message(a, Double.POSITIVE_INFINITY));
    assertEquals("column 'a': '1.0E307' is too far from the training data (mean 0.0, deviation 0.001)",
        message(a, 1e307));
    assertEquals("column 'a': '1e999' is too large for a double", message(a, "1e999"));
  }

  private static String message(InputColumn in, Object cell) {
    return assertThrows(IllegalArgumentException.class, () -> encode(in, cell, '.')).getMessage();
  }

  @Test void unseenCategoriesAreKeptUpToALimitInAnyOrderOfTheParts() throws Exception {
    CellCounts[] sums = {new CellCounts(1), new CellCounts(1)};
    List<CellCounts> parts = new ArrayList<>();
    for (int p = 0; p < 4; p++) {
      CellCounts part = new CellCounts(1);
      for (int i = 0; i < 600; i++) part.addUnseen(0, "v" + (p * 400 + i));
      parts.add(copied(part));
    }
    for (CellCounts part : parts) sums[0].add(part);
    for (int p = 3; p >= 0; p--) sums[1].add(parts.get(p));
    for (CellCounts sum : sums) {
      assertEquals(2400, sum.unseen(0));
      assertEquals(CellCounts.MOST_DIFFERENT, sum.different(0));
      assertEquals(true, sum.hasMore(0));
      assertEquals(List.of("v0", "v1", "v10", "v100", "v1000"), sum.examples(0));
    }
    assertThrows(IllegalArgumentException.class, () -> sums[0].add(new CellCounts(2)));
  }

  @SuppressWarnings("unchecked")
  static <T> T copied(T object) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }
}
