// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.explain.Stage.Kind;
import chainrule.kernels.Kernels;
import chainrule.nn.Layer;
import chainrule.nn.StepValues;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.RowWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a loss and its derivative with numbers: ℓ of each row, L of the batch, and g = ∂L/∂ŷ. */
final class LossTerms {
  /** The ids of ℓ and of its derivative, by the name without the suffix -sum. */
  private static final Map<String, List<String>> IDS = Map.of(
      "mse", List.of("003-mse", "003-mse-d"), "sse", List.of("001-sse", "001-sse-d"),
      "half-mse", List.of("004-mse", "004-mse-d"), "half-sse", List.of("000-2.1", "000-2.1-d"),
      "mae", List.of("003-mae", "003-mae-d"), "huber", List.of("beyond-huber", "beyond-huber"),
      "bce", List.of("003-bce", "003-bce-d"), "cce", List.of("003-cce", "003-cce-d"),
      "cce-offset", List.of("000-2.3", "000-2.3-d"));

  private final Loss loss;
  private final String name;
  private final double delta; // of Huber's loss

  LossTerms(Loss loss) {
    this.loss = loss;
    this.name = loss.name().replaceFirst("-sum$", "");
    this.delta = loss instanceof Huber h ? h.delta() : 0;
  }

  List<String> ids() {
    return IDS.containsKey(name) ? IDS.get(name).subList(0, 1) : List.of();
  }

  List<String> derivativeIds() {
    return IDS.containsKey(name) ? IDS.get(name).subList(1, 2) : List.of();
  }

  /** The stage of the loss: ℓ of each row, and L with penalties. */
  static Stage stage(RecordedStep step) {
    return new LossTerms(step.loss()).of(step);
  }

  private Stage of(RecordedStep step) {
    StepValues v = step.values();
    int last = step.network().layers().size() - 1, n = v.rows();
    List<Line> lines = new ArrayList<>();
    Sum total = new Sum();
    boolean weighted = step.weights() != null, mean = loss.reduction() == Reduction.MEAN;
    double[] losses = rows(step);
    for (int r = 0; r < n; r++) {
      if (r < StepStages.shown(n)) lines.add(new Line("ℓ[" + (r + 1) + "]", row(v.a(last)[r], step.y()[r]), losses[r]));
      if (weighted) total.product(step.weights()[r], losses[r]);
      else total.term(Numbers.of(losses[r]), losses[r]);
    }
    StepStages.addMore(lines, n, "row", "rows");
    addPenalty(lines, step);
    String data = total.toString();
    if (mean) {
      double divisor = weighted ? RowWeights.sum(n, step.weights(), 0) : n;
      if (divisor != 1) data = "(" + data + ")/" + Numbers.of(divisor);
      if (divisor == 0) data = "0";
    }
    boolean penalized = v.penalty() != 0;
    lines.add(new Line("L", data + (penalized ? " + " + Numbers.of(v.penalty()) : ""), v.loss()));
    List<String> ids = new ArrayList<>(ids());
    if (weighted) ids.add(mean ? "beyond-weighted-mean" : "beyond-weighted-sum");
    if (step.penalties().l1() != 0) ids.add("003-l1");
    if (step.penalties().l2() != 0) ids.add("003-l2");
    return new Stage(Kind.LOSS, last, "the loss " + loss.name(), "ℓ = " + formula() + ",  L = "
        + (weighted ? mean ? "Σ_r w[r]·ℓ[r]/Σ_r w[r]" : "Σ_r w[r]·ℓ[r]" : mean ? "(1/n) Σ_r ℓ[r]" : "Σ_r ℓ[r]")
        + (penalized ? " + penalty" : ""), "ŷ and y [" + n + " × " + step.network().outputs() + "], ℓ [" + n + "]", ids,
        lines);
  }

  private static void addPenalty(List<Line> lines, RecordedStep step) {
    double l1 = step.penalties().l1(), l2 = step.penalties().l2();
    if (l1 == 0 && l2 == 0) return;
    Sum sizes = new Sum(), squares = new Sum();
    List<Layer> layers = step.network().layers();
    for (int l = 0; l < layers.size(); l++) {
      if (!StepStages.isDense(layers.get(l))) continue;
      for (double[] from : step.values().weights(l)) {
        for (double w : from) {
          sizes.term("|" + Numbers.of(w) + "|", Math.abs(w));
          squares.term(Numbers.factor(w) + "²", w * w);
        }
      }
    }
    String first = l1 == 0 ? "" : Numbers.of(l1) + "·(" + sizes + ")";
    String second = l2 == 0 ? "" : Numbers.of(l2) + "·(" + squares + ")";
    lines.add(new Line("penalty", first + (l1 == 0 || l2 == 0 ? "" : " + ") + second, step.values().penalty()));
  }

