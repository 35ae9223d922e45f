// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.explain.Formula;
import chainrule.explain.FormulaSheet;
import chainrule.explain.Line;
import chainrule.explain.RecordedStep;
import chainrule.explain.Stage;
import chainrule.explain.StepStages;
import chainrule.format.Formatting;
import chainrule.io.SafeFile;
import chainrule.io.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * One training step as an HTML page to go through stage by stage: the drawn network with the numbers of the stage, its
 * formula, and each number with its terms.
 * <pre>{@code
 * StepPage.of(step, 0, names, labels).title("iris").write(Path.of("step.html"));
 * }</pre>
 * The page is a single file without scripts: the stages are radio buttons, so the mouse, a finger and the arrow keys
 * select them, and printing shows all of them. It supports light and dark mode. The same step gives the same bytes.
 */
public final class StepPage {
  private final RecordedStep step;
  private final List<Stage> stages;
  private final StepDiagram diagram;
  private final FormulaSheet sheet = FormulaSheet.load();
  private String title = "A training step";

  private StepPage(RecordedStep step, int row, List<String> inputs, List<String> outputs) {
    this.step = step;
    this.stages = StepStages.of(step, row, inputs, outputs);
    this.diagram = new StepDiagram(step, row, inputs);
  }

  /**
   * Starts a page.
   *
   * @param step the step
   * @param row the row of the batch that is shown term by term, from 0
   * @param inputs the names of the network's inputs
   * @param outputs the names of its outputs
   * @return a page
   */
  public static StepPage of(RecordedStep step, int row, List<String> inputs, List<String> outputs) {
    return new StepPage(step, row, inputs, outputs);
  }

  /**
   * Sets the heading; "A training step" by default.
   *
   * @param heading such as the name of the data
   * @return this page
   */
  public StepPage title(String heading) {
    title = heading;
    return this;
  }

  /**
   * Writes the page, completely or not at all ({@link SafeFile}).
   *
   * @param file the file, which is replaced if it exists
   * @throws UncheckedIOException if it cannot be written
   */
  public void write(Path file) {
    byte[] page = html().getBytes(StandardCharsets.UTF_8);
    try {
      SafeFile.write(file, out -> out.write(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the page, which is also well-formed XML} */
  public String html() {
    Html h = new Html();
    h.raw("<!DOCTYPE html>\n").open("html", "lang", "en").raw("\n").open("head").raw("\n");
    h.empty("meta", "charset", "utf-8").raw("\n");
    h.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").raw("\n");
    h.empty("meta", "name", "color-scheme", "content", "light dark").raw("\n");
    h.element("title", title + ", step " + step.number() + " · Chainrule").raw("\n<style>\n" + StyleSheet.CSS
        + StepStyle.of(stages.size()) + "</style>\n").closeLine();
    h.open("body").raw("\n");
    header(h);
    h.open("main", "class", "stepper").raw("\n");
    for (int s = 0; s < stages.size(); s++) {
      h.empty("input", "type", "radio", "name", "stage", "class", "pick", "id", "s" + s, "checked",
          s == 0 ? "checked" : null).raw("\n");
    }
    index(h);
    for (int s = 0; s < stages.size(); s++) panel(h, s);
    h.closeLine();
    h.open("footer").element("p", "Written by Chainrule " + Version.CURRENT
        + ". A single file without scripts or external resources.").closeLine();
    return h.closeLine().closeLine().toString();
  }

  private void header(Html h) {
    h.open("header").raw("\n");
    h.element("p", "One training step with every number", "class", "kicker").raw("\n");
    h.element("h1", title).raw("\n");
    h.element("p", String.format(Locale.ROOT, "Step %,d of the training of %s with the loss %s, by %s at rate %s. "
        + "The loss of the batch is %s.", step.number(), step.network(), step.loss().name(), step.optimizer().name(),
        step.rate(), Formatting.value(step.values().loss()))).raw("\n");
    h.element("p", "Choose a stage, or go through them with the buttons or the arrow keys.", "class", "ended")
        .raw("\n");
    h.closeLine();
  }

  private void index(Html h) {
    h.open("div", "class", "stages").raw("\n");
    for (int s = 0; s < stages.size(); s++) {
      h.element("label", (s + 1) + " " + shortTitle(stages.get(s)), "for", "s" + s, "class",
          "stage-" + phase(stages.get(s))).raw("\n");
    }
    h.closeLine();
  }

  /** Names a stage in a word or two. */
  private static String shortTitle(Stage s) {
    String layer = s.layer() < 0 ? "" : " " + (s.layer() + 1);
    return switch (s.kind()) {
      case BATCH -> "batch";
      case Z -> "z" + layer;
      case A -> "a" + layer;
      case LOSS -> "loss";
      case OUTPUT_SLOPE -> "g";
      case DELTA -> "δ" + layer;
      case GRADIENT -> "dW, db" + layer;
      case PENALTY -> "penalty" + layer;
      case CLIPPING -> "clipping";
      case UPDATE -> "update" + layer;
    };
  }

  private static String phase(Stage s) {
    return s.kind() == Stage.Kind.UPDATE ? "update" : s.isBackward() ? "backward" : "forward";
  }

  private void panel(Html h, int s) {
    Stage stage = stages.get(s);
    h.open("section", "class", "panel p" + s, "aria-labelledby", "t" + s).raw("\n");
    h.element("p", switch (phase(stage)) {
      case "forward" -> "forward pass";
      case "backward" -> "backward pass";
      default -> "update";
    }, "class", "kicker").raw("\n");
    h.element("h2", (s + 1) + ". " + stage.title(), "id", "t" + s).raw("\n");
    if (!stage.formula().isEmpty()) h.open("p", "class", "formula").element("code", stage.formula()).closeLine();
    h.element("p", stage.shapes(), "class", "remark").raw("\n");
    diagram.write(h, stage);
    h.open("ul", "class", "lines").raw("\n");
    for (Line line : stage.lines()) h.element("li", line.toString()).raw("\n");
    h.closeLine();
    references(h, stage);
    h.open("p", "class", "steps");
    if (s > 0) h.element("label", "← " + shortTitle(stages.get(s - 1)), "for", "s" + (s - 1));
    if (s + 1 < stages.size()) h.element("label", shortTitle(stages.get(s + 1)) + " →", "for", "s" + (s + 1));
    h.closeLine().closeLine();
  }

  private void references(Html h, Stage stage) {
    for (String id : stage.ids()) {
      Formula f = sheet.byId(id).orElse(null);
      if (f == null) continue;
      h.open("p", "class", "remark").element("code", id).text(" " + f.name()
          + (f.field("verdict").equals("erratum") ? " (false as printed)" : "") + ", ").element("code", f.source())
          .closeLine();
    }
  }
}
