// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.List;

/**
 * Draws horizontal bars from 0, in rows with a label. A bar that is longer than the axis ends in a gap, and its value
 * is written next to it like all others.
 *
 * @param title the alternative text
 * @param axis the label of the axis
 * @param limit the value at the end of the axis
 */
record BarChart(String title, String axis, double limit, List<Row> rows) {
  /** One bar or several with a label. */
  record Row(String label, List<Bar> bars) {}

  /**
   * A bar.
   *
   * @param style the CSS class of its color
   * @param value its length
   * @param text the value with its unit
   */
  record Bar(String style, double value, String text) {}

  private static final double WIDTH = 480, LABELS = 138, VALUES = 92, BAR = 17, GAP = 9, FOOT = 44;

  void draw(Markup m) {
    int bars = rows.stream().mapToInt(row -> row.bars.size()).sum();
    double bottom = bars * BAR + rows.size() * GAP, length = WIDTH - LABELS - VALUES;
    String id = m.id();
    m.open("svg", "viewBox", "0 0 " + (int) WIDTH + " " + (int) (bottom + FOOT), "role", "img", "aria-labelledby", id);
    m.element("title", title, "id", id);
    for (double tick : ticks()) {
      double x = LABELS + length * tick / limit;
      m.empty("path", "class", "grid", "d", "M" + x + " 0V" + bottom);
      m.element("text", SpeedTable.number(tick).replaceFirst("\\.0+$", ""), "class", "mid", "x", x, "y", bottom + 17);
    }
    double y = 0;
    for (Row row : rows) {
      m.element("text", row.label, "class", "end name", "x", LABELS - 8,
          "y", y + GAP / 2 + row.bars.size() * BAR / 2, "dy", ".35em");
      y += GAP / 2;
      for (Bar bar : row.bars) {
        boolean cut = bar.value > limit;
        double width = length * Math.min(1, bar.value / limit);
        m.empty("rect", "class", "bar " + bar.style, "x", LABELS, "y", y + 1, "width", cut ? width - 14 : width,
            "height", BAR - 2);
        if (cut) {
          m.empty("rect", "class", "bar " + bar.style, "x", LABELS + width - 9, "y", y + 1, "width", 9.0, "height",
              BAR - 2);
        }
        m.element("text", bar.text, "x", LABELS + width + 6, "y", y + BAR / 2, "dy", ".35em");
        y += BAR;
      }
      y += GAP / 2;
    }
    m.element("text", axis, "class", "mid name", "x", LABELS + length / 2, "y", bottom + 37).close();
  }

  /** Returns at most five multiples of 1, 2 or 5 powers of ten, from 0. */
  private double[] ticks() {
    double step = Math.pow(10, Math.floor(Math.log10(limit / 4)));
    for (double factor : new double[] {1, 2, 5, 10}) {
      if (limit / (step * factor) < 5) {
        step *= factor;
        break;
      }
    }
    double[] ticks = new double[(int) (limit / step * (1 + 1e-9)) + 1];
    for (int t = 0; t < ticks.length; t++) ticks[t] = t * step;
    return ticks;
  }
}
