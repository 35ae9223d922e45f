// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.io.SafeFile;
import chainrule.io.Version;
import chainrule.metrics.TrivialBaseline;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.MultilabelMetrics;
import chainrule.train.TrainingDiagnostics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A training run as one HTML page: the course of training, what the network gets right and wrong, its structure, and
 * how to repeat the run.
 * <pre>{@code
 * Report.of(model, history, train).test(test).title("iris").write(Path.of("iris.html"));
 * }</pre>
 * The page is a single file: drawings are SVG, images are embedded, there are no scripts, and nothing is loaded from
 * elsewhere. It supports light and dark mode. Identical runs give identical pages, except for the training time, the
 * line about the machine, and the compression of images, which depends on the JVM.
 */
public final class Report {
  private final Model model;
  private final History history;
  private final Dataset train;
  private Dataset test; // null if no rows were held out
  private String title = "Training run";
  private String command; // null if unknown
  private Map<String, String> settings = Map.of();
  private NetworkCurves curves;

  private Report(Model model, History history, Dataset train) {
    this.model = Objects.requireNonNull(model, "model");
    this.history = Objects.requireNonNull(history, "history");
    this.train = fitting("training", model, train);
    this.curves = new NetworkCurves(List.of(history), List.of());
  }

  /**
   * Starts a report; the methods that follow complete it.
   *
   * @param model the trained model
   * @param history the course of its training; for an ensemble, the mean of those of its networks
   * @param train the encoded training rows, on which the network is judged if there are no test rows
   * @return a report
   * @throws IllegalArgumentException if the rows do not fit the model
   */
  public static Report of(Model model, History history, Dataset train) {
    return new Report(model, history, train);
  }

  /**
   * Sets the rows that were held out for testing.
   *
   * @param rows the encoded rows; not null
   * @return this report
   * @throws IllegalArgumentException if the rows do not fit the model
   */
  public Report test(Dataset rows) {
    test = fitting("test", model, rows);
    return this;
  }

  /**
   * Sets the heading; "Training run" by default.
   *
   * @param heading such as the name of the data
   * @return this report
   */
  public Report title(String heading) {
    title = Objects.requireNonNull(heading, "title");
    return this;
  }

  /**
   * Sets the command that repeats the run; the page shows none by default.
   *
   * @param line the command
   * @return this report
   */
  public Report command(String line) {
    command = Objects.requireNonNull(line, "command");
    return this;
  }

  /**
   * Sets the settings of the run; none by default.
   *
   * @param values the values by name, which the page shows in this order
   * @return this report
   */
  public Report settings(Map<String, String> values) {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    return this;
  }

  /**
   * Sets the course of each network's training. The page shows the scores on training rows and the norms of weights and
   * gradients only if they were measured, and the range of an ensemble's networks around the means only if it has their
   * histories.
   *
   * @param histories of the networks of the model, in their order; for a single network that of the report itself
   * @param measured the diagnostics of the same networks; empty if nothing was measured
   * @return this report
   * @throws IllegalArgumentException unless there are as many as networks
   */
  public Report networks(List<History> histories, List<TrainingDiagnostics> measured) {
    int expected = model.networks().size();
    if (histories.size() != expected || !measured.isEmpty() && measured.size() != expected) {
      throw new IllegalArgumentException("expected histories and diagnostics of " + expected + " networks, found "
          + histories.size() + " and " + measured.size());
    }
    curves = new NetworkCurves(List.copyOf(histories), List.copyOf(measured));
    return this;
  }

  private static Dataset fitting(String name, Model model, Dataset data) {
    Encoding e = model.encoding();
    if (data.inputs() != model.architecture().inputs() || data.isClassification() != e.target().isClass()
        || data.isMultilabel() != e.target().isMultilabel()
        || model.adapt(data).outputs() != model.architecture().outputs()) {
      throw new IllegalArgumentException("the " + name + " rows have " + data.inputs() + " inputs and " + data.outputs()
          + " outputs, which do not fit the network " + model.architecture());
    }
    return data;
  }

