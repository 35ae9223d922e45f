// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.io.Json;
import chainrule.kernels.Kernels;
import chainrule.train.CrossValidation;
import chainrule.train.FoldResult;
import chainrule.train.FoldTask;
import chainrule.train.MetricSpread;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@code cv DATA [options]}: trains and tests on several folds, and prints the mean and spread of every metric. */
final class CvCommand {
  private static final int DEFAULT_FOLDS = 5, MOST_REPEATS = 1000;

  private final PrintStream out;
  private final Terminal terminal;
  private final Terminal err;
  private final Optional<TrainingCluster> cluster;

  CvCommand(Terminal terminal, Terminal err, Optional<TrainingCluster> cluster) {
    this.out = terminal.stream();
    this.terminal = terminal;
    this.err = err;
    this.cluster = cluster;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.CV, args);
    String dataName = a.operands(Command.CV, "a data set").get(0);
    EnsembleOptions.requireNoValidationRows(a);
    InputData.requirePatience(a);
    EnsembleOptions.members(a); // refuses a wrong number before it reads the data
    long seed = TrainingRequest.seed(a);
    int repeats = (int) a.integer(Option.REPEATS, 1, 1, MOST_REPEATS);
    Kernels kernels = TrainingRequest.kernels(a, Runtime.getRuntime().availableProcessors());
    UnsplitData data = UnsplitData.read(dataName, a, seed, new TableInput(a, err, cluster));
    int folds = folds(data.rows(), a, DEFAULT_FOLDS);
    List<FoldTask> tasks = new CrossValidation(folds, repeats, seed).tasks(1);
    InputData all = EnsembleOptions.check(a, data.divide(RowParts.of(data.rows(), 0, a, seed)));
    List<String> notices = new ArrayList<>(all.notices());
    notices.addAll(data.rows().single(data.rows().rows(), "testing"));
    TrainingPlan plan = TrainingPlan.of(a, all, kernels, seed);
    boolean hasHeldOutRows = plan.validation() != null || plan.members() > 1;
    HeldOut.requireThreshold(a, plan.train(), hasHeldOutRows);
    PredictionIntervals.require(a, plan.train(), hasHeldOutRows);
    boolean quiet = a.has(Option.QUIET);
    if (!quiet) introduce(dataName, data, a, plan, notices, tasks, repeats);
    else if (!a.has(Option.JSON)) Notices.warn(err, notices);

    TaskProgress progress = new TaskProgress(terminal, quiet, () -> "");
    progress.begin("cross-validation", tasks.size());
    FoldTable table = new FoldTable(out, quiet, tasks, repeats, progress);
    Optional<ClusterSession> session = ClusterSession.of(cluster, data);
    List<FoldOutcome> outcomes = session.isPresent()
        ? session.get().run(new FoldFunction(a.words(Command.CV), folds), tasks, table::add, () -> false)
        : train(tasks, folds, data, a, kernels, progress, table);
    progress.clear();