  /** Returns ℓ of each row, fused with the output's activation where training fuses them. */
  static double[] rows(RecordedStep step) {
    StepValues v = step.values();
    int last = step.network().layers().size() - 1, out = step.network().outputs();
    Optional<Loss> fused = fused(step);
    double[] losses = new double[v.rows()];
    Kernels kernels = step.network().kernels();
    for (int r = 0; r < losses.length; r++) {
      losses[r] = fused.orElse(step.loss()).sum(kernels, 1, out, (fused.isPresent() ? v.z(last) : v.a(last))[r],
          step.y()[r], 0);
    }
    return losses;
  }

  static Optional<Loss> fused(RecordedStep step) {
    return step.loss().onLogitsOf(step.network().output().activation());
  }

  private String formula() {
    return switch (name) {
      case "mse", "sse" -> "Σ_j (ŷ[j] − y[j])²";
      case "half-mse", "half-sse" -> "Σ_j ½·(y[j] − ŷ[j])²";
      case "mae" -> "Σ_j |ŷ[j] − y[j]|";
      case "huber" -> "Σ_j ½·e² if |e| ≤ " + Numbers.of(delta) + ", else " + Numbers.of(delta) + "·(|e| − ½·"
          + Numbers.of(delta) + "), e = ŷ[j] − y[j]";
      case "bce" -> "−Σ_j (y[j]·ln ŷ[j] + (1 − y[j])·ln(1 − ŷ[j]))";
      case "cce" -> "−Σ_j y[j]·ln ŷ[j]";
      case "cce-offset" -> "−Σ_j y[j]·ln(ŷ[j] + 1e-100)";
      default -> loss.name();
    };
  }

  /** Writes ℓ of a row. */
  private String row(double[] yhat, double[] y) {
    Sum sum = new Sum();
    for (int j = 0; j < yhat.length; j++) addTerm(sum, yhat[j], y[j]);
    return sum.toString();
  }

  private void addTerm(Sum sum, double p, double t) {
    String difference = Numbers.of(p) + minus(t);
    double e = p - t;
    switch (name) {
      case "mse", "sse" -> sum.term("(" + difference + ")²", e * e);
      case "half-mse", "half-sse" -> sum.term("½·(" + Numbers.of(t) + minus(p) + ")²", e * e / 2);
      case "mae" -> sum.term("|" + difference + "|", Math.abs(e));
      case "huber" -> {
        double d = delta, size = Math.abs(e);
        if (size <= d) sum.term("½·(" + difference + ")²", e * e / 2);
        else sum.term(Numbers.of(d) + "·(|" + difference + "| − ½·" + Numbers.of(d) + ")", d * (size - d / 2));
      }
      case "bce" -> {
        addLogarithm(sum, t, Numbers.of(p), p);
        addLogarithm(sum, 1 - t, "1 − " + Numbers.of(p), 1 - p);
      }
      case "cce" -> addLogarithm(sum, t, Numbers.of(p), p);
      case "cce-offset" -> addLogarithm(sum, t, Numbers.of(p) + " + 1e-100", p + 1e-100);
      default -> { }
    }
  }

  /** Adds −t·ln(p). A term with the factor 0 is left out. */
  private static void addLogarithm(Sum sum, double t, String text, double p) {
    if (t == 0) return;
    sum.term("−" + (t == 1 ? "" : Numbers.of(t) + "·") + "ln(" + text + ")", -t * StrictMath.log(p));
  }

  static String minus(double v) {
    return v < 0 ? " + " + Numbers.of(-v) : " − " + Numbers.of(v);
  }

  /** The formula of ∂ℓ/∂ŷ. */
  String slopeFormula() {
    return switch (name) {
      case "mse", "sse" -> "2·(ŷ[j] − y[j])";
      case "half-mse", "half-sse" -> "ŷ[j] − y[j]";
      case "mae" -> "sign(ŷ[j] − y[j])";
      case "huber" -> "ŷ[j] − y[j], between −" + Numbers.of(delta) + " and " + Numbers.of(delta);
      case "bce" -> "(1 − y[j])/(1 − ŷ[j]) − y[j]/ŷ[j]";
      case "cce" -> "−y[j]/ŷ[j]";
      case "cce-offset" -> "−y[j]/(ŷ[j] + 1e-100)";
      default -> "∂ℓ/∂ŷ[j]";
    };
  }

  /** Writes ∂ℓ/∂ŷ of an element. */
  String slope(double p, double t) {
    String difference = Numbers.of(p) + minus(t), zero = Numbers.of(t);
    return switch (name) {
      case "mse", "sse" -> "2·(" + difference + ")";
      case "half-mse", "half-sse" -> "(" + difference + ")";
      case "mae" -> "sign(" + difference + ")";
      case "huber" -> Math.abs(p - t) <= delta ? "(" + difference + ")"
          : Numbers.of(delta) + "·sign(" + difference + ")";
      case "bce" -> "((1 − " + zero + ")/(1 − " + Numbers.of(p) + ") − " + zero + "/" + Numbers.of(p) + ")";
      case "cce" -> "(−" + zero + "/" + Numbers.of(p) + ")";
      case "cce-offset" -> "(−" + zero + "/(" + Numbers.of(p) + " + 1e-100))";
      default -> "";
    };
  }
}
