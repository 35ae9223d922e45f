// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.io.ForeignNetwork.ForeignLayer;
import chainrule.io.ForeignNetwork.Scale;
import chainrule.io.OnnxFile.Node;
import chainrule.io.OnnxFile.Port;
import chainrule.io.OnnxScaling.Affine;
import chainrule.io.OnnxScaling.Standardization;
import chainrule.io.OnnxValue.Chain;
import chainrule.io.OnnxValue.Labels;
import chainrule.io.OnnxValue.ScaleStep;
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
import java.util.Optional;
import java.util.Set;

/**
 * Finds a network of dense layers in the graph of an ONNX file. {@link OnnxOperators} computes what each node stands
 * for, in the order of the nodes: from the input on, a chain of layers that grows by one step per node. A node that no
 * such network has makes its results unsupported. The network is that of the output which is a chain.
 */
final class OnnxLayers {
  /** The types of whole numbers in onnx.proto, from int8 to uint64. */
  private static final Set<Long> INTEGERS = Set.of(2L, 3L, 4L, 5L, 6L, 7L, 12L, 13L);
  private static final int MOST_DIMENSIONS = 32;
  private static final String INEXACT = "the model computes (x − mean) / deviation of its inputs and y · deviation + "
      + "mean of its outputs; the file does it in another form, so the last bits can differ";
  private static final String LOGARITHMS = "its last operation is LogSoftmax; the model has Softmax, so its outputs "
      + "are probabilities instead of their logarithms";

