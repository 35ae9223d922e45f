// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.explain.RecordedStep;
import chainrule.io.Json;
import chainrule.io.SafeFile;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.StepValues;
import chainrule.report.StepPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The optional outputs of an explained step: the page of {@code --html} and the object of {@code --json}. */
final class StepOutputs {
  private StepOutputs() {}

  /** Checks, before any work, that the page can be written. */
  static void requireWritable(Arguments a, List<String> inputs) {
    if (!a.has(Option.HTML)) return;
    InputFiles.refuseOverwriting(a, Option.HTML, inputs);
    OutputNames.requireHtml(Option.HTML, a);
    try {
      SafeFile.requireWritable(InputFiles.path(a.value(Option.HTML).get()));
    } catch (IOException e) {
      throw new UsageException(Option.HTML.flag + ": " + Main.describe(e));
    }
  }

  /**
   * Writes the page and prints the object, if requested.
   *
   * @param more further entries of the object
   */
  static void write(Arguments a, Terminal terminal, RecordedStep step, int row, UnitNames names, String title,
      Map<String, Object> more) {
    a.value(Option.HTML).ifPresent(file -> {
      StepPage.of(step, row, names.inputs(), names.outputs()).title(title).write(InputFiles.path(file));
      terminal.stream().println("\nwrote " + file);
    });
    if (!a.has(Option.JSON)) return;
    Map<String, Object> json = json(step, row, names);
    json.putAll(more);
    terminal.stream().println(Json.text(json));
  }

  private static Map<String, Object> json(RecordedStep step, int row, UnitNames names) {
    StepValues v = step.values();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", step.number());
    json.put("rate", step.rate());
    json.put("row", row + 1);
    json.put("rows", Arrays.stream(step.rows()).mapToObj(r -> r + 1).toList());
    json.put("input_names", names.inputs());
    json.put("output_names", names.outputs());
    json.put("x", list(v.input(0)));
    json.put("y", list(step.y()));
    json.put("loss", v.loss());
    json.put("penalty", v.penalty());
    List<Object> layers = new ArrayList<>();
    for (int l = 0; l < step.network().layers().size(); l++) layers.add(layer(step, l));
    json.put("layers", layers);
    return json;
  }

  private static Map<String, Object> layer(RecordedStep step, int l) {
    StepValues v = step.values();
    Layer layer = step.network().layers().get(l);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("layer", layer.describe());
    json.put("z", list(v.z(l)));
    json.put("a", list(v.a(l)));
    if (step.hasBackwardPass()) json.put("delta", list(v.delta(l)));
    if (!(layer instanceof Dense)) return json;
    json.put("weights", list(v.weights(l)));
    json.put("bias", list(v.bias(l)));
    if (!step.hasBackwardPass()) return json;
    json.put("weight_loss_gradient", list(v.weightLossGradient(l)));
    json.put("bias_loss_gradient", list(v.biasLossGradient(l)));
    json.put("weight_gradient", list(v.weightGradient(l)));
    json.put("bias_gradient", list(v.biasGradient(l)));
    json.put("weights_after", list(step.network().weights(l)));
    json.put("bias_after", list(step.network().bias(l)));
    return json;
  }

  private static List<List<Double>> list(double[][] rows) {
    return Arrays.stream(rows).map(StepOutputs::list).toList();
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
