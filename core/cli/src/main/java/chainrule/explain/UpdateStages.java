// SPDX-License-Identifier: MIT
package chainrule.explain;

import chainrule.explain.Stage.Kind;
import chainrule.nn.FrozenParameters;
import chainrule.nn.Layer;
import chainrule.nn.StepValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The stages from the gradient of the loss to the new parameters: penalties, clipping, and the optimizer's update. */
final class UpdateStages {
  private final RecordedStep step;
  private final StepValues v;
  private final List<Layer> layers;
  private final double factor; // of clipping

  private UpdateStages(RecordedStep step) {
    this.step = step;
    this.v = step.values();
    this.layers = step.network().layers();
    this.factor = clips() ? Math.min(1, step.clip() / norm()) : 1;
  }

  static List<Stage> of(RecordedStep step) {
    return new UpdateStages(step).stages();
  }

  private List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    for (int l = 0; l < layers.size(); l++) {
      if (StepStages.isDense(layers.get(l)) && isPenalized()) stages.add(penalty(l));
    }
    if (clips()) stages.add(clipping());
    for (int l = 0; l < layers.size(); l++) if (StepStages.isDense(layers.get(l))) stages.add(update(l));
    return stages;
  }

  private boolean isPenalized() {
    return step.penalties().l1() != 0 || step.penalties().l2() != 0;
  }

  private boolean clips() {
    return step.clip() < Double.POSITIVE_INFINITY;
  }

  private boolean isFrozen(FrozenParameters parameters) {
    return step.frozen().and(parameters).equals(step.frozen());
  }

  private Stage penalty(int l) {
    double l1 = step.penalties().l1(), l2 = step.penalties().l2();
    double[][] dw = v.weightLossGradient(l), g = v.weightGradient(l), w = v.weights(l);
    int in = dw.length, out = dw[0].length, k = l + 1;
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < StepStages.shown(in); i++) {
      for (int j = 0; j < StepStages.shown(out); j++) {
        Sum sum = new Sum().term(Numbers.of(dw[i][j]), dw[i][j]);
        String weight = Numbers.of(w[i][j]);
        if (l1 != 0) sum.term(Numbers.of(l1) + "·sign(" + weight + ")", l1 * Math.signum(w[i][j]));
        if (l2 != 0) sum.term("2·" + Numbers.of(l2) + "·" + Numbers.factor(w[i][j]), 2 * l2 * w[i][j]);
        lines.add(new Line(StepStages.weight("g of W", l, i, j), sum.toString(), g[i][j]));
      }
    }
    BackwardStages.addMoreWeights(lines, in, out);
    List<String> ids = new ArrayList<>();
    if (l1 != 0) ids.add("003-l1-d");
    if (l2 != 0) ids.add("003-l2-d");
    return new Stage(Kind.PENALTY, l, "penalty on the weights of " + StepStages.named(step, l),
        "g = dW" + k + "[i,j]" + (l1 != 0 ? " + λ₁·sign(W" + k + "[i,j])" : "")
            + (l2 != 0 ? " + 2λ₂·W" + k + "[i,j]" : "")
            + ";  biases have no penalty", "g, dW" + k + " and W" + k + " [" + in + " × " + out + "]", ids, lines);
  }

  private double norm() {
    double sum = 0;
    for (double g : gradients()) sum += g * g;
    return Math.sqrt(sum);
  }

  /** Returns the gradients of all parameters that are not frozen. */
  private List<Double> gradients() {
    List<Double> all = new ArrayList<>();
    for (int l = 0; l < layers.size(); l++) {
      if (!StepStages.isDense(layers.get(l))) continue;
      if (!isFrozen(FrozenParameters.weights(l))) {
        for (double[] from : v.weightGradient(l)) for (double g : from) all.add(g);
      }
      if (!isFrozen(FrozenParameters.biases(l))) for (double g : v.biasGradient(l)) all.add(g);
    }
    return all;
  }

  private Stage clipping() {
    Sum squares = new Sum();
    for (double g : gradients()) squares.term(Numbers.factor(g) + "²", g * g);
    List<Line> lines = List.of(new Line("‖g‖", "√(" + squares + ")", norm()),
        new Line("factor", "min(1, " + Numbers.of(step.clip()) + "/" + Numbers.of(norm()) + ")", factor));
    return new Stage(Kind.CLIPPING, -1, "clipping the gradient", "g ← g·min(1, c/‖g‖), ‖g‖ = √(Σ g²)",
        "over all parameters", List.of("beyond-clipping"), lines);
  }

  private Stage update(int l) {
    double[][] w = v.weights(l), g = v.weightGradient(l), now = step.network().weights(l);
    double[] b = v.bias(l), gb = v.biasGradient(l), bNow = step.network().bias(l);
    int in = w.length, out = b.length, offset = layers.get(l).offset();
    UpdateTerms terms = new UpdateTerms(step.optimizer(), step.rate(), step.number());
    List<Line> lines = new ArrayList<>(List.of(Line.of("η", step.rate())));
    if (isFrozen(FrozenParameters.weights(l))) {
      lines.add(Line.remark("the weights are frozen: they keep their values"));
    } else {
      for (int i = 0; i < StepStages.shown(in); i++) {
        for (int j = 0; j < StepStages.shown(out); j++) {
          lines.addAll(terms.lines(StepStages.weight("W", l, i, j), w[i][j], factor * g[i][j],
              state(step.before(), offset + i * out + j), state(step.after(), offset + i * out + j), now[i][j]));
        }
      }
      BackwardStages.addMoreWeights(lines, in, out);
    }
    if (isFrozen(FrozenParameters.biases(l))) {
      lines.add(Line.remark("the biases are frozen: they keep their values"));
    } else {
      for (int j = 0; j < StepStages.shown(out); j++) {
        int p = offset + in * out + j;
        lines.addAll(terms.lines(StepStages.element("b", l, j), b[j], factor * gb[j], state(step.before(), p),
            state(step.after(), p), bNow[j]));
      }
      StepStages.addMore(lines, out, "bias", "biases");
    }
    return new Stage(Kind.UPDATE, l, "update of " + StepStages.named(step, l) + " by " + step.optimizer().name(),
        terms.formula() + (clips() ? ",  g clipped" : ""), "W" + (l + 1) + " [" + in + " × " + out + "], b" + (l + 1)
            + " [" + out + "], step t = " + step.number(), terms.ids(), lines);
  }

  private static double[] state(double[][] slots, int parameter) {
    return Arrays.stream(slots).mapToDouble(s -> s[parameter]).toArray();
  }
}
