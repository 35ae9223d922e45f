// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.train.FoldTask;
import chainrule.train.MetricSpread;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Prints the results of folds as a table, a line for each, in their order, as soon as those before are there. */
final class FoldTable {
  private final PrintStream out;
  private final boolean quiet;
  private final List<FoldTask> tasks;
  private final boolean repeated;
  private final TaskProgress progress;
  private final Map<FoldTask, FoldOutcome> waiting = new HashMap<>();
  private MetricColumns columns; // null before the first line
  private int printed;

  FoldTable(PrintStream out, boolean quiet, List<FoldTask> tasks, int repeats, TaskProgress progress) {
    this.out = out;
    this.quiet = quiet;
    this.tasks = tasks;
    this.repeated = repeats > 1;
    this.progress = progress;
  }

  /** Adds a result; calls come from several threads, one at a time. */
  void add(FoldOutcome outcome) {
    waiting.put(outcome.task(), outcome);
    while (!quiet && printed < tasks.size() && waiting.containsKey(tasks.get(printed))) {
      progress.clear();
      print(waiting.remove(tasks.get(printed)));
      printed++;
    }
    progress.done();
  }

  private void print(FoldOutcome o) {
    if (columns == null) {
      columns = new MetricColumns(o.metrics().metrics());
      line("fold", "rows", columns.headings());
    }
    line(repeated ? o.task().repeat() + 1 + "." + (o.task().fold() + 1) : Integer.toString(o.task().fold() + 1),
        Formatting.count(o.metrics().rows()), columns.cells(o.metrics().metrics()));
  }

  private void line(String name, String rows, String cells) {
    out.printf("%-8s  %7s%s%n", name, rows, cells);
  }

  /** Ends the table with means and deviations. */
  void end(Map<String, MetricSpread> metrics, Map<String, MetricSpread> baseline) {
    if (quiet) return;
    line("mean", "", columns.means(metrics));
    line("± sd", "", columns.deviations(metrics));
    line("baseline", "", columns.means(baseline));
    out.println();
  }
}
