package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.kernels.Limits;
import chainrule.nn.activation.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A feed-forward network: layers, and one flat array that holds every parameter.
 * <pre>{@code
 * Network net = Network.input(784).dense(128, new Relu()).dense(10, new Softmax()).build(1);
 * double[] probabilities = net.predict(pixels);          // [n × 784] → [n × 10]
 * }</pre>
 * The layout of the parameters, and of gradients beside them, is W then b of the first layer, of the second, and so on,
 * row-major. A network may predict on many threads at once as long as nobody changes its parameters.
 */
public final class Network {
  /** Rows that {@link #predict} takes at a time. */
  private static final int BLOCK = 256;

  private final List<Layer> layers;
  private final double[] parameters;
  private final Kernels kernels;

  private Network(List<Layer> layers, int parameters, Kernels kernels, long seed) {
    this.layers = List.copyOf(layers);
    this.parameters = new double[parameters];
    this.kernels = kernels;
    for (int l = 0; l < layers.size(); l++) layers.get(l).initialize(this.parameters, seed, l);
  }

  /** A network whose rows have {@code inputs} numbers; add layers, then {@link Builder#build}. */
  public static Builder input(int inputs) {
    return new Builder(inputs);
  }

  /** Collects layers; each is checked when it is added. */
  public static final class Builder {
    private final List<Layer> layers = new ArrayList<>();
    private int width;
    private long parameters;
    private Kernels kernels;

    private Builder(int inputs) {
      requireWidth("input", inputs);
      width = inputs;
    }

    private static void requireWidth(String what, int units) {
      if (units < 1) throw new IllegalArgumentException(what + ": expected 1 unit or more, got " + units);
    }

    /** A dense layer; weights begin as He's before a rectifier, else as Xavier's. */
    public Builder dense(int units, Activation activation) {
      return dense(units, activation,
          activation.isRectifier() ? Initialization.HE_NORMAL : Initialization.XAVIER_UNIFORM);
    }

    /** A dense layer whose weights begin as said. */
    public Builder dense(int units, Activation activation, Initialization initialization) {
      Objects.requireNonNull(activation, "activation");
      Objects.requireNonNull(initialization, "initialization");
      String what = "layer " + (layers.size() + 1) + " (dense)";
      requireWidth(what, units);
      if ((long) width * units + units + parameters > Limits.MAX_ARRAY_LENGTH) {
        throw new IllegalArgumentException(what + ": " + width + " × " + units
            + " weights make more parameters than one array holds (" + Limits.MAX_ARRAY_LENGTH + ")");
      }
      Dense layer = new Dense(width, units, activation, initialization, (int) parameters);
      layers.add(layer);
      parameters += layer.parameters();
      width = units;
      return this;
    }

    /** Dropout of what comes in, at this rate, in training only: see {@link Dropout}. */
    public Builder dropout(double rate) {
      layers.add(new Dropout(width, rate, layers.size()));
      return this;
    }

    /** An activation without weights; as the first layer it is applied to the input itself. */
    public Builder activation(Activation activation) {
      layers.add(new ActivationLayer(width, Objects.requireNonNull(activation, "activation")));
      return this;
    }

    /** The kernels to compute with; {@link Kernels#best} unless called. */
    public Builder kernels(Kernels chosen) {
      kernels = Objects.requireNonNull(chosen, "kernels");
      return this;
    }

    /**
     * The network, its weights drawn for this seed.
     * @throws IllegalStateException if it has no layer, or ends in dropout
     */
    public Network build(long seed) {
      if (layers.isEmpty()) throw new IllegalStateException("a network needs a layer: add dense(units, activation)");
      if (layers.get(layers.size() - 1) instanceof Dropout) {
        throw new IllegalStateException(
            "dropout is the last layer, where it would drop outputs: add a dense layer after it");
      }
      return new Network(layers, (int) parameters, kernels == null ? Kernels.best() : kernels, seed);
    }
  }

  /** The layers, first to last. */
  public List<Layer> layers() {
    return layers;
  }

  /** in of the first layer. */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** out of the last layer. */
  public int outputs() {
    return output().outputs();
  }

  /** The last layer. */
  public Layer output() {
    return layers.get(layers.size() - 1);
  }

  /** θ: the parameters themselves, not a copy. */
  public double[] parameters() {
    return parameters;
  }

  /** What it computes with. */
  public Kernels kernels() {
    return kernels;
  }

  /** {@code 784 → 128 relu → 10 softmax}. */
  @Override public String toString() {
    StringBuilder s = new StringBuilder().append(inputs());
    for (Layer layer : layers) s.append(" → ").append(layer.describe());
    return s.toString();
  }

  /**
   * The outputs for n rows: x [n × in] gives ŷ [n × out].
   * @throws IllegalArgumentException if x is not made of whole rows
   */
  public double[] predict(double[] x) {
    if (x.length % inputs() != 0) {
      throw new IllegalArgumentException(
          "x: " + x.length + " numbers are not whole rows of this network's " + inputs() + " inputs");
    }
    int n = x.length / inputs();
    double[] y = new double[Math.multiplyExact(n, outputs())];
    predictor(Math.max(1, Math.min(n, BLOCK))).predict(n, x, 0, y, 0);
    return y;
  }

  /**
   * Predictions that allocate nothing: buffers for up to {@code capacity} rows at a time.
   * @throws IllegalArgumentException if capacity is below 1
   */
  public Predictor predictor(int capacity) {
    if (capacity < 1) throw new IllegalArgumentException("capacity: expected 1 row or more, got " + capacity);
    return new Predictor(this, capacity);
  }

  /** The forward pass up to the output's logits z; its activation is left to the caller, who may have fused it. */
  void forward(Workspace w, double[] x, int xo, int rows) {
    w.batch.rows = rows;
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).forward(w.batch, l == 0 ? x : w.a[l - 1], l == 0 ? xo : 0, w.z[l]);
      if (l < layers.size() - 1) activate(w, l);
    }
  }

  /** ŷ = φ(z) of the output layer. */
  void activateOutput(Workspace w) {
    activate(w, layers.size() - 1);
  }

  private void activate(Workspace w, int l) {
    Layer layer = layers.get(l);
    layer.activation().forward(w.batch.kernels, w.batch.rows, layer.outputs(), w.z[l], w.a[l]);
  }
}
