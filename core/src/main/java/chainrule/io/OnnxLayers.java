// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.io.ForeignNetwork.ForeignLayer;
import chainrule.io.ForeignNetwork.Scale;
import chainrule.io.OnnxFile.Node;
import chainrule.io.OnnxFile.Port;
import chainrule.io.OnnxValue.Chain;
import chainrule.io.OnnxValue.Unsupported;
import chainrule.io.ProtobufReader.DamagedException;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.text.Excerpt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds a network of dense layers in the graph of an ONNX file. {@link OnnxOperators} computes what each node stands
 * for, in the order of the nodes: from the input on, a chain of layers that grows by one step per node. A node that no
 * such network has makes its results unsupported. The network is that of the output which is a chain.
 */
final class OnnxLayers {
  private static final String INEXACT = "it multiplies its inputs or divides its outputs by factors; the model does "
      + "the opposite with their inverses, which can change the last bit";
  private static final String LOGARITHMS = "its last operation is LogSoftmax; the model has Softmax, so its outputs "
      + "are probabilities instead of their logarithms";

  private final OnnxFile file;

  private OnnxLayers(OnnxFile file) {
    this.file = file;
  }

  /**
   * Returns the network, whose weights are copied when it is built.
   *
   * @throws DataException naming the node that no network of dense layers has
   */
  static ForeignNetwork read(OnnxFile file) {
    try {
      return new OnnxLayers(file).read();
    } catch (DamagedException e) {
      throw new DataException(file.source() + ": damaged (" + e.getMessage() + ")");
    }
  }

  private ForeignNetwork read() {
    Map<String, OnnxValue> values = new HashMap<>();
    if (file.inputs().size() != 1) {
      throw file.error(file.inputs().size() + " inputs: " + names(file.inputs()) + "; expected one, with the numbers "
          + "of a row");
    }
    Port input = file.inputs().get(0);
    values.put(input.name(), input(input));
    OnnxOperators operators = new OnnxOperators(file, values);
    for (Node n : file.nodes()) {
      OnnxValue result = operators.result(n);
      for (String name : n.outputs()) values.put(name, result);
    }
    List<String> unused = new ArrayList<>();
    return network(output(values, unused), unused);
  }

  private static String names(List<Port> ports) {
    return String.join(", ", ports.stream().limit(8).map(p -> "'" + Excerpt.of(p.name()) + "'").toList())
        + (ports.size() > 8 ? ", …" : "");
  }

  private Chain input(Port p) {
    if (FloatFormat.ofOnnx(p.elementType()).isEmpty()) {
      throw file.error("input '" + Excerpt.of(p.name()) + "' has the element type " + p.elementType()
          + " of ONNX; expected float16, float32 or float64");
    }
    long width = 1;
    for (int k = 1; k < p.shape().size(); k++) {
      width *= p.shape().get(k);
      if (width > Integer.MAX_VALUE) throw new DamagedException("its input has more than 2^31 numbers");
    }
    int rank = p.shape().size();
    return Chain.input(rank < 2 ? 0 : (int) width, Math.max(2, rank), rank == 0 ? 0 : p.shape().get(0));
  }

  /**
   * Returns the chain of the only output of real numbers. Outputs of other types, such as labels, follow from it.
   *
   * @param unused receives the names of these outputs
   */
  private Chain output(Map<String, OnnxValue> values, List<String> unused) {
    Chain found = null;
    for (Port p : file.outputs()) {
      OnnxValue v = values.get(p.name());
      if (v instanceof Chain c && found == null) {
        found = c;
      } else if (v instanceof Chain c && found != c) {
        throw file.error("several outputs that are networks: " + names(file.outputs()) + ". Export the model with one "
            + "of them.");
      } else if (!(v instanceof Chain)) {
        if (FloatFormat.ofOnnx(p.elementType()).isPresent()) throw file.error(reason(p, v));
        unused.add(p.name());
      }
    }
    if (found != null) return found;
    throw file.error(file.outputs().isEmpty() ? "it has no output" : reason(
        file.outputs().get(0), values.get(file.outputs().get(0).name())));
  }

