// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.io.Json;
import chainrule.kernels.Kernels;
import chainrule.train.Candidate;
import chainrule.train.SuccessiveHalving;
import chainrule.train.SuccessiveHalving.Rung;
import chainrule.train.SuccessiveHalving.Standing;
import chainrule.train.TrialResult;
import chainrule.train.TrialTask;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** {@code tune DATA [options]}: searches for better settings of {@code train}, prints their ranking and the command. */
final class TuneCommand {
  private static final int DEFAULT_TRIALS = 30, MOST_TRIALS = 100_000;

  private final PrintStream out;
  private final Terminal terminal;
  private final Terminal err;
  private final Interruption interruption;
  private final Optional<TrainingCluster> cluster;

  TuneCommand(Terminal terminal, Terminal err, Interruption interruption, Optional<TrainingCluster> cluster) {
    this.out = terminal.stream();
    this.terminal = terminal;
    this.err = err;
    this.interruption = interruption;
    this.cluster = cluster;
  }

  /** Returns false if the search was interrupted. */
  boolean run(List<String> args) {
    Arguments a = Arguments.parse(Command.TUNE, args);
    String dataName = a.operands(Command.TUNE, "a data set").get(0);
    TrainingRequest.requireWritableOutputs(Command.TUNE, a, dataName);
    EnsembleOptions.requireNoValidationRows(a);
    InputData.requirePatience(a);
    EnsembleOptions.members(a); // refuses a wrong number before it reads the data
    TimeLimit limit = new TimeLimit(a);
    int trials = (int) a.integer(Option.TRIALS, DEFAULT_TRIALS, 1, MOST_TRIALS);
    long seed = TrainingRequest.seed(a);
    Kernels kernels = TrainingRequest.kernels(a, Runtime.getRuntime().availableProcessors());
    UnsplitData data = UnsplitData.read(dataName, a, seed, new TableInput(a, err, cluster));
    Arguments single = a.without(Option.ENSEMBLE); // what the search compares
    InputData all = data.divide(RowParts.of(data.rows(), 0, single, seed));
    TrainingPlan plan = TrainingPlan.of(single, all, kernels, seed);
    HeldOut.requireThreshold(a, plan.train(), plan.validation() != null || a.has(Option.ENSEMBLE));
    Tuning tuning = new Tuning(a, data, plan, kernels.withThreads(1), trials, seed);
    TrainingRequest request = new TrainingRequest(single, "", dataName, seed, kernels, Optional.empty(), all, plan,
        ClusterSession.of(cluster, data));
    TuningCheckpoint checkpoint = TuningCheckpoint.of(a, settings(request, tuning, data), err);
    boolean quiet = a.has(Option.QUIET);
    if (!quiet) introduce(request, data, tuning, checkpoint.results().size());
    request.warnIfQuiet(err);

    interruption.watch();
    BooleanSupplier stop = () -> interruption.requested() || limit.isOver();
    List<TrialResult> results = search(tuning, checkpoint, request, a.words(Command.TUNE), stop, quiet);
    boolean complete = tuning.search().next(results).isEmpty();
    List<Standing> ranking = tuning.search().ranking(results);
    Standing best = tuning.search().winner(results);
    if (!quiet) new TuningTable(out, tuning, plan.train(), ranking).print();
    if (!complete) printUnfinished(args, a, checkpoint);
    if (best.rung() == 0) {
      if (interruption.requested()) return false;
      throw new UsageException("no candidate was trained within --time " + a.value(Option.TIME).get()
          + "; allow more time");
    }
    String command = trainCommand(tuning.arguments(best.candidate()), dataName);
    printBest(best, ranking, plan, command, quiet);
    if (a.has(Option.OUT) && !interruption.requested()) {
      new WinningModel(terminal, interruption, request, tuning.arguments(best.candidate()), command).write(data);
    }
    if (a.has(Option.JSON)) {
      out.println(Json.text(json(request, data, tuning, ranking, best, command, complete, results.size())));
    }
    checkpoint.requireWritten();
    return !interruption.requested();
  }

  /** Returns what a search must have in common with one that continues it. The number of trials may differ. */
  private static Map<String, String> settings(TrainingRequest request, Tuning tuning, UnsplitData data) {
    Map<String, String> settings = new LinkedHashMap<>(TrainingSettings.of(request));
    settings.remove("epochs"); // those of train may differ
    settings.put("epochs of the search", Integer.toString(request.plan().epochs()));
    settings.put("folds", Integer.toString(tuning.folds()));
    settings.put("fixed options", tuning.fixedOptions());
    return settings;
  }

