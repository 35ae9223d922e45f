// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.format.Formatting;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.metrics.TrivialBaseline;
import chainrule.nn.Network;
import chainrule.report.Report;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.TrainingDiagnostics;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Ends a training run: prints the results, writes the requested files, and suggests what to try next. */
final class TrainingSummary {
  private final PrintStream out;
  private final Terminal terminal;
  private final Terminal err;
  private final TrainingRequest request;
  private final Arguments a;
  private final TrainingPlan plan;
  private final History history;
  private List<History> histories; // of each network
  private List<TrainingDiagnostics> diagnostics = List.of(); // of each network; empty if nothing was measured
  private final History.Epoch kept; // null if no epoch was completed
  private final Map<String, String> settings;
  private final List<Network> networks;
  private final Optional<EnsembleResults> ensemble;
  private final Optional<? extends CheckpointFile<?>> checkpoint;
  private final List<String> written = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  /** The summary of a single network. */
  TrainingSummary(Terminal terminal, Terminal err, TrainingRequest request, History history,
      Map<String, String> settings, Optional<? extends CheckpointFile<?>> checkpoint) {
    this(terminal, err, request, List.of(request.plan().network()), history, Optional.empty(), settings, checkpoint);
  }

  /**
   * @param networks the trained network, or those of an ensemble
   * @param history for an ensemble {@link EnsembleHistory}
   */
  TrainingSummary(Terminal terminal, Terminal err, TrainingRequest request, List<Network> networks, History history,
      Optional<EnsembleResults> ensemble, Map<String, String> settings,
      Optional<? extends CheckpointFile<?>> checkpoint) {
    this.out = terminal.stream();
    this.terminal = terminal;
    this.err = err;
    this.request = request;
    this.a = request.arguments();
    this.plan = request.plan();
    this.networks = networks;
    this.ensemble = ensemble;
    this.history = history;
    this.histories = List.of(history);
    this.kept = history.keptEpoch();
    this.settings = settings;
    this.checkpoint = checkpoint;
  }

  /** Sets what the report shows of each network's training. */
  TrainingSummary measured(List<History> ofNetworks, List<TrainingDiagnostics> measurements) {
    histories = ofNetworks;
    diagnostics = measurements;
    return this;
  }

  /**
   * Prints and writes everything that can be written.
   * @throws UsageException if a file could not be written, the checkpoint included
   */
  void write() {
    Model model = model();
    write(Option.OUT, model::write);
    checkpoint.filter(c -> !c.failed()).ifPresent(c -> written.add(c.file().toString()));
    if (kept != null) write(Option.REPORT, report(model)::write);
    print(model);
    checkpoint.filter(CheckpointFile::failed).ifPresent(c -> failures.add(c.failure()));
    if (!failures.isEmpty()) throw new UsageException(String.join("; ", failures) + remedy());
  }

  private void write(Option option, Consumer<Path> writer) {
    if (!a.has(option)) return;
    String file = a.value(option).get();
    try {
      writer.accept(Path.of(file));
      written.add(file);
    } catch (UncheckedIOException e) {
      failures.add(option.flag + " was not written: " + Main.reason(e.getCause()));
    }
  }

  /** What to do about files that could not be written. */
  private String remedy() {
    if (checkpoint.isPresent() && checkpoint.get().isResumable()) {
      return ". Free disk space or make the file writable, then continue with: " + resumeCommand();
    }
    return ". Free disk space or make the file writable, then repeat the command"
        + (written.isEmpty() ? "" : "; written: " + String.join(", ", written));
  }

  /** Returns the command that continues this run, with the name by which the launcher was called. */
  private String resumeCommand() {
    String command = request.rerunCommand();
    return LauncherName.quoted() + command.substring(command.indexOf(' '))
        + (a.has(Option.RESUME) ? "" : " " + Option.RESUME.flag);
  }

