// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.random.CounterRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A random CSV file with columns of every kind that Spark's inferSchema tells apart, and a key. */
final class RandomCsv {
  private static final String[] CITIES = {"Paris", "Köln", "O'Hara, \"Bob\"", "東京", "\uD83D\uDE00", "a\\b", " x ",
      "E\u0301vian", "new\nline", "NULL.", "#"};
  private static final String[] MARKERS = {"", "NA", "N/A", "null", "?", "NaN"};

  private static final long STREAM = 77;

  final List<String> names = new ArrayList<>();
  /** [columns][rows] */
  final List<String[]> columns = new ArrayList<>();
  final int rows;
  private final long seed;
  private long index;

  RandomCsv(long seed, int rows) {
    this.rows = rows;
    this.seed = seed;
    column("whole", false, r -> Long.toString(below(1000) - 500));
    column("fraction", false, r -> Double.toString(uniform() * 100 - 50));
    column("money", false, r -> below(5) + "." + (10 + below(90)));
    column("gaps", true, r -> Long.toString(below(9)));
    column("marks", true, r -> Double.toString(uniform()));
    column("city", true, r -> CITIES[(int) below(CITIES.length)]);
    column("code", false, r -> "k" + below(4));
    column("tag", false, r -> "t" + below(14));
    column("flag", false, r -> below(2) == 0 ? "true" : "false");
    column("born", false, r -> LocalDate.of(1950, 1, 1).plusDays(below(20000)).toString());
    column("seen", false, r -> "2026-11-" + (10 + below(20)) + "T0" + below(10) + ":30:0" + below(10));
    column("account", false, r -> "9007199254740" + (993 + 2 * below(3)));
    column("huge", false, r -> "12345678901234567890" + below(3));
    column("text", false, r -> below(60) == 0 ? "abc" : Long.toString(below(50)));
    column("mixed", false, r -> below(2) == 0 ? "abc" : Long.toString(below(5)));
    column("tall", false, r -> uniform() + "e" + below(20));
    column("empty", false, r -> "");
    column("bit", false, r -> Long.toString(below(2)));
    column("kind", false, r -> List.of("yes", "no", "may be").get((int) below(3)));
  }

  private interface CellOf {
    String apply(int row);
  }

  private void column(String name, boolean missing, CellOf cell) {
    String[] cells = new String[rows];
    String marker = MARKERS[(int) below(MARKERS.length)];
    for (int r = 0; r < rows; r++) cells[r] = missing && below(7) == 0 ? marker : cell.apply(r);
    names.add(name);
    columns.add(cells);
  }

  private double uniform() {
    return CounterRandom.uniform(seed, STREAM, index++);
  }

  private long below(long n) {
    return (long) (uniform() * n);
  }

  /** Returns a random order of the rows. */
  int[] shuffled() {
    int[] order = IntStream.range(0, rows).toArray();
    CounterRandom.shuffle(order, seed, STREAM + 1);
    return order;
  }

  /** Writes the rows in this order; the key, if it is not null, is a first column with each row's number. */
  Path write(Path file, String key, int[] order) throws IOException {
    StringBuilder s = new StringBuilder();
    List<String> cells = new ArrayList<>(names);
    if (key != null) cells.add(0, key);
    line(cells, s);
    for (int r : order) {
      cells.clear();
      if (key != null) cells.add(Integer.toString(r));
      for (String[] column : columns) cells.add(column[r]);
      line(cells, s);
    }
    return Files.writeString(file, s);
  }

  private static void line(List<String> cells, StringBuilder s) {
    for (int c = 0; c < cells.size(); c++) {
      String cell = cells.get(c);
      boolean plain = cell.chars().noneMatch(x -> x == ',' || x == '"' || x == '\n');
      s.append(c == 0 ? "" : ",").append(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
    }
    s.append('\n');
  }
}
