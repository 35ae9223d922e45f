// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.Target;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Exports models as ONNX files, for programs in other languages:
 * <pre>{@code Onnx.write(Model.read(Path.of("iris.npz")), Path.of("iris.onnx"));}</pre>
 * The file contains everything that a prediction needs: preprocessing, network, and class labels. All arithmetic is in
 * double precision (float64), except after {@link #writeFloat32}. ONNX Runtime's predictions differ from Chainrule's by
 * rounding only, because the two add products in different orders. The tests in {@code spec-tests/onnx} bound the
 * difference.
 * <pre>
 *   inputs    x              float64 [N × columns]  the numeric columns, in the model's order, not standardized; NaN
 *                                                   is missing; dates are days since 1970-01-01
 *             a text column  string  [N × 1]        one input per text column, named after it; characters that are not
 *                                                   allowed in a C identifier become _, and a name already in use
 *                                                   gets a numeric suffix; the empty string is missing
 *   outputs   probabilities  float64 [N × classes]  for classification, in the order of the model's labels
 *             label          string  [N]            the most probable class, the first of equals; for two classes with
 *                                                   one output p, the second if p ≥ ½
 *             y              float64 [N × targets]  for regression, each in the target's own unit
 *             probabilities  float64 [N × labels]   for several labels, of each label alone
 *             labels         int64   [N × labels]   1 where a row has the label (probability ≥ ½), else 0
 * </pre>
 * A model without numeric columns has no input x. For images x is [N × height·width], the raw pixels, row by row.
 * Chainrule strips spaces around strings when it reads them; callers of the exported graph must strip them. The graph
 * does not check its inputs: where Chainrule refuses an infinite number, the graph computes with it. (ONNX Runtime's
 * Java API corrupts characters beyond U+FFFF in both directions; its Python API does not.)
 *
 * <p>The file uses operator set {@value #OPSET} and format version {@value #IR_VERSION}, both from ONNX 1.8 (2020).
 * This is the first operator set with today's Softmax and Squeeze, so both old and new runtimes can read the file.
 * Models with text columns also need operator set {@value #ML_OPSET} of ai.onnx.ml, for LabelEncoder: ONNX's own
 * operators can compare strings only since operator set 19. Dropout has no effect on predictions and is left out.
 * Names of values begin with layer0, layer1, … as in the {@code .npz}. An ensemble has a subgraph for each network,
 * whose names begin with member0_layer0, …, and the mean of their outputs. The metadata entry {@code network} describes
 * the network; {@code columns} is the JSON list of x's columns. {@code chainrule.model} is the {@code model.json} of
 * the {@code .npz}, from which {@link ModelImport} restores the model to the bit, unless another program has changed
 * the nodes, whose hash is {@code chainrule.nodes}. The file contains no date and no machine name: the same model gives
 * the same file.
 *
 * <p>Refused, with a one-line {@link IllegalArgumentException}: an activation that is not built in; a label or category
 * that is not valid Unicode (it contains an unpaired surrogate); a model of more than 2 GiB, the limit of an ONNX file.
 */
public final class Onnx {
  /** The version of ONNX's default operator set. */
  public static final int OPSET = 13;
  /** The version of the ai.onnx.ml operator set, for text columns. */
  public static final int ML_OPSET = 2;
  /** The version of the ONNX file format. */
  public static final int IR_VERSION = 7;

  /** The metadata entries that {@link ModelImport} reads: the model without its arrays, and a hash of the nodes. */
  static final String MODEL = "chainrule.model", FINGERPRINT = "chainrule.nodes";
  static final String NUMBERS = "x";
  private static final String PROBABILITIES = "probabilities";
  private static final String LABEL = "label";
  private static final String VALUES = "y";
  private static final String LABELS = "labels";
  /** The largest protobuf message. */
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  private Onnx() {}

  /**
   * The inputs and outputs of a graph.
   *
   * @param inputs the inputs, in the order of the graph
   * @param outputs the outputs, in the order of the graph
   */
  public record Signature(List<Port> inputs, List<Port> outputs) {}

  /**
   * One input or output.
   *
   * @param name its name in the graph
   * @param type of an element: {@code float64}, {@code float32}, {@code int64} or {@code string}
   * @param columns the number of columns; 0 for an output of shape [N], one value per row
   * @param meaning a description in words
   */
  public record Port(String name, String type, int columns, String meaning) {
    Port(String name, int type, int columns, String meaning) {
      this(name, type == OnnxGraph.STRING ? "string" : type == OnnxGraph.INT64 ? "int64"
          : type == OnnxGraph.FLOAT ? "float32" : "float64", columns, meaning);
    }

    /** {@return whether the elements are strings} */
    public boolean isText() {
      return type.equals("string");
    }

    /** {@return the shape, such as {@code [N, 4]}} */
    public String shape() {
      return columns == 0 ? "[N]" : "[N, " + columns + "]";
    }
  }

  /**
   * Writes the whole model or nothing ({@link SafeFile}).
   *
   * @param model the model
   * @param file the file, which is replaced if it exists
   * @return the inputs and outputs of the graph in the file
   * @throws IllegalArgumentException if ONNX cannot represent the model; the message names the cause, and no file is
   *     written
   * @throws UncheckedIOException if the file cannot be written
   */
  public static Signature write(Model model, Path file) {
    return write(model, file, OnnxGraph.DOUBLE);
  }

  /**
   * Writes the model with numbers in single precision (float32): half the size, and the speed of runtimes that have no
   * fast double arithmetic. {@link Float32Error} estimates the error.
   *
   * @param model the model
   * @param file the file, which is replaced if it exists
   * @return the inputs and outputs of the graph in the file
   * @throws IllegalArgumentException as {@link #write}, and if a finite number of the model is infinite in float32
   * @throws UncheckedIOException if the file cannot be written
   */
  public static Signature writeFloat32(Model model, Path file) {
    return write(model, file, OnnxGraph.FLOAT);
  }

  private static Signature write(Model model, Path file, int real) {
    Export export = export(model, real);
    requireSize(export.message.size(), MOST_BYTES);
    try {
      SafeFile.write(file, export.message::writeTo);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return export.signature;
  }

  private record Export(Protobuf message, Signature signature) {}

  private static Export export(Model model, int real) {
    OnnxGraph g = new OnnxGraph(real);
    for (String taken : List.of(NUMBERS, PROBABILITIES, LABEL, VALUES)) g.name(taken);
    Target target = model.encoding().target();
    if (target.isMultilabel()) g.name(LABELS);
    OnnxInputs inputs = new OnnxInputs(g, model.encoding());
    String yhat = outputs(g, model, inputs.encode());
    g.part("output");
    List<Port> outputs = switch (target.task()) {
      case CLASSIFY -> classification(g, model, yhat);
      case REGRESS -> regression(g, target, yhat);
      case MULTILABEL -> multilabel(g, target, yhat);
    };

    Protobuf m = new Protobuf().number(1, IR_VERSION).text(2, "chainrule").text(3, Version.CURRENT).number(5, 1)
        .message(7, g.message("chainrule"))
        .message(8, operatorSet("", OPSET));
    if (inputs.ports().stream().anyMatch(Port::isText)) m.message(8, operatorSet(OnnxGraph.ML, ML_OPSET));
    m.message(14, metadata("network", model.describeLayers()));
    m.message(14, metadata("columns", Json.text(inputs.names())));
    m.message(14, metadata(MODEL, Json.text(ModelFormat.describe(model))));
    m.message(14, metadata(FINGERPRINT, g.fingerprint()));
    return new Export(m, new Signature(List.copyOf(inputs.ports()), outputs));
  }

  private static Protobuf operatorSet(String domain, int version) {
    return new Protobuf().text(1, domain).number(2, version);
  }

  private static Protobuf metadata(String key, String value) {
    return new Protobuf().text(1, key).text(2, value);
  }

  /** Adds the networks, and for several of them the mean of their outputs: their sum, in order, divided by K. */
  private static String outputs(OnnxGraph g, Model model, String x) {
    int count = model.networks().size();
    String sum = network(g, model.networks().get(0), ModelFormat.prefix(0, count), x);
    for (int m = 1; m < count; m++) {
      String yhat = network(g, model.networks().get(m), ModelFormat.prefix(m, count), x);
      sum = g.part("ensemble").node("Add", sum, yhat);
    }
    return count == 1 ? sum : g.node("Div", sum, g.scalar(count));
  }

  /** Adds the layers: a = x, then a = φ(a·W + b) for each dense layer. */
  private static String network(OnnxGraph g, Network network, String prefix, String x) {
    OnnxActivations activations = new OnnxActivations(g);
    String a = x;
    for (int l = 0; l < network.layers().size(); l++) {
      Layer layer = network.layers().get(l);
      String name = prefix.replace('.', '_') + "layer" + l;
      g.part(name);
      if (layer instanceof Dense d) {
        double[] theta = network.parameters();
        String w = g.reals(name + "_weight", theta, d.offset(), d.inputs(), d.outputs());
        String b = g.reals(name + "_bias", theta, d.offset() + d.weights(), d.outputs());
        a = g.node("Gemm", a, w, b);
      }
      a = activations.apply(layer.activation(), a);
    }
    return a;
  }

  private static List<Port> classification(OnnxGraph g, Model model, String yhat) {
    Target target = model.encoding().target();
    int outputs = model.architecture().outputs();
    double threshold = model.calibration().threshold();
    requireUnicode("the target", target.labels());
    String probabilities = yhat, number;
    if (outputs == 1) {
      probabilities = g.node("Concat", "axis", 1, g.node("Sub", g.scalar(1), yhat), yhat);
      String second = g.node("GreaterOrEqual", yhat, g.scalar(Double.isNaN(threshold) ? 0.5 : threshold));
      number = g.node("Squeeze", g.node("Cast", "to", OnnxGraph.INT64, second), g.longs("output_axis", 1));
    } else if (!Double.isNaN(threshold)) {
      String p = g.node("Gather", "axis", 1, yhat, g.longs("output_second", 1));
      String second = g.node("GreaterOrEqual", p, g.scalar(threshold));
      number = g.node("Squeeze", g.node("Cast", "to", OnnxGraph.INT64, second), g.longs("output_axis", 1));
    } else {
      number = g.node("Squeeze", g.node("ArgMax", "axis", 1, yhat), g.longs("output_axis", 1));
    }
    String label = g.node("Gather", "axis", 0, g.texts("output_labels", target.labels()), number);
    return List.of(
        output(g, PROBABILITIES, probabilities, g.real, target.labels().size(), "a column for each of "
            + String.join(", ", target.labels())),
        output(g, LABEL, label, OnnxGraph.STRING, 0,
            Double.isNaN(threshold) ? "the most probable " + target.names().get(0)
            : target.labels().get(1) + " from a probability of " + threshold + ", else " + target.labels().get(0)));
  }

  /** Adds y = ŷ · deviation + mean, without a multiplication by 1 or an addition of 0. */
  private static List<Port> regression(OnnxGraph g, Target target, String yhat) {
    String deviation = row(g, "output_deviation", target.deviations(), 1);
    String mean = row(g, "output_mean", target.means(), 0);
    String scaled = deviation == null ? yhat : g.node("Mul", yhat, deviation);
    String y = mean == null ? scaled : g.node("Add", scaled, mean);
    return List.of(output(g, VALUES, y, g.real, target.names().size(), String.join(", ", target.names())));
  }

  /** Returns a constant with a number for each target: a scalar if they are equal, null if all have no effect. */
  private static String row(OnnxGraph g, String name, List<Double> values, double noEffect) {
    double first = values.get(0);
    if (!values.stream().allMatch(v -> v == first)) {
      return g.reals(name, values.stream().mapToDouble(v -> v).toArray(), 0, values.size());
    }
    return first == noEffect ? null : g.scalar(first);
  }

  private static List<Port> multilabel(OnnxGraph g, Target target, String yhat) {
    int n = target.names().size();
    String has = g.node("Cast", "to", OnnxGraph.INT64, g.node("GreaterOrEqual", yhat, g.scalar(0.5)));
    String names = String.join(", ", target.names());
    return List.of(output(g, PROBABILITIES, yhat, g.real, n, "a column for each of " + names),
        output(g, LABELS, has, OnnxGraph.INT64, n, "1 for a row that has the label, a column for each of " + names));
  }

  private static Port output(OnnxGraph g, String name, String value, int type, int columns, String meaning) {
    g.output(name, value, type, columns, meaning);
    return new Port(name, type, columns, meaning);
  }

  // ---------------------------------------------------------------- checks

  /** Refuses unpaired surrogates: strings are stored as UTF-8, which would replace them. */
  static void requireUnicode(String where, Iterable<String> texts) {
    CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
    for (String text : texts) {
      if (!utf8.canEncode(text)) {
        throw new IllegalArgumentException(where + " has the value " + Json.text(text)
            + ", which is not valid Unicode, so an ONNX file cannot contain it. Change it in the data and train "
            + "again.");
      }
    }
  }

  static void requireSize(long bytes, long most) {
    if (bytes > most) {
      throw new IllegalArgumentException("the model takes " + bytes + " bytes, the limit of an ONNX file is " + most
          + ". Use a smaller network, or the .npz file.");
    }
  }
}