    Map<String, MetricSpread> metrics = CrossValidation.summary(outcomes.stream().map(FoldOutcome::metrics).toList());
    Map<String, MetricSpread> baseline = CrossValidation.summary(outcomes.stream().map(FoldOutcome::baseline).toList());
    List<Map<String, MetricSpread>> targets = targets(outcomes);
    table.end(metrics, baseline);
    if (!quiet && !targets.isEmpty()) printTargets(all.encoding().target().names(), targets);
    printResult(new MetricColumns(metrics), metrics, baseline, outcomes.size());
    if (!a.has(Option.JSON)) return;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", TrainingSettings.task(plan.train()));
    json.put("rows", data.rows().rows().length);
    json.put("folds", folds);
    json.put("repeats", repeats);
    json.put("seed", seed);
    json.put("metrics", json(metrics));
    json.put("baseline", json(baseline));
    if (plan.members() > 1) json.put("members", plan.members());
    if (!targets.isEmpty()) json.put("targets", jsonOfTargets(all.encoding().target().names(), targets));
    json.put("per_fold", outcomes.stream().map(CvCommand::json).toList());
    json.put("seconds", progress.seconds());
    json.put("kernels", kernels.name());
    json.put("threads", kernels.threads());
    json.put("notices", notices);
    out.println(Json.text(json));
  }

  /** Trains the folds side by side on the threads of this machine. */
  private static List<FoldOutcome> train(List<FoldTask> tasks, int folds, UnsplitData data, Arguments a,
      Kernels kernels, TaskProgress progress, FoldTable table) {
    Kernels each = kernels.withThreads(Math.max(1, kernels.threads() / tasks.size()));
    Map<FoldTask, FoldOutcome> byTask = new ConcurrentHashMap<>();
    CrossValidation.run(tasks, task -> {
      FoldOutcome outcome = FoldOutcome.of(task, folds, data, a, each, progress);
      byTask.put(task, outcome);
      return outcome.metrics();
    }, kernels.threads(), List.of(), result -> table.add(byTask.get(result.task())), () -> false);
    return tasks.stream().map(byTask::get).toList();
  }

  /** Returns the number of {@code --folds}, at most that of the rows that can be held out. */
  static int folds(TargetRows rows, Arguments a, int otherwise) {
    int usable = rows.rows().length - rows.countSingle();
    if (usable < 2) {
      throw new UsageException("folds require ≥ 2 rows with a target, and classes of ≥ 2 rows; found " + usable
          + (usable == 1 ? " such row" : " such rows") + ". Add rows.");
    }
    return (int) a.integer(Option.FOLDS, Math.min(otherwise, usable), 2, usable);
  }

  private void introduce(String dataName, UnsplitData data, Arguments a, TrainingPlan plan, List<String> notices,
      List<FoldTask> tasks, int repeats) {
    out.println("data      " + Formatting.line(data.name(), 400) + ": "
        + Formatting.count(data.rows().rows().length, "row", "rows") + ", "
        + Formatting.count(plan.train().inputs(), "input", "inputs"));
    Notices.print(out, notices, TrainingRequest.describeCommand(a, dataName) + " explains every column");
    out.printf(Locale.ROOT, "network   %s, %,d parameters%n", plan.network(), plan.network().parameters().length);
    if (plan.members() > 1) {
      out.printf(Locale.ROOT, "ensemble  %d such networks in each fold, averaged; each validates on its own part of "
          + "the fold's training rows, patience %d%n", plan.members(), plan.patience());
    }
    int folds = tasks.size() / repeats;
    out.printf(Locale.ROOT, "testing   %d folds of about %s%s%n%n", folds,
        Formatting.count(data.rows().rows().length / folds, "row", "rows"),
        repeats == 1 ? "" : ", " + repeats + " times with different seeds");
  }

  private void printResult(MetricColumns columns, Map<String, MetricSpread> metrics,
      Map<String, MetricSpread> baseline, int folds) {
    String name = columns.headline(metrics);
    MetricSpread m = metrics.get(name);
    out.println(terminal.bold(MetricColumns.heading(name) + " " + MetricColumns.format(name, m.mean()) + " ± "
        + MetricColumns.format(name, m.deviation()) + " over " + folds + " folds")
        + " (baseline " + MetricColumns.format(name, baseline.get(name).mean()) + ")");
    for (Map.Entry<String, MetricSpread> e : metrics.entrySet()) {
      int undefined = folds - e.getValue().count();
      if (undefined > 0 && MetricColumns.heading(e.getKey()) != null) {
        out.println(MetricColumns.heading(e.getKey()) + " is undefined in " + (undefined == folds ? "every fold"
            : undefined + " of " + folds + " folds; the mean is over the others"));
      }
    }
  }

  private static List<Map<String, MetricSpread>> targets(List<FoldOutcome> outcomes) {
    List<Map<String, MetricSpread>> targets = new ArrayList<>();
    for (int j = 0; j < outcomes.get(0).targets().size(); j++) {
      List<FoldResult> results = new ArrayList<>();
      for (FoldOutcome o : outcomes) results.add(o.targets().get(j));
      targets.add(CrossValidation.summary(results));
    }
    return targets;
  }

  private void printTargets(List<String> names, List<Map<String, MetricSpread>> targets) {
    MetricColumns columns = new MetricColumns(targets.get(0));
    out.println("mean of each target" + " ".repeat(5) + columns.headings());
    for (int j = 0; j < targets.size(); j++) {
      out.printf("%-24s%s%n", Formatting.line(names.get(j), 24), columns.means(targets.get(j)));
    }
    out.println();
  }

  private static Map<String, Object> json(Map<String, MetricSpread> summary) {
    Map<String, Object> json = new LinkedHashMap<>();
    summary.forEach((name, m) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("mean", m.mean());
      one.put("sd", m.deviation());
      one.put("folds", m.count());
      json.put(name, one);
    });
    return json;
  }

  private static List<Object> jsonOfTargets(List<String> names, List<Map<String, MetricSpread>> targets) {
    List<Object> list = new ArrayList<>();
    for (int j = 0; j < targets.size(); j++) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", names.get(j));
      json.putAll(json(targets.get(j)));
      list.add(json);
    }
    return list;
  }

  private static Map<String, Object> json(FoldOutcome o) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("repeat", o.task().repeat() + 1);
    json.put("fold", o.task().fold() + 1);
    json.put("train_rows", o.trainRows());
    json.put("rows", o.metrics().rows());
    boolean ensemble = o.epochs().size() > 1;
    json.put("epochs", Collections.max(o.epochs()));
    json.put("kept_epoch", ensemble ? null : o.metrics().epoch()); // an ensemble has several
    if (ensemble) {
      json.put("member_epochs", o.epochs());
      json.put("member_kept_epochs", o.kept());
    }
    json.putAll(o.metrics().metrics());
    json.put("baseline", o.baseline().metrics());
    return json;
  }
}