  private final OnnxFile file;
  private final List<ForeignLayer> layers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  /** The steps since the last layer. */
  private final List<ScaleStep> scaling = new ArrayList<>();
  /** The nodes whose scaling is now part of a dense layer. */
  private final List<String> folded = new ArrayList<>();
  private List<String> labels = List.of();
  private Scale inputScale = Scale.NONE;
  private int inputs, lastInputs;
  private long parameters;

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
      boolean label = n.operator().equals("LinearClassifier") && result instanceof Chain;
      for (int k = 0; k < n.outputs().size(); k++) {
        values.put(n.outputs().get(k), label && k == 0 ? new Labels((Chain) result, null) : result);
      }
    }
    List<String> unused = new ArrayList<>();
    Chain end = output(values, unused);
    return network(end, names(end, values), unused);
  }

  private static String names(List<Port> ports) {
    return String.join(", ", ports.stream().limit(8).map(p -> "'" + Excerpt.of(p.name()) + "'").toList())
        + (ports.size() > 8 ? ", …" : "");
  }

  private Chain input(Port p) {
    if (p.elementType() == 0) {
      throw file.error("input '" + Excerpt.of(p.name()) + "' is not a tensor; expected one, with the numbers of a row");
    }
    if (FloatFormat.ofOnnx(p.elementType()).isEmpty() && !INTEGERS.contains(p.elementType())) {
      throw file.error("input '" + Excerpt.of(p.name()) + "' has the element type " + p.elementType()
          + " of ONNX; expected real or whole numbers, such as float32");
    }
    List<Integer> dims = new ArrayList<>();
    long width = 1;
    if (p.shape().size() > MOST_DIMENSIONS) {
      throw new DamagedException("its input has more than " + MOST_DIMENSIONS + " dimensions");
    }
    for (int k = 1; k < p.shape().size(); k++) {
      width *= p.shape().get(k);
      if (width > Integer.MAX_VALUE) throw new DamagedException("its input has more than 2^31 numbers");
      dims.add(p.shape().get(k).intValue());
    }
    return new Chain(null, null, dims.isEmpty() ? List.of(0) : dims, p.shape().isEmpty() ? 0 : p.shape().get(0));
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
        if (!(v instanceof Labels)) unused.add(p.name());
      }
    }
    if (found != null) return found;
    throw file.error(file.outputs().isEmpty() ? "it has no output" : reason(
        file.outputs().get(0), values.get(file.outputs().get(0).name())));
  }

  /** Returns the names of the classes that another output chooses from; null if there is none. */
  private List<String> names(Chain end, Map<String, OnnxValue> values) {
    for (Port p : file.outputs()) {
      if (!(values.get(p.name()) instanceof Labels l) || l.names() == null) continue;
      for (Chain c = end; c != null; c = c.parent()) if (c == l.of()) return l.names().names();
    }
    return null;
  }

  private static String reason(Port output, OnnxValue v) {
    return v instanceof Unsupported u ? u.reason() : v instanceof Labels
        ? "it outputs classes without their probabilities; export it with the probabilities as another output"
        : "output '" + Excerpt.of(output.name()) + "' is not that of a network of dense layers";
  }

  // ---------------------------------------------------------------- from steps to layers

  private ForeignNetwork network(Chain end, List<String> named, List<String> unused) {
    Deque<Chain> steps = new ArrayDeque<>();
    for (Chain c = end; c.parent() != null; c = c.parent()) steps.addFirst(c);
    for (Chain c : steps) {
      OnnxValue.Step s = c.step();
      if (s instanceof OnnxValue.ScaleStep scale) {
        scaling.add(scale);
      } else if (s instanceof OnnxValue.DenseStep d) {
        parameters += (long) d.in() * d.out();
        if (parameters > file.mostNumbers()) {
          throw file.error("layers share their weights; expected weights for each layer");
        }
        if (layers.isEmpty()) inputs = d.in();
        ForeignLayer layer = dense(d);
        if (!scaling.isEmpty()) layer = scaled(layer, d.in());
        layers.add(layer);
        lastInputs = d.in();
      } else if (s instanceof OnnxValue.ActivationStep a) {
        if (layers.isEmpty()) inputs = c.width();
        if (!scaling.isEmpty()) scaleBefore(c.width());
        if (a.logarithm()) notes.add(LOGARITHMS);
        addActivation(layers, a.activation());
      } else if (s instanceof OnnxValue.LabelStep l) {
        labels = l.labels().isEmpty() ? List.of("0", "1") : l.labels();
      }
    }
    if (layers.isEmpty()) throw file.error("it computes nothing that is a layer of a network");
    if (inputs == 0) throw file.error("its number of inputs is not known. Export it with a fixed number of columns.");
    Scale outputScale = outputScale(end.width());
    if (!folded.isEmpty()) {
      notes.add((folded.size() == 1 ? "the scaling of " + folded.get(0) + " is" : folded.size() + " scalings, such as "
          + folded.get(0) + ", are") + " folded into the weights of the layer next to it, which can change the last "
          + "bits");
    }
    return new ForeignNetwork(inputs, layers, inputScale, outputScale, named == null ? labels : named,
        "ONNX" + (file.producer().isEmpty() ? "" : " of " + file.producer()), notes, unused);
  }

  // ---------------------------------------------------------------- scaling

  /** Takes the steps before a dense layer: as the scale of the inputs, or into this layer or the one before it. */
  private ForeignLayer scaled(ForeignLayer layer, int columns) {
    if (layers.isEmpty() ? isInputScale(columns) : isFoldedBackward()) return layer;
    Affine a = affine(columns);
    return layer.scaledInputs(a.factor(), a.shift());
  }

  /** Takes the steps before an activation: as the scale of the inputs, or into the dense layer before it. */
  private void scaleBefore(int columns) {
    if (layers.isEmpty() ? isInputScale(columns) : isFoldedBackward()) return;
    throw file.error(scaling.get(0).node() + ": " + (layers.isEmpty()
        ? "expected inputs scaled as (x − mean) / deviation, by finite deviations > 0"
        : "a scaling between two activations; expected it before or after a dense layer"));
  }

  private boolean isInputScale(int columns) {
    Optional<Standardization> s = OnnxScaling.ofInputs(scaling, columns);
    s.ifPresent(found -> {
      inputScale = found.scale();
      if (!found.exact()) notes.add(INEXACT);
      scaling.clear();
    });
    return s.isPresent();
  }

  private boolean isFoldedBackward() {
    ForeignLayer last = layers.get(layers.size() - 1);
    if (!last.isDense() || !(last.activation() instanceof Linear)) return false;
    Affine a = affine(last.units());
    layers.set(layers.size() - 1, last.scaledOutputs(lastInputs, a.factor(), a.shift()));
    return true;
  }

  /** Returns what the steps compute, which a dense layer does from here on. */
  private Affine affine(int columns) {
    Affine a = Affine.of(scaling, columns);
    if (!a.isFinite()) throw file.error(scaling.get(0).node() + ": expected finite numbers, and no division by 0");
    folded.add(scaling.get(0).node());
    scaling.clear();
    return a;
  }

  private Scale outputScale(int columns) {
    if (scaling.isEmpty()) return Scale.NONE;
    Optional<Standardization> s = OnnxScaling.ofOutputs(scaling, columns);
    if (s.isPresent()) {
      if (!s.get().exact()) notes.add(INEXACT);
      return s.get().scale();
    }
    if (isFoldedBackward()) return Scale.NONE;
    throw file.error(scaling.get(0).node() + ": expected finite factors > 0 of the outputs");
  }

  // ---------------------------------------------------------------- layers

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
}