  private void print(Model model) {
    boolean quiet = a.has(Option.QUIET);
    if (!quiet) out.println();
    printEnd();
    if (kept == null) return;
    Results test = kept.test() == null ? null : results(model, plan.test());
    boolean needsTrain = test != null && (a.has(Option.JSON) || ResultWarnings.mayDependOnTraining(test, model));
    Results train = needsTrain ? results(model, plan.train()) : null;
    List<String> warnings = new ArrayList<>();
    if (test != null) request.from().flatMap(f -> f.warning(kept.test())).ifPresent(warnings::add);
    if (train != null) {
      warnings.addAll(ResultWarnings.ofTraining(test, train, plan, model, request.from().isPresent()));
    }
    printResult(test);
    if (!quiet) {
      if (test != null) printFurther(model, test, warnings);
      printFiles();
      printSuggestions();
    }
    if (a.has(Option.JSON)) out.println(Json.text(json(model, test, train, warnings)));
    else if (quiet) Notices.warnOfResult(err, warnings);
  }

  private Results results(Model model, Dataset rows) {
    return Results.of(model.outputs(rows.x()), rows, model.encoding().target(),
        TrivialBaseline.of(plan.train()), model.calibration().threshold());
  }

  private void printFurther(Model model, Results test, List<String> warnings) {
    request.from().ifPresent(f -> out.println("before    " + described(f.result()) + ": " + f.name()
        + " on the same rows"));
    test.details().forEach(out::println);
    if (a.has(Option.THRESHOLD)) out.println(ModelSummary.threshold(model));
    for (String warning : warnings) out.println(terminal.yellow("warning") + "   " + warning);
    if (test instanceof NumberResults && !hasSeveralNumbers()) return;
    out.println();
    test.printTable(out);
  }

  Model model() {
    Map<String, String> training = new LinkedHashMap<>(settings);
    if (kept != null) {
      ensemble.ifPresent(e -> training.put("kept epochs", e.keptEpochs()));
      training.put("epochs", history.last().number() + " of " + plan.epochs()
          + (history.kept() == history.last().number() ? "" : ", with the weights of epoch " + history.kept()));
      training.put("train loss", MetricFormat.loss(kept.trainLoss()));
      if (kept.validation() != null) {
        training.put(ensemble.isPresent() ? "out-of-fold" : "validation", described(kept.validation()));
      }
      if (kept.test() != null) training.put("test", described(kept.test()));
    }
    Model model = request.model(networks, training);
    if (ensemble.isPresent()) return ensemble.get().calibrated(model, a);
    Dataset held = plan.validation();
    return model.withCalibration(HeldOut.calibrate(a, held == null ? null : model.outputs(held.x()), held));
  }

  private Report report(Model model) {
    String title = Path.of(TableInput.label(request.dataName())).getFileName().toString();
    History curves = ensemble.isPresent() ? EnsembleHistory.withoutTest(history) : history;
    return Report.of(model, curves, plan.train()).test(plan.test()).title(title).command(request.rerunCommand())
        .settings(settings).networks(histories, diagnostics);
  }

  /** Returns whether there are several numeric targets, whose units may differ. */
  private boolean hasSeveralNumbers() {
    Dataset train = plan.train();
    return !train.isClassification() && !train.isMultilabel() && train.outputs() > 1;
  }

  private double unit() {
    return hasSeveralNumbers() ? Double.NaN : request.data().encoding().target().deviation();
  }

  private String described(Evaluation e) {
    if (hasSeveralNumbers()) return MetricFormat.r2(e.r2(), e.rmse()) + ", loss " + MetricFormat.loss(e.loss());
    return Double.isNaN(e.accuracy())
        ? MetricFormat.r2(e.r2(), e.rmse()) + ", RMSE " + MetricFormat.digits(e.rmse() * unit())
            + ", MAE " + MetricFormat.digits(e.mae() * unit())
        : String.format(Locale.ROOT, "%s %.4f, loss %s",
            plan.train().isMultilabel() ? "exact match" : "accuracy", e.accuracy(), MetricFormat.loss(e.loss()));
  }

  private void printEnd() {
    if (history.end() == History.End.INTERRUPTED) {
      String when = kept == null ? "in epoch 1" : ensemble.map(e -> "after " + e.position())
          .orElse("after epoch " + history.last().number());
      boolean resumable = checkpoint.isPresent() && checkpoint.get().isResumable();
      out.println("interrupted " + when + (resumable ? "; to continue:" : ""));
      if (resumable) out.println("  " + terminal.bold(resumeCommand()));
    }
    if (ensemble.isPresent() && kept != null) {
      out.println(ensemble.get().kept());
      out.println(ensemble.get().estimate());
    }
    if (plan.validation() != null && kept != null) {
      String why = history.end() == History.End.STOPPED_EARLY
          ? "stopped early after " + Formatting.count(plan.patience(), "epoch", "epochs")
          + " without a lower validation loss; " : "";
      out.printf(Locale.ROOT, "%skept the weights of epoch %d, validation %s%n",
          why, history.kept(), described(kept.validation()));
    }
  }

