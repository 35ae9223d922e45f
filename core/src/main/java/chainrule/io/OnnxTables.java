// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.io.OnnxFile.Attribute;
import chainrule.io.OnnxFile.Node;
import chainrule.io.OnnxValue.ActivationStep;
import chainrule.io.OnnxValue.Chain;
import chainrule.io.OnnxValue.Constant;
import chainrule.io.OnnxValue.DenseStep;
import chainrule.io.OnnxValue.LabelStep;
import chainrule.io.OnnxValue.Labels;
import chainrule.io.OnnxValue.ScaleStep.Kind;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.text.Excerpt;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the nodes of the domain ai.onnx.ml stand for: those that skl2onnx writes before and after a network, and linear
 * models, which are networks of one layer.
 */
final class OnnxTables {
  private final OnnxScaling scaling;

  OnnxTables(OnnxScaling scaling) {
    this.scaling = scaling;
  }

  /** Returns what a node stands for; null if it is not supported. */
  OnnxValue result(Node n, List<OnnxValue> in) {
    OnnxValue x = in.isEmpty() ? null : in.get(0);
    return switch (n.operator()) {
      case "ZipMap" -> x instanceof Chain c ? zipMap(n, c) : null;
      case "ArrayFeatureExtractor" -> x instanceof Constant names && in.size() == 2 && in.get(1) instanceof Labels l
          && l.names() == null ? new Labels(l.of(), names.tensor()) : null;
      case "Normalizer" -> x instanceof Chain c ? normalizer(n, c) : null;
      case "Scaler" -> x instanceof Chain c ? scaler(n, c) : null;
      case "LinearRegressor" -> x instanceof Chain c && postTransform(n).equals("NONE")
          ? linear(n, c, (int) n.integer("targets", 1)) : null;
      case "LinearClassifier" -> x instanceof Chain c ? classifier(n, c) : null;
      default -> null;
    };
  }

  static boolean isScaler(Node n) {
    return n.domain().equals(OnnxGraph.ML) && n.operator().equals("Scaler");
  }

  private static OnnxValue zipMap(Node n, Chain c) {
    List<String> labels = classLabels(n, "classlabels_int64s");
    return labels.isEmpty() ? c : c.with(new LabelStep(labels));
  }

  /** Returns probabilities as they are, since they have the sum 1 already. */
  private static OnnxValue normalizer(Node n, Chain c) {
    Attribute norm = n.attributes().get("norm");
    boolean distribution = c.step() instanceof LabelStep
        || c.step() instanceof ActivationStep a && a.activation() instanceof Softmax && !a.logarithm();
    return distribution && norm != null && norm.text().equals("L1") ? c : null;
  }

  /** Returns (x − offset) · scale. */
  private OnnxValue scaler(Node n, Chain c) {
    double[] offset = doubles(n, "offset"), scale = doubles(n, "scale");
    boolean fits = Math.max(offset.length, scale.length) > 0 && fits(offset, c.width()) && fits(scale, c.width());
    if (!fits) return OnnxOperators.refused(n, "expected an offset and a scale for all columns, or for each");
    Chain shifted = offset.length == 0 ? c : scaling.step(n, c, Kind.SUBTRACT, offset);
    return shifted == null || scale.length == 0 ? shifted : scaling.step(n, shifted, Kind.MULTIPLY, scale);
  }

  // ---------------------------------------------------------------- linear models

  private static String postTransform(Node n) {
    Attribute a = n.attributes().get("post_transform");
    return a == null ? "NONE" : a.text();
  }

  /** Returns x · coefficients + intercepts; the coefficients are [outputs × inputs]. */
  private static Chain linear(Node n, Chain x, int outputs) {
    double[] weights = doubles(n, "coefficients"), biases = doubles(n, "intercepts");
    int inputs = outputs < 1 ? 0 : weights.length / outputs;
    boolean fits = inputs > 0 && weights.length == inputs * outputs && x.rank() == 2
        && (x.width() == 0 || x.width() == inputs) && (biases.length == outputs || biases.length == 0)
        && !OnnxOperators.isAfterOutputs(x);
    if (!fits) return null;
    return x.with(new DenseStep(new Constant(OnnxTensor.of(weights, outputs, inputs), true),
        biases.length == 0 ? null : OnnxTensor.of(biases, outputs), inputs, outputs, false), outputs);
  }

  /**
   * Returns the probabilities of a linear classifier: softmax, or for two classes the sigmoid of the second, if the
   * coefficients of the first are the negative ones.
   */
  private static OnnxValue classifier(Node n, Chain x) {
    List<String> labels = classLabels(n, "classlabels_ints");
    Chain z = linear(n, x, labels.size());
    if (z == null) return null;
    if (postTransform(n).equals("SOFTMAX")) {
      return z.with(new ActivationStep(new Softmax(), false)).with(new LabelStep(labels));
    }
    double[] weights = doubles(n, "coefficients"), biases = doubles(n, "intercepts");
    boolean two = postTransform(n).equals("LOGISTIC") && labels.size() == 2 && areOpposite(weights)
        && areOpposite(biases);
    if (!two) {
      return OnnxOperators.refused(n, "expected post_transform = SOFTMAX, or LOGISTIC of two opposite classes; found "
          + Excerpt.of(postTransform(n)));
    }
    int inputs = weights.length / 2;
    DenseStep second = new DenseStep(new Constant(
        OnnxTensor.of(Arrays.copyOfRange(weights, inputs, 2 * inputs), 1, inputs), true), biases.length == 0 ? null
        : OnnxTensor.of(new double[] {biases[1]}, 1), inputs, 1, false);
    return x.with(second, 1).with(new ActivationStep(new Sigmoid(), false)).with(new LabelStep(labels));
  }

  private static boolean areOpposite(double[] values) {
    int half = values.length / 2;
    return IntStream.range(0, half).allMatch(i -> values[i] == -values[half + i]);
  }

  private static boolean fits(double[] values, int columns) {
    return values.length <= 1 || columns == 0 || values.length == columns;
  }

  /** Returns the names of the classes: strings, or the whole numbers of this attribute; empty if there are none. */
  private static List<String> classLabels(Node n, String integers) {
    Attribute strings = n.attributes().get("classlabels_strings"), numbers = n.attributes().get(integers);
    if (strings != null) return strings.strings();
    return numbers == null ? List.of() : numbers.integers().stream().map(String::valueOf).toList();
  }

  private static double[] doubles(Node n, String attribute) {
    Attribute a = n.attributes().get(attribute);
    return a == null ? new double[0] : a.singles().stream().mapToDouble(Float::doubleValue).toArray();
  }
}