  private static String reason(Port output, OnnxValue v) {
    return v instanceof Unsupported u ? u.reason()
        : "output '" + Excerpt.of(output.name()) + "' is not that of a network of dense layers";
  }

  // ---------------------------------------------------------------- from steps to layers

  private ForeignNetwork network(Chain end, List<String> unused) {
    Deque<Chain> steps = new ArrayDeque<>();
    for (Chain c = end; c.parent() != null; c = c.parent()) steps.addFirst(c);
    List<ForeignLayer> layers = new ArrayList<>();
    List<String> notes = new ArrayList<>(), labels = new ArrayList<>();
    double[] mean = null, deviation = null, outMean = null, outDeviation = null;
    int inputs = 0;
    long parameters = 0;
    for (Chain c : steps) {
      OnnxValue.Step s = c.step();
      if (s instanceof OnnxValue.DenseStep d) {
        if (inputs == 0) inputs = d.in();
        parameters += (long) d.in() * d.out();
        layers.add(dense(d));
      } else if (s instanceof OnnxValue.ActivationStep a) {
        if (a.logarithm()) notes.add(LOGARITHMS);
        addActivation(layers, a.activation());
      } else if (s instanceof OnnxValue.ShiftStep shift) {
        if (layers.isEmpty()) mean = shift.values();
        else outMean = shift.values();
      } else if (s instanceof OnnxValue.FactorStep factor) {
        if (layers.isEmpty()) deviation = factor.values();
        else outDeviation = factor.values();
        if (!factor.exact()) notes.add(INEXACT);
      } else if (s instanceof OnnxValue.LabelStep l) {
        if (!l.labels().isEmpty()) labels = l.labels();
        else labels = new ArrayList<>(List.of("0", "1"));
      }
    }
    if (layers.isEmpty()) throw file.error("it computes nothing that is a layer of a network");
    if (inputs == 0) inputs = end.width();
    if (inputs == 0) throw file.error("its number of inputs is not known. Export it with a fixed number of columns.");
    if (parameters > file.mostNumbers()) {
      throw file.error("layers share their weights; expected weights for each layer");
    }
    return new ForeignNetwork(inputs, layers, scale(mean, deviation, inputs),
        scale(outMean, outDeviation, end.width()), labels,
        "ONNX" + (file.producer().isEmpty() ? "" : " of " + file.producer()), notes, unused);
  }

  private ForeignLayer dense(OnnxValue.DenseStep d) {
    OnnxTensor w = d.weights().tensor(), b = d.bias();
    return ForeignLayer.dense(d.out(), new Linear(),
        (to, at) -> copy(w, to, at, d.weights().transposed()), b == null ? null : (to, at) -> {
          copy(b, to, at, false);
          if (b.elements() == 1) Arrays.fill(to, at + 1, at + d.out(), to[at]);
        });
  }

  private void copy(OnnxTensor t, double[] to, int at, boolean transposed) {
    try {
      t.copy(to, at, transposed, file.directory());
    } catch (DamagedException e) {
      throw new DataException(file.source() + ": damaged (" + e.getMessage() + ")");
    }
  }

  private static void addActivation(List<ForeignLayer> layers, Activation a) {
    ForeignLayer last = layers.isEmpty() ? null : layers.get(layers.size() - 1);
    boolean fuses = last != null && last.isDense() && last.activation() instanceof Linear;
    if (!fuses) {
      layers.add(ForeignLayer.activation(a));
      return;
    }
    layers.set(layers.size() - 1, ForeignLayer.dense(last.units(), a, last.weights(), last.bias()));
  }

  private static Scale scale(double[] means, double[] deviations, int columns) {
    if (means == null && deviations == null) return Scale.NONE;
    return new Scale(spread(means, 0, columns), spread(deviations, 1, columns));
  }

  /** Returns a value for each column, from one for each, one for all, or none. */
  private static double[] spread(double[] values, double none, int columns) {
    double[] all = new double[columns];
    for (int j = 0; j < columns; j++) all[j] = values == null ? none : values[values.length == 1 ? 0 : j];
    return all;
  }
}
