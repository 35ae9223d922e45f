// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.explain.Stage.Kind;
import chainrule.nn.Dropout;
import chainrule.nn.Layer;
import chainrule.nn.StepValues;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.RowWeights;
import java.util.ArrayList;
import java.util.List;

/** The stages of the backward pass: δ of each layer for one row, last layer first, then dW and db over all rows. */
final class BackwardStages {
  private final RecordedStep step;
  private final StepValues v;
  private final List<Layer> layers;
  private final int row;
  private final int last;

  private BackwardStages(RecordedStep step, int row) {
    this.step = step;
    this.v = step.values();
    this.layers = step.network().layers();
    this.row = row;
    this.last = layers.size() - 1;
  }

  static List<Stage> of(RecordedStep step, int row) {
    return new BackwardStages(step, row).stages();
  }

  private List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    if (LossTerms.fused(step).isPresent()) {
      stages.add(fusedDelta());
    } else {
      stages.add(outputSlope());
      stages.add(outputDelta());
    }
    for (int l = last; l >= 0; l--) {
      if (l < last) stages.add(hiddenDelta(l));
      if (StepStages.isDense(layers.get(l))) stages.add(gradient(l));
    }
    return stages;
  }

  /** Writes the row's factor of the mean, to follow a number: {@code /4}, {@code ·2/7.5}, or nothing. */
  private String factor() {
    boolean mean = step.loss().reduction() == Reduction.MEAN;
    String weight = step.weights() == null ? "" : "·" + Numbers.of(step.weights()[row]);
    if (!mean) return weight;
    double divisor = step.weights() == null ? v.rows() : RowWeights.sum(v.rows(), step.weights(), 0);
    return divisor == 0 ? "·0" : weight + (divisor == 1 ? "" : "/" + Numbers.of(divisor));
  }

  private String factorFormula() {
    boolean mean = step.loss().reduction() == Reduction.MEAN;
    if (step.weights() == null) return mean ? "/n" : "";
    return mean ? "·w/Σw" : "·w";
  }

  private Stage fusedDelta() {
    double[] yhat = v.a(last)[row], y = step.y()[row], delta = v.delta(last)[row];
    List<Line> lines = new ArrayList<>();
    for (int j = 0; j < StepStages.shown(delta.length); j++) {
      lines.add(new Line(StepStages.element("δ", last, j),
          "(" + Numbers.of(yhat[j]) + LossTerms.minus(y[j]) + ")" + factor(), delta[j]));
    }
    StepStages.addMore(lines, delta.length, "unit", "units");
    boolean softmax = new ActivationTerms(layers.get(last).activation()).isSoftmax();
    List<String> ids = softmax ? List.of("003-softmax-cce-d")
        : List.of("003-delta-output", "003-bce-d", "003-sigmoid-d");
    int k = last + 1;
    return new Stage(Kind.DELTA, last, "δ of " + StepStages.named(step, last) + ": the slopes of "
        + step.loss().name() + " and " + (softmax ? "softmax" : "sigmoid") + " together",
        "δ" + k + "[j] = ∂L/∂z" + k + "[j] = (ŷ[j] − y[j])" + factorFormula(),
        "δ" + k + " [" + v.rows() + " × " + delta.length + "], here one row", ids, lines);
  }

  private double[] slopes() {
    int out = step.network().outputs();
    double[] g = new double[out];
    step.loss().gradient(step.network().kernels(), 1, out, v.a(last)[row], step.y()[row], 0, 1, g);
    for (int j = 0; j < out; j++) g[j] *= step.factor(row);
    return g;
  }

  private Stage outputSlope() {
    LossTerms terms = new LossTerms(step.loss());
    double[] yhat = v.a(last)[row], y = step.y()[row], g = slopes();
    List<Line> lines = new ArrayList<>();
    for (int j = 0; j < StepStages.shown(g.length); j++) {
      lines.add(new Line("g[" + (j + 1) + "]", terms.slope(yhat[j], y[j]) + factor(), g[j]));
    }
    StepStages.addMore(lines, g.length, "output", "outputs");
    return new Stage(Kind.OUTPUT_SLOPE, last, "g, the slope of the loss by the output",
        "g[j] = ∂L/∂ŷ[j] = (" + terms.slopeFormula() + ")" + factorFormula(), "g [" + g.length + "]",
        terms.derivativeIds(), lines);
  }

  private Stage outputDelta() {
    double[] a = v.a(last)[row], delta = v.delta(last)[row], g = slopes();
    ActivationTerms terms = new ActivationTerms(layers.get(last).activation());
    List<Line> lines = new ArrayList<>();
    int k = last + 1;
    String formula;
    if (terms.isSoftmax()) {
      Sum mean = new Sum();
      for (int j = 0; j < g.length; j++) mean.product(g[j], a[j]);
      for (int j = 0; j < StepStages.shown(g.length); j++) {
        lines.add(new Line(StepStages.element("δ", last, j),
            Numbers.of(a[j]) + "·(" + Numbers.of(g[j]) + " − (" + mean + "))", delta[j]));
      }
      formula = "ŷ[j]·(g[j] − Σ_k g[k]·ŷ[k])";
    } else {
      formula = terms.isLinear() ? "g[j]" : "g[j]·φ′(z" + k + "[j])";
      addSlopes(lines, last, terms);
      for (int j = 0; j < StepStages.shown(g.length); j++) {
        String times = terms.isLinear() ? "" : "·" + Numbers.factor(slope(last, j));
        lines.add(new Line(StepStages.element("δ", last, j), Numbers.of(g[j]) + times, delta[j]));
      }
    }
    StepStages.addMore(lines, g.length, "unit", "units");
    List<String> ids = new ArrayList<>(List.of("003-delta-output"));
    ids.addAll(terms.derivativeIds());
    return new Stage(Kind.DELTA, last, "δ of " + StepStages.named(step, last), "δ" + k + "[j] = ∂L/∂z" + k + "[j] = "
        + formula + slopeFormula(terms, last), "δ" + k + " [" + v.rows() + " × " + delta.length + "], here one row",
        ids, lines);
  }

  private String slopeFormula(ActivationTerms terms, int l) {
    return terms.isSoftmax() || terms.isLinear() ? ""
        : ",  φ′ = " + terms.slopeFormula("z" + (l + 1), "a" + (l + 1));
  }

  private double slope(int l, int j) {
    return layers.get(l).activation() instanceof Elementwise e ? e.derivative(v.z(l)[row][j], v.a(l)[row][j])
        : Double.NaN;
  }

  private void addSlopes(List<Line> lines, int l, ActivationTerms terms) {
    if (terms.isLinear() || terms.isSoftmax()) return;
    for (int j = 0; j < StepStages.shown(layers.get(l).outputs()); j++) {
      lines.add(new Line("φ′(" + StepStages.element("z", l, j) + ")", terms.slope(v.z(l)[row][j], v.a(l)[row][j]),
          slope(l, j)));
    }
  }

  private Stage hiddenDelta(int l) {
    ActivationTerms terms = new ActivationTerms(layers.get(l).activation());
    List<Line> lines = new ArrayList<>();
    addSlopes(lines, l, terms);
    double[] delta = v.delta(l)[row], next = v.delta(l + 1)[row];
    Dropout dropout = layers.get(l + 1) instanceof Dropout d ? d : null;
    double[][] w = dropout != null ? null : v.weights(l + 1);
    boolean plain = terms.isLinear() || terms.isSoftmax(); // nothing follows the sum
    Sum mean = new Sum();
    double[] slopes = new double[delta.length];
    for (int i = 0; i < delta.length; i++) {
      if (!terms.isSoftmax() && i == StepStages.shown(delta.length)) break;
      String back;
      double g = 0;
      if (dropout != null) {
        back = ForwardStages.mask(step, dropout, row, i) + "·" + Numbers.factor(next[i]);
        g = dropout.keeps(step.seed(), step.number() - 1, row, i) ? next[i] / (1 - dropout.rate()) : 0;
      } else {
        Sum sum = new Sum();
        for (int j = 0; j < next.length; j++) {
          sum.product(next[j], w[i][j]);
          g = Math.fma(next[j], w[i][j], g);
        }
        back = plain ? sum.toString() : "(" + sum + ")";
      }
      if (terms.isSoftmax()) {
        if (i < StepStages.shown(delta.length)) lines.add(new Line(StepStages.element("g", l, i), back, g));
        mean.product(g, v.a(l)[row][i]);
        slopes[i] = g;
        continue;
      }
      String times = terms.isLinear() ? "" : "·" + Numbers.factor(slope(l, i));
      lines.add(new Line(StepStages.element("δ", l, i), back + times, delta[i]));
    }
    for (int i = 0; terms.isSoftmax() && i < StepStages.shown(delta.length); i++) {
      lines.add(new Line(StepStages.element("δ", l, i), Numbers.of(v.a(l)[row][i]) + "·(" + Numbers.of(slopes[i])
          + " − (" + mean + "))", delta[i]));
    }
    StepStages.addMore(lines, delta.length, "unit", "units");
    int k = l + 1, n = k + 1;
    String back = dropout != null ? "mask[i]/(1 − p)·δ" + n + "[i]" : "Σ_j δ" + n + "[j]·W" + n + "[i,j]";
    String formula = terms.isLinear() ? back
        : terms.isSoftmax()
        ? "a" + k + "[i]·(g" + k + "[i] − Σ_k g" + k + "[k]·a" + k + "[k]),  g" + k + "[i] = " + back
        : "(" + back + ")·φ′(z" + k + "[i])"
        + slopeFormula(terms, l).replace("[j]", "[i]");
    List<String> ids = new ArrayList<>(List.of(dropout != null ? "003-dropout-d" : "003-delta-hidden"));
    ids.addAll(terms.isLinear() ? List.of() : terms.derivativeIds());
    return new Stage(Kind.DELTA, l, "δ of " + StepStages.named(step, l), "δ" + k + "[i] = " + formula,
        "δ" + k + " [" + v.rows() + " × " + delta.length + "], here one row"
            + (dropout != null ? "" : "; W" + n + " [" + delta.length + " × " + next.length + "]"), ids, lines);
  }

  private Stage gradient(int l) {
    double[][] x = v.input(l), delta = v.delta(l), dw = v.weightLossGradient(l);
    double[] db = v.biasLossGradient(l);
    int in = dw.length, out = db.length, n = v.rows(), k = l + 1;
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < StepStages.shown(in); i++) {
      for (int j = 0; j < StepStages.shown(out); j++) {
        Sum sum = new Sum();
        for (int r = 0; r < n; r++) sum.product(x[r][i], delta[r][j]);
        lines.add(new Line(StepStages.weight("dW", l, i, j), sum.toString(), dw[i][j]));
      }
    }
    addMoreWeights(lines, in, out);
    for (int j = 0; j < StepStages.shown(out); j++) {
      Sum sum = new Sum();
      for (int r = 0; r < n; r++) sum.term(Numbers.of(delta[r][j]), delta[r][j]);
      lines.add(new Line(StepStages.element("db", l, j), sum.toString(), db[j]));
    }
    StepStages.addMore(lines, out, "bias", "biases");
    String input = StepStages.input(l);
    return new Stage(Kind.GRADIENT, l, "dW and db of " + StepStages.named(step, l) + ", over all rows",
        "dW" + k + "[i,j] = Σ_r " + input + "[r,i]·δ" + k + "[r,j],  db" + k + "[j] = Σ_r δ" + k + "[r,j]",
        "dW" + k + " [" + in + " × " + out + "], db" + k + " [" + out + "]; " + input + " [" + n + " × " + in + "], δ"
            + k + " [" + n + " × " + out + "]", List.of("003-grad-w", "003-grad-b"), lines);
  }

  static void addMoreWeights(List<Line> lines, int in, int out) {
    int more = in * out - StepStages.shown(in) * StepStages.shown(out);
    if (more > 0) lines.add(Line.remark("… " + more + " more weights"));
  }
}
