// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.Encoding;
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
 * Models as files of ONNX, for programs in other languages:
 * <pre>{@code Onnx.write(Model.read(Path.of("iris.npz")), Path.of("iris.onnx"));}</pre>
 * The file holds all that a prediction takes: preprocessing, network, and what the outputs mean. Everything is computed
 * in double precision (float64), so that ONNX Runtime's predictions are Chainrule's but for rounding: the two add
 * products in different orders. The tests in {@code spec-tests/onnx} bound the difference.
 * <pre>
 *   inputs    x              float64 [N × columns]  the model's columns of numbers in its order, as in the data
 *             a text column  string  [N × 1]        one for each, with the column's name; characters that are not
 *                                                   allowed in an identifier of C become _, and a name that is taken
 *                                                   gets a number
 *   outputs   probabilities  float64 [N × classes]  of a classification, in the order of the model's labels
 *             label          string  [N]            the most probable, the first of equals; for two classes with one
 *                                                   output p, the second if p ≥ ½
 *             y              float64 [N × numbers]  of a regression, in the target's own unit
 * </pre>
 * There is no x where no column holds numbers. For pictures x is [N × height·width], the raw pixels, row by row.
 * Chainrule strips spaces around texts when it reads them; here the caller gives them stripped. Nothing is checked:
 * where Chainrule refuses a cell that is no number, the graph takes NaN, and gives NaN. (ONNX Runtime's interface for
 * Java breaks characters beyond U+FFFF on their way in and out; that for Python does not.)
 *
 * <p>Operator set {@value #OPSET} of ONNX with format version {@value #IR_VERSION}, both of ONNX 1.8 (2020): the first
 * in which Softmax and Squeeze are as they are now, so that old runtimes read the file and new ones, too. Models with
 * text columns also need operator set {@value #ML_OPSET} of ai.onnx.ml, for LabelEncoder: texts can be compared by
 * ONNX's own operators only since set 19. Dropout is nothing at prediction, and is left out. Names of values begin with
 * layer0, layer1, … as in the {@code .npz}. The metadata entry {@code network} describes the network, {@code columns}
 * is the JSON list of x's columns. No date and no machine is in it: the same model gives the same file.
 *
 * <p>Refused, with an {@link IllegalArgumentException} of one line: an activation that is not built in; a
 * label or category that is no text in Unicode (a lone half of a surrogate pair); more than 2 GiB, which is what a file
 * of ONNX may hold.
 */
public final class Onnx {
  /** The operator set of ONNX. */
  public static final int OPSET = 13;
  /** The operator set of ai.onnx.ml, for text columns. */
  public static final int ML_OPSET = 2;
  /** The version of the file format. */
  public static final int IR_VERSION = 7;

  static final String NUMBERS = "x";
  private static final String PROBABILITIES = "probabilities";
  private static final String LABEL = "label";
  private static final String VALUES = "y";
  /** What one protobuf message may hold. */
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  private Onnx() {}

  /** What goes into a graph or comes out of it. */
  public record Signature(List<Port> inputs, List<Port> outputs) {}

  /**
   * One input or output.
   *
   * @param columns of each row; 0 for an output that is one value for each row, [N]
   * @param meaning in words
   */
  public record Port(String name, boolean isText, int columns, String meaning) {
    Port(String name, int type, int columns, String meaning) {
      this(name, type == OnnxGraph.STRING, columns, meaning);
    }

    /** {@code float64} or {@code string}. */
    public String type() {
      return isText ? "string" : "float64";
    }

    /** {@code [N, 4]}. */
    public String shape() {
      return columns == 0 ? "[N]" : "[N, " + columns + "]";
    }
  }

  /**
   * Writes the model, whole or not at all ({@link SafeFile}).
   * @return the inputs and outputs of the graph in the file
   * @throws IllegalArgumentException for what ONNX cannot say, naming it; no file is written
   * @throws UncheckedIOException if the file cannot be written
   */
  public static Signature write(Model model, Path file) {
    Export export = export(model);
    requireSize(export.message.size(), MOST_BYTES);
    try {
      SafeFile.write(file, export.message::writeTo);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return export.signature;
  }

  private record Export(Protobuf message, Signature signature) {}

  private static Export export(Model model) {
    OnnxGraph g = new OnnxGraph();
    for (String taken : List.of(NUMBERS, PROBABILITIES, LABEL, VALUES)) g.name(taken);
    OnnxInputs inputs = new OnnxInputs(g, model.encoding());
    String yhat = network(g, model.network(), inputs.encode());
    Encoding.Target target = model.encoding().target();
    List<Port> outputs = target.isClass()
        ? classification(g.part("output"), target, model.network().outputs(), yhat)
        : regression(g.part("output"), target, model.network().outputs(), yhat);

    Protobuf m = new Protobuf().number(1, IR_VERSION).text(2, "chainrule").number(5, 1)
        .message(7, g.message("chainrule"))
        .message(8, operatorSet("", OPSET));
    if (inputs.ports().stream().anyMatch(Port::isText)) m.message(8, operatorSet(OnnxGraph.ML, ML_OPSET));
    m.message(14, metadata("network", model.network().toString()));
    m.message(14, metadata("columns", Json.text(inputs.names())));
    return new Export(m, new Signature(List.copyOf(inputs.ports()), outputs));
  }

  private static Protobuf operatorSet(String domain, int version) {
    return new Protobuf().text(1, domain).number(2, version);
  }

  private static Protobuf metadata(String key, String value) {
    return new Protobuf().text(1, key).text(2, value);
  }

  /** a = x, then a = φ(a·W + b) for each dense layer. */
  private static String network(OnnxGraph g, Network network, String x) {
    OnnxActivations activations = new OnnxActivations(g);
    String a = x;
    for (int l = 0; l < network.layers().size(); l++) {
      Layer layer = network.layers().get(l);
      g.part("layer" + l);
      if (layer instanceof Dense d) {
        double[] theta = network.parameters();
        String w = g.doubles("layer" + l + "_weight", theta, d.offset(), d.inputs(), d.outputs());
        String b = g.doubles("layer" + l + "_bias", theta, d.offset() + d.weights(), d.outputs());
        a = g.node("Gemm", a, w, b);
      }
      a = activations.apply(layer.activation(), a);
    }
    return a;
  }

  private static List<Port> classification(OnnxGraph g, Encoding.Target target, int outputs, String yhat) {
    requireUnicode("the target", target.labels());
    String probabilities = yhat, number;
    if (outputs == 1) {
      probabilities = g.node("Concat", "axis", 1, g.node("Sub", g.scalar(1), yhat), yhat);
      String second = g.node("GreaterOrEqual", yhat, g.scalar(0.5));
      number = g.node("Squeeze", g.node("Cast", "to", OnnxGraph.INT64, second), g.longs("output_axis", 1));
    } else {
      number = g.node("Squeeze", g.node("ArgMax", "axis", 1, yhat), g.longs("output_axis", 1));
    }
    String label = g.node("Gather", "axis", 0, g.texts("output_labels", target.labels()), number);
    return List.of(
        output(g, PROBABILITIES, probabilities, OnnxGraph.DOUBLE, target.labels().size(), "a column for each of "
            + String.join(", ", target.labels())),
        output(g, LABEL, label, OnnxGraph.STRING, 0, "the most probable " + target.names().get(0)));
  }

  /** y = ŷ · deviation + mean; what changes nothing is left out. */
  private static List<Port> regression(OnnxGraph g, Encoding.Target target, int outputs, String yhat) {
    String scaled = target.deviation() == 1 ? yhat : g.node("Mul", yhat, g.scalar(target.deviation()));
    String y = target.mean() == 0 ? scaled : g.node("Add", scaled, g.scalar(target.mean()));
    return List.of(output(g, VALUES, y, OnnxGraph.DOUBLE, outputs, String.join(", ", target.names())));
  }

  private static Port output(OnnxGraph g, String name, String value, int type, int columns, String meaning) {
    g.output(name, value, type, columns, meaning);
    return new Port(name, type, columns, meaning);
  }

  // ---------------------------------------------------------------- refusals

  /** Text goes into the file as UTF-8, in which half of a surrogate pair would become another text. */
  static void requireUnicode(String where, Iterable<String> texts) {
    CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
    for (String text : texts) {
      if (!utf8.canEncode(text)) {
        throw new IllegalArgumentException(where + " has the value " + Json.text(text)
            + ", which is no text in Unicode, so a file of ONNX cannot hold it; change it in the data and train again");
      }
    }
  }

  static void requireSize(long bytes, long most) {
    if (bytes > most) {
      throw new IllegalArgumentException("the model takes " + bytes + " bytes, and a file of ONNX holds at most " + most
          + "; use a smaller network, or the .npz");
    }
  }
}