  /**
   * Writes the page, completely or not at all ({@link SafeFile}).
   *
   * @param file the file, which is replaced if it exists
   * @throws UncheckedIOException if the file cannot be written
   * @throws IllegalStateException if there are neither training nor test rows
   */
  public void write(Path file) {
    byte[] bytes = html().getBytes(StandardCharsets.UTF_8);
    try {
      SafeFile.write(file, out -> out.write(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return the page, which is also well-formed XML}
   *
   * @throws IllegalStateException if there are neither training nor test rows
   */
  public String html() {
    if (train.rows() == 0 && (test == null || test.rows() == 0)) {
      throw new IllegalStateException("a report needs at least one row, but there are no training or test rows");
    }
    EvaluatedRows evaluated = EvaluatedRows.of(model, train, test);
    Html h = new Html();
    h.raw("<!DOCTYPE html>\n").open("html", "lang", "en").raw("\n").open("head").raw("\n");
    h.empty("meta", "charset", "utf-8").raw("\n");
    h.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").raw("\n");
    h.empty("meta", "name", "color-scheme", "content", "light dark").raw("\n");
    h.element("title", title + " · Chainrule").raw("\n<style>\n" + StyleSheet.CSS + "</style>\n").closeLine();
    h.open("body").raw("\n");
    ReportHeader.write(h, this, evaluated);
    h.open("main").raw("\n");
    TwoInputSection.write(h, this, evaluated);
    OneInputSection.write(h, this, evaluated);
    TrainingSection.write(h, history, curves, evaluated, baseline());
    if (model.encoding().target().isClass()) {
      TrivialBaseline trivial = TrivialBaseline.of(train.rows() > 0 ? train : test);
      ClassificationSection.write(h, evaluated, trivial.majorityClass());
      ProbabilitySection.write(h, evaluated);
    }
    if (model.encoding().target().isMultilabel()) {
      MultilabelSection.write(h, evaluated);
      ProbabilitySection.write(h, evaluated);
    } else if (!model.encoding().target().isClass()) RegressionSection.write(h, evaluated);
    ImportanceSection.write(h, evaluated);
    FirstLayerSection.write(h, model, train);
    MistakenImagesSection.write(h, evaluated);
    NetworkSection.write(h, model);
    SettingsSection.write(h, settings, command);
    h.closeLine();
    h.open("footer").element("p", "Written by Chainrule " + Version.CURRENT + " on Java "
        + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
        + System.getProperty("os.arch") + ", " + model.architecture().kernels().name() + " kernels, "
        + Formatting.count(Runtime.getRuntime().availableProcessors(), "processor", "processors")
        + ". A single file without scripts or external resources.").closeLine();
    return h.closeLine().closeLine().toString();
  }

  /**
   * Returns the score of the {@link TrivialBaseline}, on the test rows or else on the training rows: the accuracy of
   * the majority class, the exact match of each label's majority, or the R² of the training rows' mean. NaN without
   * training rows.
   */
  private double baseline() {
    if (train.rows() == 0) return Double.NaN;
    Dataset rows = test == null || test.rows() == 0 ? train : test;
    TrivialBaseline trivial = TrivialBaseline.of(train);
    double[] yhat = trivial.predictions(rows.rows());
    if (rows.isMultilabel()) return MultilabelMetrics.ofPredictions(yhat, rows).exactMatch();
    if (!rows.isClassification()) return Evaluation.ofPredictions(yhat, rows).r2();
    return Arrays.stream(rows.classes()).filter(c -> c == trivial.majorityClass()).count() / (double) rows.rows();
  }

  Model model() {
    return model;
  }

  History history() {
    return history;
  }

  Dataset train() {
    return train;
  }

  /** The test rows; null if no rows were held out. */
  Dataset test() {
    return test;
  }

  String title() {
    return title;
  }
}
