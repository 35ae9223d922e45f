// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.explain.Stage.Kind;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Layer;
import chainrule.nn.StepValues;
import java.util.ArrayList;
import java.util.List;

/** The stages of the forward pass: z and a of each layer, for one row. */
final class ForwardStages {
  private ForwardStages() {}

  static List<Stage> of(RecordedStep step, int row) {
    List<Stage> stages = new ArrayList<>();
    List<Layer> layers = step.network().layers();
    for (int l = 0; l < layers.size(); l++) {
      if (layers.get(l) instanceof Dropout d) {
        stages.add(dropout(step, l, d, row));
        continue;
      }
      if (layers.get(l) instanceof Dense) stages.add(z(step, l, row));
      stages.add(a(step, l, row));
    }
    return stages;
  }

  private static Stage z(RecordedStep step, int l, int row) {
    StepValues v = step.values();
    double[] x = v.input(l)[row], z = v.z(l)[row], b = v.bias(l);
    double[][] w = v.weights(l);
    List<Line> lines = new ArrayList<>();
    for (int j = 0; j < StepStages.shown(z.length); j++) {
      Sum sum = new Sum();
      for (int i = 0; i < x.length; i++) sum.product(x[i], w[i][j]);
      lines.add(new Line(StepStages.element("z", l, j), sum + plus(b[j]), z[j]));
    }
    StepStages.addMore(lines, z.length, "unit", "units");
    int k = l + 1;
    String in = StepStages.input(l);
    return new Stage(Kind.Z, l, "z of " + StepStages.named(step, l),
        "z" + k + "[j] = Σ_i " + in + "[i]·W" + k + "[i,j] + b" + k + "[j]",
        in + " [" + x.length + "], W" + k + " [" + x.length + " × " + z.length + "], b" + k + " and z" + k + " ["
            + z.length + "]", List.of("003-dense-element"), lines);
  }

  private static String plus(double b) {
    return b < 0 || 1 / b < 0 ? " − " + Numbers.of(Math.abs(b)) : " + " + Numbers.of(b);
  }

  private static Stage a(RecordedStep step, int l, int row) {
    double[] z = step.values().z(l)[row], a = step.values().a(l)[row];
    ActivationTerms terms = new ActivationTerms(step.network().layers().get(l).activation());
    List<Line> lines = new ArrayList<>();
    Sum exponentials = new Sum();
    if (terms.isSoftmax()) {
      for (double v : z) exponentials.term("e^" + Numbers.factor(v), StrictMath.exp(v));
    }
    for (int j = 0; j < StepStages.shown(a.length); j++) {
      String text = terms.isSoftmax() ? "e^" + Numbers.factor(z[j]) + "/(" + exponentials + ")" : terms.value(z[j]);
      lines.add(new Line(StepStages.element("a", l, j), text, a[j]));
    }
    StepStages.addMore(lines, a.length, "unit", "units");
    int k = l + 1;
    boolean last = l == step.network().layers().size() - 1;
    return new Stage(Kind.A, l, (last ? "ŷ, the output" : "a") + " of " + StepStages.named(step, l),
        "a" + k + "[j] = " + terms.formula("z" + k), "a" + k + " [" + a.length + "]", terms.ids(), lines);
  }

  private static Stage dropout(RecordedStep step, int l, Dropout d, int row) {
    double[] x = step.values().input(l)[row], a = step.values().a(l)[row];
    List<Line> lines = new ArrayList<>();
    for (int j = 0; j < StepStages.shown(a.length); j++) {
      lines.add(new Line(StepStages.element("a", l, j), mask(step, d, row, j) + "·" + Numbers.factor(x[j]), a[j]));
    }
    StepStages.addMore(lines, a.length, "unit", "units");
    int k = l + 1;
    return new Stage(Kind.A, l, "a of " + StepStages.named(step, l),
        "a" + k + "[j] = mask[j]/(1 − " + Numbers.of(d.rate()) + ")·" + StepStages.input(l)
            + "[j], mask 0 drops a unit",
        "a" + k + " and mask [" + a.length + "]", List.of("003-dropout"), lines);
  }

  /** Writes the factor of a unit in dropout: 0 or 1, over 1 − p. */
  static String mask(RecordedStep step, Dropout d, int row, int unit) {
    boolean kept = d.keeps(step.seed(), step.number() - 1, row, unit);
    return (kept ? "1" : "0") + "/(1 − " + Numbers.of(d.rate()) + ")";
  }
}