  private void printResult(Results results) {
    if (results == null) {
      printBold("training " + plan.lossName() + " " + MetricFormat.loss(kept.trainLoss()) + " after "
          + Formatting.count(kept.number(), "epoch", "epochs") + "; no rows were held out for testing");
      return;
    }
    double loss = kept.test().loss();
    printBold("test " + results.headline(loss));
    if (!Double.isFinite(loss)) {
      double[] yhat = new Model(networks, request.data().encoding(), Map.of()).outputs(plan.test().x());
      out.println(NonFiniteResults.explainLoss("test", loss, yhat, plan.test()));
    }
  }

  private void printBold(String line) {
    out.println(terminal.bold(line));
  }

  private void printFiles() {
    if (written.isEmpty()) return;
    out.println();
    out.println("wrote     " + String.join(", ", written));
  }

  /** @param test null if no rows were held out */
  private Map<String, Object> json(Model model, Results test, Results train, List<String> warnings) {
    Kernels kernels = request.kernels();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", TrainingSettings.task(plan.train()));
    json.put("train_loss", kept.trainLoss());
    json.put("train_loss_terms", List.of(
        plan.lossName().replace("loss", "data").toLowerCase(Locale.ROOT).split("\\+")));
    json.put("train_data_loss", model.evaluate(plan.loss(), plan.train()).loss());
    json.put("test_loss", test == null ? null : kept.test().loss());
    if (test != null) {
      json.put("train_" + train.scoreName(), train.score());
      test.put(json, "test_");
    } else {
      for (String name : usualMetrics()) json.put("test_" + name, null);
    }
    request.from().ifPresent(f -> f.put(json));
    if (a.has(Option.THRESHOLD)) json.put("threshold", model.calibration().threshold());
    json.put("epochs", history.last().number());
    json.put("kept_epoch", ensemble.isPresent() ? null : kept.number()); // an ensemble has several
    ensemble.ifPresent(e -> e.put(json));
    json.put("seconds", history.last().seconds());
    json.put("kernels", kernels.name());
    json.put("threads", kernels.threads());
    json.put("seed", request.seed());
    json.put("notices", request.data().notices());
    json.put("warnings", warnings);
    return json;
  }

  private List<String> usualMetrics() {
    Dataset train = plan.train();
    return train.isClassification() ? List.of("accuracy", "macro_f1", "log_loss")
        : train.isMultilabel() ? List.of("accuracy", "exact_match", "mean_accuracy", "macro_f1", "labels")
        : List.of("rmse", "mae", "r2");
  }

  private void printSuggestions() {
    out.println();
    out.println("try next");
    if (request.dataName().equals("spirals")) {
      suggest("./chainrule train moons --layers 16:tanh", "other built-in data: circles, xor, digits");
      suggest("./chainrule train yours.csv --target COLUMN", "your own table");
    } else if (request.from().isPresent()) {
      suggest("--rate " + BigDecimal.valueOf(plan.optimizer().rate() / 4).toPlainString(),
          "smaller steps: stays closer to " + request.from().get().name());
      if (plan.patience() == 0) suggest("--patience 20", "keeps the best epoch on validation rows");
    } else {
      suggest("--seed 2", "a different split and initial weights: how much is luck?");
      if (ensemble.isEmpty()) suggest("--ensemble 5", "five networks, averaged: better, with an estimate");
      suggest("--layers 128:relu", "a different network; see also --epochs, --rate and --batch");
    }
    if (a.has(Option.OUT) && failures.isEmpty()) {
      String model = TrainingSettings.quoted(a.value(Option.OUT).get());
      suggest("./chainrule info " + model, "its layers, encoding and settings");
      suggest("./chainrule predict " + model + " DATA", "its predictions for new data");
    } else if (!a.has(Option.OUT)) {
      suggest("--out model.npz --report report.html", "save the network; see how it learned");
    }
    suggest("./chainrule help train", "every option");
  }

  private void suggest(String command, String result) {
    out.printf("  %-43s   %s%n", LauncherName.in(command), terminal.dim(result));
  }
}
