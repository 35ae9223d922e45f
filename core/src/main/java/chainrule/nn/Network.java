// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.kernels.Limits;
import chainrule.nn.activation.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A feed-forward network: layers, and one flat array of all parameters.
 * <pre>{@code
 * Network net = Network.input(784).dense(128, new Relu()).dense(10, new Softmax()).build(1);
 * double[] probabilities = net.predict(pixels);          // [n × 784] → [n × 10]
 * }</pre>
 * The array holds W and b of the first layer, then of the second, and so on, row-major. Gradients have the same layout.
 * A network may predict on many threads at once while its parameters do not change. Spec: NetworkTest, ForwardSpec.
 */
public final class Network {
  /** The largest number of rows that {@link #predict} computes at a time. */
  static final int BLOCK = 256;

  private final List<Layer> layers;
  private final double[] parameters;
  private final Kernels kernels;

  private Network(List<Layer> layers, int parameters, Kernels kernels, long seed) {
    this.layers = List.copyOf(layers);
    this.parameters = new double[parameters];
    this.kernels = kernels;
    for (int l = 0; l < layers.size(); l++) layers.get(l).initialize(this.parameters, seed, l);
  }

  /**
   * Starts a network. Add layers, then call {@link Builder#build}.
   *
   * @param inputs the number of inputs of each row, ≥ 1
   * @return a builder without layers
   * @throws IllegalArgumentException if inputs &lt; 1
   */
  public static Builder input(int inputs) {
    return new Builder(inputs);
  }

