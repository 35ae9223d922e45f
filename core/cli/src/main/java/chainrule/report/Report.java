package chainrule.report;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.io.Model;
import chainrule.io.SafeFile;
import chainrule.train.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A training run on one page: how it went, what the network does right and wrong, what it looks like inside, and how to
 * repeat it.
 * <pre>{@code
 * new Report("iris", "./chainrule train iris.csv", settings, model, history, train, test).write(Path.of("iris.html"));
 * }</pre>
 * The page is one file: drawings are SVG in the page, pictures are in its text, there are no scripts, and nothing is
 * fetched from anywhere. It follows the reader's choice of light or dark. The same run gives the same page, but for the
 * seconds it took (and, where it holds pictures, the JVM's way of compressing them).
 *
 * @param title the heading: what was learned from
 * @param command what repeats the run, or null
 * @param settings names and values, in order, for a table
 * @param model the trained network, and how data became its inputs
 * @param history how training went
 * @param train the rows it was trained on, encoded
 * @param test the rows held out, encoded; null or without rows if none were: then it is judged by the training rows
 */
public record Report(
    String title, String command, Map<String, String> settings, Model model, History history, Dataset train, Dataset test) {

  /** @throws IllegalArgumentException if train or test has not the model's inputs, or there are no rows at all */
  public Report {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(history, "history");
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    requireFit("training", model, train);
    if (test != null) requireFit("test", model, test);
    if (train.rows() == 0 && (test == null || test.rows() == 0)) {
      throw new IllegalArgumentException("a report needs rows to show, but training and test data have none");
    }
  }

  private static void requireFit(String what, Model model, Dataset data) {
    Encoding e = model.encoding();
    if (data.inputs() != model.network().inputs() || data.isClassification() != e.target().isClass()
        || model.adapt(data).outputs() != model.network().outputs()) {
      throw new IllegalArgumentException(what + " data: rows of " + data.inputs() + " inputs and " + data.outputs()
          + " outputs do not fit the network " + model.network());
    }
  }

  /**
   * Writes the page, whole or not at all ({@link SafeFile}).
   * @throws UncheckedIOException if the file cannot be written
   */
  public void write(Path file) {
    byte[] bytes = html().getBytes(StandardCharsets.UTF_8);
    try {
      SafeFile.write(file, out -> out.write(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page. It is well-formed XML as well. */
  public String html() {
    EvaluatedRows results = EvaluatedRows.of(model, train, test);
    Html h = new Html();
    h.raw("<!DOCTYPE html>\n").open("html", "lang", "en").raw("\n").open("head").raw("\n");
    h.empty("meta", "charset", "utf-8").raw("\n");
    h.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").raw("\n");
    h.empty("meta", "name", "color-scheme", "content", "light dark").raw("\n");
    h.element("title", title + " · Chainrule").raw("\n<style>\n" + StyleSheet.SHEET + "</style>\n").closeLine();
    h.open("body").raw("\n");
    ReportHeader.write(h, this, results);
    h.open("main").raw("\n");
    TwoInputSection.write(h, this, results);
    OneInputSection.write(h, this, results);
    TrainingSection.write(h, history, results);
    if (model.encoding().target().isClass()) ClassificationSection.write(h, results);
    else RegressionSection.write(h, results);
    FirstLayerSection.write(h, model, train);
    MistakenImagesSection.write(h, results);
    NetworkSection.write(h, model);
    SettingsSection.write(h, settings, command);
    h.closeLine();
    h.open("footer").element("p", "Written by Chainrule. One file, no scripts, nothing fetched.").closeLine();
    return h.closeLine().closeLine().toString();
  }
}
