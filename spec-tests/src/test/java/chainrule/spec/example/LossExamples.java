// SPDX-License-Identifier: MIT
package chainrule.spec.example;

import static java.lang.Math.log;

import chainrule.data.Dataset;
import chainrule.kernels.Kernels;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.OffsetCrossEntropy;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.RowWeights;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import chainrule.nn.loss.SumOfSquaredErrors;

/** Worked examples of losses. */
final class LossExamples {
  private LossExamples() {}

  static double value(Loss loss, int rows, double[] yhat, double[] y) {
    return loss.value(Kernels.best(), rows, y.length / rows, yhat, y, 0);
  }

  static double[] gradient(Loss loss, int rows, double[] yhat, double[] y) {
    double[] g = new double[y.length];
    loss.gradient(Kernels.best(), rows, y.length / rows, yhat, y, 0, loss.reduction().factor(rows), g);
    return g;
  }

  private static double[] a(double... values) {
    return values;
  }

  static void add(Examples e) {
    squares(e);
    crossEntropies(e);
    weights(e);
  }

  private static void squares(Examples e) {
    Loss halfSum = new HalfSquaredError(Reduction.SUM), halfMean = new HalfSquaredError(Reduction.MEAN);
    e.of("000-2.1").in("x", 3).in("y", 1).is("f(x, y)", value(halfSum, 1, a(3), a(1)), 0.5 * (1 - 3) * (1 - 3));
    e.of("000-2.1-d").in("x", 3).in("y", 1).is("∂f/∂x", gradient(halfSum, 1, a(3), a(1))[0], 3 - 1);

    double[] y = {1, 2}, p = {1.5, 1};
    double sse = 0.5 * 0.5 + 1 * 1;
    Loss sum = new SumOfSquaredErrors(), mse = new MeanSquaredError(), mae = new MeanAbsoluteError();
    e.of("001-sse").in("y", y).in("ŷ", p).is("L", value(sum, 2, p, y), sse);
    e.of("001-sse-d").in("y", y).in("ŷ", p).is("∂L/∂ŷ", gradient(sum, 2, p, y), a(-2 * (1 - 1.5), -2 * (2 - 1.0)));
    for (String id : new String[] {"001-mse", "002-mse", "003-mse"}) {
      e.of(id).in("n", 2).in("y", y).in("ŷ", p).is("L", value(mse, 2, p, y), sse / 2);
    }
    e.of("001-mse-d").in("n", 2).in("y", y).in("ŷ", p)
        .is("∂L/∂ŷ", gradient(mse, 2, p, y), a(-2 / 2.0 * (1 - 1.5), -2 / 2.0 * (2 - 1)));
    e.of("003-mse-d").in("n", 2).in("ŷ", p).in("y", y)
        .is("∂L/∂ŷ", gradient(mse, 2, p, y), a(2 / 2.0 * (1.5 - 1), 2 / 2.0 * (1 - 2)))
        .printed(a(-1 / 2.0 * 2 * (1.5 - 1), -1 / 2.0 * 2 * (1 - 2)));
    e.of("003-mae").in("n", 2).in("ŷ", p).in("y", y).is("L", value(mae, 2, p, y), (0.5 + 1) / 2);
    e.of("003-mae-d").in("n", 2).in("ŷ", p).in("y", y)
        .is("∂L/∂ŷ", gradient(mae, 2, p, y), a(Math.signum(1.5 - 1) / 2, Math.signum(1.0 - 2) / 2))
        .printed(a(Math.signum(1 - 1.5) / 2, Math.signum(2 - 1.0) / 2));
    MeanAbsoluteError absolute = new MeanAbsoluteError();
    e.of("003-sign").in("x", -2).is("sign(x)", absolute.derivative(-2, 0), -1)
        .in("x", 0).is("sign(x)", absolute.derivative(0, 0), 0).in("x", 3).is("sign(x)", absolute.derivative(3, 0), 1);
    e.of("004-mse").in("n", 2).in("y", y).in("a", p).is("C", value(halfMean, 2, p, y), sse / (2 * 2));
    e.of("004-mse-d").in("a", 3).in("y", 1).is("∂C_x/∂a", gradient(halfSum, 1, a(3), a(1))[0], 3 - 1)
        .printed(2 * (3 - 1));
    Huber huber = new Huber();
    e.of("beyond-huber").in("δ", 1).in("ŷ", 1.5).in("y", 1).is("L", value(huber, 1, a(1.5), a(1)), 0.5 * 0.5 * 0.5)
        .in("ŷ", 4).is("L", value(huber, 1, a(4), a(1)), 1 * (3 - 0.5)).is("∂L/∂ŷ", huber.derivative(4, 1), 1);
  }