  /** Builds a network layer by layer, and checks each layer when it is added. */
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
      if (units < 1) throw new IllegalArgumentException(what + ": expected ≥ 1 units, found " + units);
    }

    /**
     * Adds a dense layer, initialized with {@link Initialization#HE_NORMAL} before a rectifier, else with
     * {@link Initialization#XAVIER_UNIFORM}.
     *
     * @param units the number of units, ≥ 1
     * @param activation the activation of the layer
     * @return this builder
     * @throws IllegalArgumentException if units &lt; 1, or if the network has more parameters than one array can hold
     */
    public Builder dense(int units, Activation activation) {
      return dense(units, activation,
          activation.isRectifier() ? Initialization.HE_NORMAL : Initialization.XAVIER_UNIFORM);
    }

    /**
     * Adds a dense layer.
     *
     * @param units the number of units, ≥ 1
     * @param activation the activation of the layer
     * @param initialization how its weights are initialized
     * @return this builder
     * @throws IllegalArgumentException if units &lt; 1, or if the network has more parameters than one array can hold
     */
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

    /**
     * Adds dropout, which is active in training only: see {@link Dropout}.
     *
     * @param rate p, the probability that a unit is dropped
     * @return this builder
     * @throws IllegalArgumentException unless 0 ≤ rate &lt; 1
     */
    public Builder dropout(double rate) {
      layers.add(new Dropout(width, rate, layers.size()));
      return this;
    }

    /**
     * Adds an activation without weights. As the first layer, it is applied to the input.
     *
     * @param activation the activation
     * @return this builder
     */
    public Builder activation(Activation activation) {
      layers.add(new ActivationLayer(width, Objects.requireNonNull(activation, "activation")));
      return this;
    }

    /**
     * Sets the kernels to compute with; {@link Kernels#best} unless called.
     *
     * @param chosen the kernels; the bits do not depend on them
     * @return this builder
     */
    public Builder kernels(Kernels chosen) {
      kernels = Objects.requireNonNull(chosen, "kernels");
      return this;
    }

    /**
     * {@return the network, with initial weights drawn from this seed}
     *
     * @param seed the seed of the initial weights
     * @throws IllegalStateException if it has no layer, or if the last layer is dropout
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

  /** {@return the layers, first to last} */
  public List<Layer> layers() {
    return layers;
  }

  /** {@return the number of inputs of each row} */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** {@return the number of outputs of each row} */
  public int outputs() {
    return output().outputs();
  }

  /** {@return the last layer} */
  public Layer output() {
    return layers.get(layers.size() - 1);
  }

  /** {@return θ: the array itself, not a copy} */
  public double[] parameters() {
    return parameters;
  }

  /**
   * {@return a copy of W [in][out] of a layer: {@code weights(0)[i][j]} leads from input i to unit j}
   *
   * @param layer the index of a dense layer, from 0
   * @throws IllegalArgumentException if the layer is not a dense layer of this network
   */
  public double[][] weights(int layer) {
    return dense(layer).weights(parameters);
  }

  /**
   * {@return a copy of b [out] of a layer}
   *
   * @param layer the index of a dense layer, from 0
   * @throws IllegalArgumentException if the layer is not a dense layer of this network
   */
  public double[] bias(int layer) {
    return dense(layer).bias(parameters);
  }

  /**
   * Sets the weights of a layer.
   *
   * @param layer the index of a dense layer, from 0
   * @param weights W [in][out]; sheets that print one row of weights per unit need the transpose
   * @throws IllegalArgumentException if the layer is not a dense layer of this network, or for an array of another
   *     shape; nothing has changed
   */
  public void setWeights(int layer, double[][] weights) {
    Dense d = dense(layer);
    Matrices.write("weights of " + named(layer), weights, d.inputs(), d.outputs(), parameters, d.offset());
  }

  /**
   * Sets the biases of a layer.
   *
   * @param layer the index of a dense layer, from 0
   * @param bias b [out]
   * @throws IllegalArgumentException if the layer is not a dense layer of this network, or for an array of another
   *     length; nothing has changed
   */
  public void setBias(int layer, double[] bias) {
    Dense d = dense(layer);
    if (bias.length != d.outputs()) {
      throw new IllegalArgumentException(
          "bias of " + named(layer) + ": expected " + d.outputs() + " numbers, found " + bias.length);
    }
    System.arraycopy(bias, 0, parameters, d.offset() + d.weights(), bias.length);
  }

  /** @throws IllegalArgumentException if the layer at this index is not a dense layer of this network */
  Dense dense(int layer) {
    if (layer < 0 || layer >= layers.size()) {
      throw new IllegalArgumentException("layer at index " + layer + ": " + this + " has the indices 0 to "
          + (layers.size() - 1));
    }
    if (layers.get(layer) instanceof Dense d) return d;
    throw new IllegalArgumentException(named(layer) + " has no weights and no bias");
  }

  private String named(int layer) {
    return "the layer at index " + layer + " (" + layers.get(layer).describe() + ")";
  }

  /** {@return the kernels that compute this network} */
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
   * {@return the outputs ŷ [n × out]}
   *
   * @param x the inputs of n ≥ 0 rows [n × in]
   * @throws IllegalArgumentException if the length of x is not a multiple of the number of inputs
   */
  public double[] predict(double[] x) {
    return Predictor.mean(List.of(this), x);
  }

  /**
   * {@return a predictor that allocates nothing}
   *
   * @param capacity the number of rows at a time, for which it has buffers
   * @throws IllegalArgumentException if capacity &lt; 1
   */
  public Predictor predictor(int capacity) {
    return new Predictor(List.of(this), capacity);
  }

  /**
   * Runs the forward pass up to the output's logits z. The loss may be fused with the output's activation.
   * Formula: 000-4.2. Spec: ForwardSpec#aLayerIsNotJustTheActivationOfThePreviousLayer.
   * Formula: 002-nested. Spec: StackedLayersSpec#thePrintedTwoOuterActivationsAreTooMany.
   * Formula: 003-forward. Spec: StackedLayersSpec#thePrintedFormWithoutHiddenActivationsIsAnotherFunction.
   * Formula: 004-forward. Spec: StackedLayersSpec#columnsWithTransposedWeightsGiveTheSameAsRows.
   * Formula: 004-backprop-1, 004-backprop-2. Spec: MiniBatchSpec#theForwardPassComputesZAndAOfEachLayer.
   * Formula: 004-cookbook-1, 004-cookbook-2. Spec:
   * MiniBatchSpec#theCookbookAppliedSampleBySampleGivesTheUpdateOfTheBatch.
   */
  void forward(Workspace w, double[] x, int xo, int rows) {
    w.batch.rows = rows;
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).forward(w.batch, l == 0 ? x : w.a[l - 1], l == 0 ? xo : 0, w.z[l]);
      if (l < layers.size() - 1) activate(w, l);
    }
  }

  /** Computes ŷ = φ(z) of the output layer. */
  void activateOutput(Workspace w) {
    activate(w, layers.size() - 1);
  }

  /**
   * Computes a = φ(z) of layer l.
   * Formula: 000-3.2. Spec: ForwardSpec#aNeuronAddsItsWeightedInputsAndItsBiasAndAppliesItsActivation.
   * Formula: 001-activation. Spec: ForwardSpec#eachUnitOfALayerUsesItsOwnColumnOfWeights.
   */
  private void activate(Workspace w, int l) {
    Layer layer = layers.get(l);
    layer.activation().forward(w.batch.kernels, w.batch.rows, layer.outputs(), w.z[l], w.a[l]);
  }
}
