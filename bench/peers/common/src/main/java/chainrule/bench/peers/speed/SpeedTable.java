// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the table of points as text for a terminal, and as Markdown. */
final class SpeedTable {
  /** The columns of the table. */
  static final List<String> COLUMNS = List.of("what", "value (quartiles)", "goal", "reached", "stored", "ratio");

  private final Comparison comparison;

  SpeedTable(Comparison comparison) {
    this.comparison = comparison;
  }

  /** Returns the cells of a figure, in the order of {@link #COLUMNS}. */
  List<String> cells(Figure f) {
    String reached = !f.goal().applies() || !f.isMeasured() ? "–" : f.isReached() ? "yes" : "NO";
    String stored = comparison.storedFigure(f).map(s -> number(s.spread().median())).orElse("–");
    String ratio = comparison.ratio(f).map(SpeedTable::number).orElse("–");
    String value = f.isMeasured() ? value(f) : "not measured: " + f.reason();
    return List.of(f.name(), value, f.goal().toString(), reached, stored, ratio);
  }

  /** Formats the median with its unit, and the quartiles if they differ. */
  static String value(Figure f) {
    Spread s = f.spread();
    String median = number(s.median()) + " " + f.unit();
    return s.low() == s.high() ? median : median + " (" + number(s.low()) + "–" + number(s.high()) + ")";
  }

  /** Formats a number with three significant digits, or as an integer if it is larger. */
  static String number(double value) {
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f", value);
  }

  /** Returns the table for a terminal. */
  String text() {
    StringBuilder text = new StringBuilder();
    int[] widths = new int[COLUMNS.size()];
    List<List<String>> rows = new ArrayList<>(List.of(COLUMNS));
    for (Figure f : comparison.run().figures()) if (f.isInTable()) rows.add(cells(f));
    for (List<String> row : rows) {
      boolean measured = !row.get(1).startsWith("not measured");
      for (int c = 0; c < widths.length; c++) {
        if (c != 1 || measured) widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    text.append(line(COLUMNS, widths));
    for (SpeedPoint point : SpeedPoints.ALL) {
      List<Figure> figures = comparison.run().group(point.number());
      if (!figures.isEmpty()) text.append("\n" + point.number() + ". " + point.title() + "\n");
      for (Figure f : figures) text.append(line(cells(f), widths));
    }
    return text.toString();
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder(" ");
    for (int c = 0; c < widths.length; c++) line.append(" " + cells.get(c) + " ".repeat(
        Math.max(0, widths[c] - cells.get(c).length())) + " ");
    return line.toString().stripTrailing() + "\n";
  }

  /** Returns the table in Markdown, without the columns of the stored run. */
  String markdown() {
    StringBuilder text = new StringBuilder(comparison.run().machine() + ", " + comparison.run().date()
        + ".\n\n| | value (quartiles) | goal | reached |\n|---|---|---|---|\n");
    for (SpeedPoint point : SpeedPoints.ALL) {
      List<Figure> figures = comparison.run().group(point.number());
      if (!figures.isEmpty()) text.append("| **" + point.number() + ". " + point.title() + "** | | | |\n");
      for (Figure f : figures) {
        text.append("| " + String.join(" | ", cells(f).subList(0, 4)).replace("NO", "**no**") + " |\n");
      }
    }
    return text.toString();
  }

  /** Returns what changed since the stored run, in words. */
  String changes() {
    if (comparison.stored() == null) return "There is no stored run of this kind of machine: nothing is compared.\n";
    StringBuilder text = new StringBuilder("Compared with the run of " + comparison.stored().date() + ", "
        + comparison.stored().machine() + ":\n");
    for (Comparison.Change change : List.of(Comparison.Change.SLOWER, Comparison.Change.FASTER)) {
      List<Figure> figures = comparison.figures(change);
      text.append(figures.isEmpty() ? "  nothing is " + change.words + "\n" : "  " + change.words + ":\n");
      for (Figure f : figures) text.append("    " + change(f) + "\n");
    }
    return text.toString();
  }

  /** Describes how a figure changed. */
  String change(Figure f) {
    Figure stored = comparison.storedFigure(f).orElseThrow();
    return f.group() + ", " + f.name() + ": " + value(f) + ", stored " + value(stored);
  }
}
