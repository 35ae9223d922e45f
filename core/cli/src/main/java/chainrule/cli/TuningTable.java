// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.train.Candidate;
import chainrule.train.SuccessiveHalving.Standing;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** Prints the ranking of a search: its best candidates, and the first, which has the default settings. */
final class TuningTable {
  private static final int MOST = 10;

  private final PrintStream out;
  private final Tuning tuning;
  private final Dataset data;
  private final List<Standing> ranking;

  /** @param data rows of the kind of target */
  TuningTable(PrintStream out, Tuning tuning, Dataset data, List<Standing> ranking) {
    this.out = out;
    this.tuning = tuning;
    this.data = data;
    this.ranking = ranking;
  }

  void print() {
    List<Standing> shown = ranking.stream().filter(s -> s.rung() > 0).toList();
    if (shown.isEmpty()) return;
    int width = "layers".length();
    for (int i = 0; i < shown.size(); i++) {
      if (isShown(i, shown.get(i))) width = Math.max(width, tuning.layers(shown.get(i).candidate()).length());
    }
    out.println();
    out.printf("%4s  %9s  %-" + width + "s  %8s  %8s  %5s  %4s  %18s  %8s%n", "rank", "candidate", "layers", "rate",
        "L2", "batch", "rung", "loss", score(data));
    for (int i = 0; i < shown.size(); i++) {
      if (isShown(i, shown.get(i))) line(i + 1, shown.get(i), width);
    }
    if (shown.size() > MOST) out.println("(the best " + MOST + " of " + shown.size() + ", and the default settings)");
    out.println();
  }

  private static boolean isShown(int index, Standing s) {
    return index < MOST || s.candidate().number() == 1;
  }

  private void line(int rank, Standing s, int width) {
    Candidate c = s.candidate();
    out.printf(Locale.ROOT, "%4d  %9s  %-" + width + "s  %8s  %8s  %5d  %4d  %18s  %8s%n", rank,
        c.number() == 1 ? "1 default" : Integer.toString(c.number()), tuning.layers(c), number(c.rate()),
        number(c.l2()), c.batch(), s.rung(), loss(s), Double.isNaN(s.score().mean()) ? "–"
            : MetricFormat.decimals(s.score().mean(), 4));
  }

  private static String number(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e6 ? Long.toString((long) v)
        : Double.toString(new BigDecimal(v).round(new MathContext(3)).doubleValue());
  }

  private static String loss(Standing s) {
    if (Double.isNaN(s.loss().mean())) return "diverged";
    String mean = MetricFormat.loss(s.loss().mean());
    return s.loss().count() < 2 ? mean : mean + " ± " + MetricFormat.loss(s.loss().deviation());
  }

  /** Returns the name of the score of this kind of target. */
  static String score(Dataset data) {
    return data.isClassification() ? "accuracy" : data.isMultilabel() ? "exact" : "R²";
  }

  /** Describes a standing in a sentence: {@code loss 0.12 ± 0.01, accuracy 0.95}. */
  static String described(Standing s, Dataset data) {
    return "loss " + loss(s) + ", " + score(data) + " " + (Double.isNaN(s.score().mean()) ? "undefined"
        : MetricFormat.decimals(s.score().mean(), 4));
  }
}
