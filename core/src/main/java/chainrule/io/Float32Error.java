// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Target;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Softmax;
import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates the error of a model in single precision: predicts random rows in float32 and in double precision, and
 * compares. Numbers are drawn from a normal distribution with the mean and deviation of the training rows, one in 20 is
 * missing; categories are drawn with equal probability. Runtimes add products in other orders, so their errors differ
 * slightly.
 *
 * @param rows compared
 * @param largest the largest difference of a probability, or of a target in units of its deviation
 * @param otherDecisions rows with another class, or another set of labels
 */
public record Float32Error(int rows, double largest, int otherDecisions) {
  private static final int ROWS = 1000;

  /**
   * Compares 1000 rows, always the same ones for the same model.
   *
   * @param model the model
   * @return the differences found
   */
  public static Float32Error of(Model model) {
    Target target = model.encoding().target();
    double largest = 0;
    int other = 0;
    for (int r = 0; r < ROWS; r++) {
      List<Object> row = row(model, r);
      Predictions exact = model.predict(row);
      float[] y = outputs(model, row);
      double[] widened = new double[y.length];
      for (int j = 0; j < y.length; j++) {
        widened[j] = y[j];
        double difference = Math.abs(y[j] - exact.yhat()[j]);
        largest = difference > largest || Double.isNaN(difference) ? difference : largest;
      }
      Predictions rounded = new Predictions(target, exact.outputs(), widened, exact.threshold());
      if (!sameDecision(target, exact, rounded)) other++;
    }
    return new Float32Error(ROWS, largest, other);
  }

  private static boolean sameDecision(Target target, Predictions a, Predictions b) {
    if (target.isClass()) return a.classOf(0) == b.classOf(0);
    for (int j = 0; target.isMultilabel() && j < target.names().size(); j++) {
      if (a.has(0, j) != b.has(0, j)) return false;
    }
    return true;
  }

  private static List<Object> row(Model model, int r) {
    List<Object> row = new ArrayList<>();
    int c = 0;
    for (InputColumn in : model.encoding().inputColumns()) {
      long column = c++;
      if (!in.isNumber()) {
        row.add(in.categories().get(CounterRandom.below(in.categories().size(), r, column, 0)));
      } else if (CounterRandom.below(20, r, column, 0) == 0) {
        row.add(Double.NaN);
      } else {
        row.add(in.mean() + in.deviation() * CounterRandom.normal(r, column, 1));
      }
    }
    return row;
  }

  // ---------------------------------------------------------------- the model in float32

  private static float[] outputs(Model model, List<Object> row) {
    float[] x = encode(model, row), sum = null;
    for (Network network : model.networks()) {
      float[] y = outputs(network, x);
      for (int j = 0; sum != null && j < y.length; j++) y[j] = sum[j] + y[j];
      sum = y;
    }
    int count = model.networks().size();
    for (int j = 0; j < sum.length; j++) sum[j] = sum[j] / count;
    return sum;
  }

  private static float[] encode(Model model, List<Object> row) {
    double[] exact = model.encoding().encodeRow(row);
    float[] x = new float[exact.length];
    for (int i = 0; i < x.length; i++) x[i] = (float) exact[i]; // categories and indicators are exact
    int at = 0, i = 0;
    for (InputColumn in : model.encoding().inputColumns()) {
      if (in.isNumber()) {
        double cell = (Double) row.get(i);
        float v = (float) (Double.isNaN(cell) ? in.median() : cell);
        x[at] = (v - (float) in.mean()) / (float) in.deviation();
        PiecewiseLinear p = in.pieces();
        for (int k = 0; k < p.count(); k++) {
          float part = (v - (float) p.knot(k)) / (float) (p.knot(k + 1) - p.knot(k));
          x[at + 1 + k] = (float) PiecewiseLinear.scale() * (Math.min(Math.max(part, 0), 1) - (float) p.mean(k));
        }
      }
      at += in.width();
      i++;
    }
    return x;
  }

  private static float[] outputs(Network network, float[] x) {
    float[] a = x;
    for (Layer layer : network.layers()) {
      if (layer instanceof Dense d) a = dense(d, network.parameters(), a);
      a = activate(layer.activation(), a);
    }
    return a;
  }

  private static float[] dense(Dense d, double[] theta, float[] x) {
    float[] z = new float[d.outputs()];
    for (int p = 0, w = d.offset(); p < x.length; p++) {
      for (int j = 0; j < z.length; j++, w++) z[j] += x[p] * (float) theta[w];
    }
    for (int j = 0; j < z.length; j++) z[j] += (float) theta[d.offset() + d.weights() + j];
    return z;
  }

  private static float[] activate(Activation activation, float[] z) {
    float[] a = new float[z.length];
    if (activation instanceof Softmax) {
      float m = z[0], sum = 0;
      for (float v : z) m = Math.max(m, v);
      for (int j = 0; j < z.length; j++) sum += a[j] = (float) Math.exp(z[j] - m);
      for (int j = 0; j < z.length; j++) a[j] /= sum;
    } else {
      for (int j = 0; j < z.length; j++) a[j] = (float) ((Elementwise) activation).value(z[j]);
    }
    return a;
  }
}
