package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.kernels.RowBlockListener;
import chainrule.nn.loss.Loss;
import chainrule.nn.optimizer.Optimizer;
import java.util.Objects;

/**
 * Training, step by step: the loss of a batch, its gradient by {@link Backpropagation}, and the {@link Optimizer}'s move
 * against it.
 * <pre>{@code
 * TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.NONE, new Adam(1e-3), 64);
 * double loss = step.run(64, x, 0, y, 0);                // x [64 × in], y [64 × out]; the network has moved
 * }</pre>
 * Gradient and move are one. Each block of ∂L/∂W is used as soon as it is complete, by the thread that computed it and
 * from its cache, instead of coming back from memory when all are; as every parameter goes its own way, the bits are
 * those of {@link Backpropagation#lossAndGradients} followed by {@link Optimizer#update}. Plain gradient descent without
 * penalties does not even keep the gradient: {@link Layer#descend} adds its terms to θ, the same within rounding.
 *
 * <p>All buffers are allocated once: z, a and δ of one batch, as much as θ for each slot of the optimizer, and once more
 * for the gradient where it is kept. A step allocates nothing. One thread at a time (its kernels may use several).
 * Spec: TrainingStepSpec, ClippingSpec.
 */
public final class TrainingStep {
  /** Above, squares that underflow do not count. */
  private static final double LEAST_NORM = 0x1p-450;

  private final Backpropagation backpropagation;
  private final Network network;
  private final Optimizer optimizer;
  private final double[][] state;
  private final RowBlockListener update = this::update;
  private final boolean descends;
  private Backpropagation.Use use;
  private double clip = Double.POSITIVE_INFINITY;
  private long seed;
  private long steps;
  private double rate;

  /**
   * @param capacity the most rows a batch will have
   * @throws IllegalArgumentException if the loss does not fit the network's output or a layer cannot be trained,
   * saying why
   */
  public TrainingStep(
      Network network, Loss loss, Regularization regularization, Optimizer optimizer, int capacity) {
    this.network = network;
    this.backpropagation = new Backpropagation(network, loss, regularization, capacity);
    this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
    this.state = new double[optimizer.slots()][network.parameters().length];
    this.descends = optimizer.isPlainDescent() && regularization.isNone();
    this.use = descends ? this::descend : this::gradientsAndUpdate;
    if (!descends) backpropagation.gradients(); // made now, not in the first step
  }

  /** The seed that dropout masks are drawn for; 0 unless called. */
  public TrainingStep seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Clips the gradient by its norm before each move: <pre>g ← g · min(1, c / ‖g‖),  ‖g‖ = √(Σ g²)</pre>
   * over all parameters, penalties included, also where the squares overflow or underflow; a gradient that is not finite
   * stays as it is. It takes a pass over the gradient
   * and keeps it whole, so that gradient and move are no longer one. Source: Pascanu, Mikolov, Bengio 2013.
   *
   * @param norm c; ∞ for none
   * @throws IllegalArgumentException unless c &gt; 0
   */
  public TrainingStep clip(double norm) {
    if (!(norm > 0)) throw new IllegalArgumentException("clip: expected a norm above 0, got " + norm);
    clip = norm;
    boolean clips = norm < Double.POSITIVE_INFINITY;
    use = clips ? backpropagation::keepGradients : descends ? this::descend : this::gradientsAndUpdate;
    if (clips) backpropagation.gradients(); // made now, not in the first step
    return this;
  }

  /** Steps made: t of the next is one more. */
  public long steps() {
    return steps;
  }

  /** The optimizer's memory [slots][parameters]: the arrays themselves. */
  public double[][] state() {
    return state;
  }

  /**
   * Goes on where another run had come to: its number of steps and a copy of its {@link #state}.
   * @throws IllegalArgumentException if the state is not one of this optimizer and network
   */
  public void resume(long stepsMade, double[][] memory) {
    if (memory.length != state.length) {
      throw new IllegalArgumentException("the optimizer " + optimizer.name() + " remembers " + state.length
          + " numbers for each parameter, not " + memory.length);
    }
    for (int s = 0; s < state.length; s++) {
      if (memory[s].length != state[s].length) {
        throw new IllegalArgumentException("the memory of the optimizer is for " + memory[s].length
            + " parameters, but the network has " + state[s].length);
      }
      System.arraycopy(memory[s], 0, state[s], 0, state[s].length);
    }
    steps = stepsMade;
  }

  /** Forward and backward without a move. */
  public Backpropagation backpropagation() {
    return backpropagation;
  }

  /** A step at the optimizer's own rate. */
  public double run(int rows, double[] x, int xo, double[] y, int yo) {
    return run(optimizer.rate(), rows, x, xo, y, yo);
  }

  /**
   * One step with n rows of x [n × in] and y [n × out].
   *
   * @param eta η of this step
   * @return L before the move, penalties included; if it is not finite, nothing has been moved or counted
   */
  public double run(double eta, int rows, double[] x, int xo, double[] y, int yo) {
    backpropagation.at(seed, steps, 0);
    double loss = backpropagation.trainingLossAndDelta(rows, x, xo, y, yo);
    if (!(Math.abs(loss) < Double.POSITIVE_INFINITY)) return loss;
    steps++;
    rate = eta;
    backpropagation.backward(x, xo, use);
    if (clip < Double.POSITIVE_INFINITY) clipAndUpdate();
    return loss;
  }

  private void clipAndUpdate() {
    double[] g = backpropagation.gradients();
    clip(g);
    optimizer.update(steps, rate, g.length, network.parameters(), g, state);
  }

  private void clip(double[] g) {
    Kernels kernels = network.kernels();
    double norm = Math.sqrt(kernels.dot(g.length, g, 0, g, 0));
    if (norm > LEAST_NORM && norm < Double.POSITIVE_INFINITY) {
      if (norm > clip) kernels.scale(g.length, clip / norm, g, 0);
      return;
    }
    double m = 0, sum = 0; // squares overflow or underflow: count in units u, the power of two below max |g|
    for (double v : g) m = Math.max(m, Math.abs(v));
    if (m == 0 || !(m < Double.POSITIVE_INFINITY)) return;
    double u = Math.scalb(1.0, Math.max(Math.getExponent(m), Double.MIN_EXPONENT));
    for (double v : g) sum = Math.fma(v / u, v / u, sum);
    double inUnits = Math.sqrt(sum);
    if (!(inUnits > clip / u)) return;
    kernels.scale(g.length, 1 / u, g, 0);
    kernels.scale(g.length, clip / inUnits, g, 0);
  }

  private void descend(Layer layer, double[] x, int xo, double[] delta) {
    layer.descend(backpropagation.pass(), x, xo, delta, rate);
  }

  private void gradientsAndUpdate(Layer layer, double[] x, int xo, double[] delta) {
    layer.gradients(backpropagation.pass(), x, xo, delta, backpropagation.gradients(), update);
  }

  private void update(int from, int to) {
    backpropagation.addPenalty(from, to);
    optimizer.update(steps, rate, from, to, network.parameters(), backpropagation.gradients(), state);
  }
}
