// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.train.MetricSpread;
import chainrule.train.SuccessiveHalving.Rung;
import chainrule.train.TrialResult;
import chainrule.train.TrialTask;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows the results of a rung while it is computed: on a terminal the leaders, otherwise a line for each candidate, in
 * the order of the tasks.
 */
final class RungLines {
  private static final int LEADERS = 3;

  private final PrintStream out;
  private final boolean silent;
  private final Tuning tuning;
  private int rung;
  private int folds;
  private int epochs;
  private final Map<Integer, List<Double>> losses = new LinkedHashMap<>(); // by candidate, in the order of the tasks
  private final List<Integer> unprinted = new ArrayList<>();

  /** @param silent whether to print no lines */
  RungLines(PrintStream out, boolean silent, Tuning tuning) {
    this.out = out;
    this.silent = silent;
    this.tuning = tuning;
  }

  /** Starts a rung. Results that are there already count, but are not printed. */
  synchronized void begin(int number, Rung r, List<TrialTask> tasks, List<TrialResult> known) {
    rung = number;
    folds = r.folds();
    epochs = r.epochs();
    losses.clear();
    unprinted.clear();
    for (TrialTask t : tasks) {
      int c = t.candidate().number();
      if (losses.putIfAbsent(c, new ArrayList<>()) == null) unprinted.add(c);
    }
    for (TrialResult t : known) {
      List<Double> found = losses.get(t.candidate()); // null for candidates that are not trained now
      if (found != null && t.epochs() == epochs && t.fold() < folds) found.add(t.loss());
    }
  }

  synchronized void add(TrialResult result) {
    losses.get(result.candidate()).add(result.loss());
    while (!unprinted.isEmpty() && losses.get(unprinted.get(0)).size() == folds) {
      int c = unprinted.remove(0);
      if (!silent) out.printf("rung %d  candidate %-4d loss %s%n", rung + 1, c, MetricFormat.loss(mean(c)));
    }
  }

  private double mean(int candidate) {
    double[] values = losses.get(candidate).stream().mapToDouble(v -> v).toArray();
    for (double v : values) if (Double.isNaN(v)) return v;
    return MetricSpread.of(values).mean();
  }

  /** Returns the best candidates of this rung so far. */
  synchronized String leaders() {
    List<Integer> ranked = new ArrayList<>(losses.keySet());
    ranked.removeIf(c -> Double.isNaN(mean(c)));
    ranked.sort((x, y) -> mean(x) != mean(y) ? Double.compare(mean(x), mean(y)) : Integer.compare(x, y));
    List<String> shown = new ArrayList<>();
    for (int c : ranked.subList(0, Math.min(LEADERS, ranked.size()))) {
      shown.add(shown.size() + 1 + ". #" + c + " " + Formatting.value(mean(c)));
    }
    return String.join("  ", shown);
  }
}