  /** @param words the arguments of tune */
  private List<TrialResult> search(Tuning tuning, TuningCheckpoint checkpoint, TrainingRequest request,
      List<String> words, BooleanSupplier stop, boolean quiet) {
    List<TrialResult> results = new ArrayList<>(checkpoint.results());
    SuccessiveHalving search = tuning.search();
    RungLines lines = new RungLines(out, quiet || terminal.isLive(), tuning);
    TaskProgress progress = new TaskProgress(terminal, quiet, lines::leaders);
    for (List<TrialTask> tasks = search.next(results); !tasks.isEmpty(); tasks = search.next(results)) {
      int rung = search.rungOf(results);
      Rung r = search.rungs().get(rung);
      progress.begin("rung " + (rung + 1) + " of " + search.rungs().size(), tasks.size());
      lines.begin(rung, r, tasks, results);
      Consumer<TrialResult> receiver = result -> {
        lines.add(result);
        progress.done();
        checkpoint.add(result);
      };
      results.addAll(request.cluster().isPresent()
          ? request.cluster().get().run(new TrialFunction(words, tuning.folds()), tasks, receiver, stop)
          : SuccessiveHalving.run(tasks, task -> tuning.trials().train(task, progress::listener, stop),
              request.kernels().threads(), receiver, stop));
      if (stop.getAsBoolean()) break;
    }
    progress.clear();
    return results;
  }

  private void introduce(TrainingRequest request, UnsplitData data, Tuning tuning, int known) {
    out.println("data      " + Formatting.line(data.name(), 400) + ": "
        + Formatting.count(data.rows().rows().length, "row", "rows") + ", "
        + Formatting.count(request.plan().train().inputs(), "input", "inputs"));
    Notices.print(out, request.data().notices(),
        TrainingRequest.describeCommand(request.arguments(), request.dataName()) + " explains every column");
    List<String> rungs = new ArrayList<>();
    for (Rung r : tuning.search().rungs()) {
      rungs.add(Formatting.count(r.candidates(), "candidate", "candidates") + " for "
          + Formatting.count(r.epochs(), "epoch", "epochs") + " on " + Formatting.count(r.folds(), "fold", "folds"));
    }
    out.println("search    " + String.join(", then ", rungs));
    if (known > 0) out.println("resuming  with " + Formatting.count(known, "result", "results"));
    out.println();
  }

  private void printUnfinished(List<String> args, Arguments a, TuningCheckpoint checkpoint) {
    out.println(interruption.requested() ? "interrupted; this is the ranking so far"
        : "the time of --time " + a.value(Option.TIME).get() + " is over; this is the ranking so far");
    if (!checkpoint.isResumable()) {
      out.println("with --checkpoint FILE, a search can be continued");
      return;
    }
    StringBuilder s = new StringBuilder(LauncherName.quoted() + " tune");
    for (String arg : args) s.append(' ').append(TrainingSettings.quoted(arg));
    out.println("to continue:");
    out.println("  " + terminal.bold(s + (a.has(Option.RESUME) ? "" : " " + Option.RESUME.flag)));
  }

  /** Returns the command that trains with these arguments, without the options of the search and of its output. */
  private static String trainCommand(Arguments a, String dataName) {
    StringBuilder s = new StringBuilder(LauncherName.in("./chainrule train ") + TrainingSettings.quoted(dataName));
    for (Option o : Option.values()) {
      boolean kept = a.has(o) && Command.TRAIN.options.contains(o)
          && !List.of(Option.OUT, Option.CHECKPOINT, Option.RESUME, Option.QUIET, Option.JSON).contains(o);
      if (kept) s.append(' ').append(o.flag).append(' ').append(TrainingSettings.quoted(a.value(o).get()));
    }
    return s.toString();
  }

  private void printBest(Standing best, List<Standing> ranking, TrainingPlan plan, String command,
      boolean quiet) {
    Standing first = ranking.stream().filter(s -> s.candidate().number() == 1).findFirst().orElseThrow();
    String compared = best.equals(ranking.get(0)) && best.equals(first) ? "the default settings are the best"
        : best.equals(first) ? "candidate " + ranking.get(0).candidate().number()
            + " has a lower loss, but not clearly: by at most one standard error over the folds"
        : first.rung() < best.rung() ? "" : "the default settings have " + TuningTable.described(first, plan.train());
    out.println(terminal.bold("best: candidate " + best.candidate().number() + ", "
        + TuningTable.described(best, plan.train())) + (compared.isEmpty() ? "" : "; " + compared));
    out.println("  " + command);
    if (quiet) return;
    out.println("The best of many looks better than it is: cv with another seed, or unseen test rows, show how good.");
  }

  private Map<String, Object> json(TrainingRequest request, UnsplitData data, Tuning tuning, List<Standing> ranking,
      Standing best, String command, boolean complete, int trainings) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", TrainingSettings.task(request.plan().train()));
    json.put("rows", data.rows().rows().length);
    json.put("trials", ranking.size());
    json.put("folds", tuning.folds());
    json.put("epochs", request.plan().epochs());
    json.put("seed", request.seed());
    json.put("complete", complete);
    json.put("trainings", trainings);
    json.put("best", json(best, tuning));
    json.put("command", command);
    json.put("ranking", ranking.stream().map(s -> json(s, tuning)).toList());
    json.put("notices", request.data().notices());
    return json;
  }

  private static Map<String, Object> json(Standing s, Tuning tuning) {
    Candidate c = s.candidate();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("candidate", c.number());
    json.put("layers", tuning.layers(c));
    json.put("rate", c.rate());
    json.put("l2", c.l2());
    json.put("batch", c.batch());
    json.put("rung", s.rung());
    json.put("folds", s.loss().count());
    json.put("loss", s.loss().mean());
    json.put("loss_sd", s.loss().deviation());
    json.put("score", s.score().mean());
    json.put("score_sd", s.score().deviation());
    return json;
  }
}