  private static void crossEntropies(Examples e) {
    Loss one = new BinaryCrossEntropy(Reduction.SUM), mean = new BinaryCrossEntropy(Reduction.MEAN);
    e.of("000-2.2").in("x", 0.8).in("y", 1).is("f(x, y)", value(one, 1, a(0.8), a(1)), -log(0.8))
        .printed(-(1 * log(0.8) + 0 * log(1) - 0.8));
    e.of("000-2.2-d").in("x", 0.8).in("y", 1)
        .is("∂f/∂x", gradient(one, 1, a(0.8), a(1))[0], (1 - 1) / (1 - 0.8) - 1 / 0.8);
    Loss offset = new OffsetCrossEntropy();
    e.of("000-2.3").in("x", 0).in("y", 1).is("f(x, y)", value(offset, 1, a(0), a(1)), -log(1e-100));
    e.of("000-2.3-d").in("x", 0).in("y", 1).is("∂f/∂x", gradient(offset, 1, a(0), a(1))[0], -1e100);

    double[] y = {1, 0}, p = {0.8, 0.4};
    double total = -(log(0.8) + log(1 - 0.4));
    double[] slopes = {-(1 / 0.8) / 2, 1 / (1 - 0.4) / 2};
    for (String id : new String[] {"001-bce", "003-bce"}) {
      e.of(id).in("n", 2).in("y", y).in("ŷ", p).is("L", value(mean, 2, p, y), total / 2);
      e.of(id + "-d").in("n", 2).in("y", y).in("ŷ", p).is("∂L/∂ŷ", gradient(mean, 2, p, y), slopes);
    }
    e.of("002-bce").in("y", y).in("ŷ", p).is("L", value(one, 2, p, y), total);

    Loss cceSum = new CategoricalCrossEntropy(Reduction.SUM), cce = new CategoricalCrossEntropy(Reduction.MEAN);
    double[] y3 = {0, 1, 0}, a3 = {0.2, 0.7, 0.1};
    e.of("001-cce").in("y", y3).in("a", a3).is("L", value(cceSum, 1, a3, y3), -log(0.7));
    double[] yy = {0, 1, 1, 0}, pp = {0.2, 0.8, 0.6, 0.4};
    double[][] rows = {{0, 1}, {1, 0}}, outputs = {{0.2, 0.8}, {0.6, 0.4}};
    double both = -(log(0.8) + log(0.6)) / 2;
    e.of("003-cce").in("N", 2).in("y", rows).in("ŷ", outputs).is("L", value(cce, 2, pp, yy), both);
    e.of("003-cce-one-hot").in("N", 2).in("k", a(1, 0)).in("ŷ", outputs).is("L", value(cce, 2, pp, yy), both);
    e.of("003-cce-d").in("n", 2).in("y", rows).in("ŷ", outputs)
        .is("∂L/∂ŷ", gradient(cce, 2, pp, yy), a(0, -1 / 0.8 / 2, -1 / 0.6 / 2, 0));

    Loss fused = new SoftmaxCrossEntropy(Reduction.SUM), fusedMean = new SoftmaxCrossEntropy(Reduction.MEAN);
    double[] z = {1, 2, 3}, s = ActivationExamples.softmax(z), target = {0, 0, 1}, twice = {0, 0, 2};
    e.of("001-softmax-cce-d").in("z", z).in("y", target)
        .is("∂L/∂z", gradient(fused, 1, z, target), a(s[0], s[1], s[2] - 1))
        .in("y", twice).is("∂L/∂z", gradient(fused, 1, z, twice), a(2 * s[0], 2 * s[1], 2 * s[2] - 2))
        .printed(a(s[0], s[1], s[2] - 2));
    double[] z2 = {1, 2, 3, 1, 2, 3}, target2 = {0, 0, 1, 0, 0, 1};
    double[] half = gradient(fusedMean, 2, z2, target2);
    e.of("003-softmax-cce-d").in("z", z).in("y", target)
        .is("∂L/∂z", gradient(fused, 1, z, target), a(s[0], s[1], s[2] - 1))
        .in("mean over N", 2).is("∂L/∂z", a(half[0], half[1], half[2]), a(s[0] / 2, s[1] / 2, (s[2] - 1) / 2));
  }

  private static void weights(Examples e) {
    double[] w = {1, 3}, y = {1, 2}, p = {1.5, 1}, losses = {0.25, 1}, g = new double[2];
    for (Loss loss : new Loss[] {new MeanSquaredError(), new SumOfSquaredErrors()}) {
      boolean mean = loss.reduction() == Reduction.MEAN;
      String id = mean ? "beyond-weighted-mean" : "beyond-weighted-sum";
      double factor = loss.reduction().factor(RowWeights.sum(2, w, 0)), divisor = mean ? 1 + 3 : 1;
      double sum = loss.weightedSumAndGradient(Kernels.best(), 2, 1, p, y, 0, w, 0, factor, g);
      e.of(id).in("w", w).in("ℓ", losses).is("L", factor * sum, (1 * 0.25 + 3 * 1) / divisor);
      e.of(id + "-d").in("w", w).in("∂ℓ/∂ŷ", a(2 * 0.5, 2 * -1.0))
          .is("∂L/∂ŷ", g.clone(), a(1 * 2 * 0.5 / divisor, 3 * 2 * -1.0 / divisor));
    }
    double[] balanced = Dataset.balancedClassWeights(new int[] {0, 0, 0, 1}, 2);
    e.of("beyond-class-weight-balanced").in("n", 4).in("k", 2).in("n_c", a(3, 1))
        .is("w", balanced, a(4 / (2 * 3.0), 4 / (2 * 1.0)));
  }
}
