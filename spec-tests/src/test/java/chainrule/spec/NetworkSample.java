// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.nn.ActivationLayer;
import chainrule.nn.Dense;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Silu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.HalfSquaredError;
import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.MeanAbsoluteError;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.loss.OffsetCrossEntropy;
import chainrule.nn.loss.Reduction;
import chainrule.nn.loss.SigmoidCrossEntropy;
import chainrule.nn.loss.SoftmaxCrossEntropy;
import chainrule.nn.loss.SumOfSquaredErrors;
import chainrule.random.CounterRandom;
import chainrule.spec.witness.NoisyArithmetic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A random network with a batch and a loss, all derived from one seed. No argument of an activation is near a kink:
 * see {@link #clear}.
 *
 * @param x [rows × in]
 * @param y [rows × out]
 * @param seed determines the dropout masks, together with step and firstRow
 * @param weights [rows]; null for no weights
 */
record NetworkSample(
    Network net, Loss loss, Regularization regularization, int rows, double[] x, double[] y, long seed, long step,
    int firstRow, double[] weights) {
  /** A sample without weights. */
  NetworkSample(Network net, Loss loss, Regularization regularization, int rows, double[] x, double[] y, long seed,
      long step, int firstRow) {
    this(net, loss, regularization, rows, x, y, seed, step, firstRow, null);
  }

  /** The least distance of an activation's argument from its kink. */
  private static final double CLEARANCE = 0.05;

  /** Every activation that backpropagation supports, including softmax. */
  static final List<Activation> ACTIVATIONS = List.of(new Linear(), new Relu(), new LeakyRelu(), new LeakyRelu(0.3),
      new Sigmoid(), new Tanh(), new Softmax(), new Elu(), new Elu(0.5), new Gelu(), new Silu(), new Softplus());

  /** A compatible output layer and loss. */
  record Head(Activation activation, Loss loss, int units) {
    boolean isForNumbers() {
      return !(loss.name().contains("ce") || loss.name().contains("entropy"));
    }
  }

  /** Every loss, as a sum and as a mean, each with one or more output layers. */
  static final List<Head> HEADS = heads();

  private static List<Head> heads() {
    List<Head> all = new ArrayList<>();
    List<Loss> numbers = new ArrayList<>(List.of(new MeanSquaredError(), new SumOfSquaredErrors()));
    for (Reduction r : Reduction.values()) {
      numbers.addAll(List.of(new HalfSquaredError(r), new MeanAbsoluteError(r), new Huber(1, r)));
      Loss bce = new BinaryCrossEntropy(r), cce = new CategoricalCrossEntropy(r), offset = new OffsetCrossEntropy(r);
      all.addAll(List.of(new Head(new Sigmoid(), bce, 1), new Head(new Sigmoid(), bce, 3),
          new Head(new Softmax(), bce, 3), new Head(new Sigmoid(), new UnfusedLoss(bce), 2),
          new Head(new Softmax(), cce, 4), new Head(new Sigmoid(), cce, 2),
          new Head(new Softmax(), new UnfusedLoss(cce), 3), new Head(new Softmax(), offset, 3),
          new Head(new Sigmoid(), offset, 1), new Head(new Linear(), new SigmoidCrossEntropy(r), 2),
          new Head(new Tanh(), new SigmoidCrossEntropy(r), 1), new Head(new Linear(), new SoftmaxCrossEntropy(r), 3),
          new Head(new Gelu(), new SoftmaxCrossEntropy(r), 2)));
    }
    for (int i = 0; i < numbers.size(); i++) {
      all.add(new Head(new Linear(), numbers.get(i), 1 + i % 3));
      all.add(new Head(ACTIVATIONS.get((3 * i + 1) % ACTIVATIONS.size()), numbers.get(i), 1 + (i + 1) % 3));
    }
    return List.copyOf(all);
  }

  double[] theta() {
    return net.parameters();
  }

  /** This sample with a weight of 0 or of various sizes for each row, one of them not 0. */
  NetworkSample withRandomWeights() {
    Draw draw = new Draw(seed + 7);
    double[] w = new double[rows];
    for (int r = 0; r < rows; r++) w[r] = draw.chance(0.2) ? 0 : Math.pow(10, draw.between(-2, 2));
    w[draw.below(rows)] = draw.between(0.5, 2);
    return new NetworkSample(net, loss, regularization, rows, x, y, seed, step, firstRow, w);
  }

  @Override public String toString() {
    return net + ", " + loss.name() + ", " + regularization + ", " + rows + " rows, seed " + seed
        + (weights == null ? "" : ", weights " + Arrays.toString(weights));
  }

  /** A stream of random numbers from one seed. */
  private static final class Draw {
    private final long seed;
    private long index;

    Draw(long seed) {
      this.seed = seed;
    }

    int below(int bound) {
      return CounterRandom.below(bound, seed, 1, index++);
    }

    double between(double from, double to) {
      return from + (to - from) * CounterRandom.uniform(seed, 2, index++);
    }

    double normal() {
      return CounterRandom.normal(seed, 3, index++);
    }

    boolean chance(double p) {
      return between(0, 1) < p;
    }
  }

  /** A network with hidden layers of every kind (dense, activation, dropout), with penalties in half of the cases. */
  static NetworkSample random(long seed, int depth, Head head) {
    Draw draw = new Draw(seed);
    Network.Builder builder = Network.input(1 + draw.below(5));
    boolean clearable = true; // an activation layer may have a kink only as the first layer: see clear
    for (int l = 0; l < depth; l++) {
      Activation phi = ACTIVATIONS.get(draw.below(ACTIVATIONS.size()));
      if (draw.chance(0.2)) builder.activation(hasKink(phi) && !clearable ? new Tanh() : phi);
      else builder.dense(1 + draw.below(6), phi);
      if (draw.chance(0.2)) builder.dropout(draw.between(0.1, 0.6));
      clearable = false;
    }
    double l1 = draw.chance(0.3) ? draw.between(0.01, 0.2) : 0, l2 = draw.chance(0.3) ? draw.between(0.01, 0.2) : 0;
    Regularization weights = Regularization.l1l2(l1, l2);
    Regularization penalties = draw.chance(0.5) ? weights.withBiases() : weights;
    return of(builder.dense(head.units, head.activation).build(seed), head, penalties, 1 + draw.below(4), seed);
  }

  /** This network with random parameters and a random batch. */
  static NetworkSample of(Network net, Head head, Regularization penalties, int rows, long seed) {
    Draw draw = new Draw(~seed);
    double[] theta = net.parameters(), x = new double[rows * net.inputs()], y = new double[rows * net.outputs()];
    for (int i = 0; i < theta.length; i++) {
      theta[i] += 0.1 * draw.normal(); // biases too
      theta[i] = Math.copySign(Math.max(0.05, Math.abs(theta[i])), theta[i]); // |θ| of L1 has a kink at 0
    }
    for (int i = 0; i < x.length; i++) x[i] = draw.between(-1.5, 1.5);
    NetworkSample s = new NetworkSample(net, head.loss, penalties, rows, x, y, seed, 1 + draw.below(9), draw.below(9));
    s.clear();
    s.drawTargets(head, draw);
    return s;
  }

  static boolean hasKink(Activation phi) {
    return phi instanceof Relu || phi instanceof LeakyRelu || phi instanceof Elu;
  }

  /**
   * Moves the arguments of every kinked activation away from 0, layer by layer: shifts each unit's bias by the smallest
   * amount that clears all rows. For an activation in the first layer, moves the inputs.
   */
  private void clear() {
    NoisyArithmetic k = new NoisyArithmetic();
    NetworkWitness<NoisyArithmetic.Noisy> witness = new NetworkWitness<>(k, this, -1);
    List<List<NoisyArithmetic.Noisy>> a = new ArrayList<>();
    for (int r = 0; r < rows; r++) a.add(witness.input(r));
    for (int l = 0; l < net.layers().size(); l++) {
      Layer layer = net.layers().get(l);
      if (hasKink(layer.activation())) {
        if (layer instanceof ActivationLayer) {
          if (l > 0) throw new IllegalStateException("cannot clear " + net);
          for (int i = 0; i < x.length; i++) x[i] = Math.copySign(Math.max(CLEARANCE, Math.abs(x[i])), x[i]);
          for (int r = 0; r < rows; r++) a.set(r, witness.input(r));
        } else {
          for (int j = 0; j < layer.outputs(); j++) {
            double[] z = new double[rows];
            for (int r = 0; r < rows; r++) z[r] = witness.linearPart(layer, r, a.get(r)).get(j).v();
            int bias = layer.offset() + ((Dense) layer).weights() + j;
            theta()[bias] += smallestShift(z, theta()[bias]);
          }
        }
      }
      for (int r = 0; r < rows; r++) {
        a.set(r, NetworkWitness.activate(k, layer.activation(), witness.linearPart(layer, r, a.get(r))));
      }
    }
  }

  /** The shift also keeps the bias away from 0, the kink of L1. Of two distances, at least one does so. */
  private static double smallestShift(double[] z, double bias) {
    double best = Double.POSITIVE_INFINITY;
    double[] to = {CLEARANCE, -CLEARANCE, 1.6 * CLEARANCE, -1.6 * CLEARANCE};
    for (int c = -1; c < 4 * z.length; c++) {
      double shift = c < 0 ? 0 : to[c % 4] - z[c / 4];
      boolean clears = Math.abs(bias + shift) >= 0.01;
      for (double one : z) clears &= Math.abs(one + shift) >= 0.999 * CLEARANCE;
      if (clears && Math.abs(shift) < Math.abs(best)) best = shift;
    }
    return best;
  }

  /** Numeric targets keep a distance from ŷ, so that neither |ŷ − y| nor Huber's |ŷ − y| − 1 is near 0. */
  private void drawTargets(Head head, Draw draw) {
    NoisyArithmetic k = new NoisyArithmetic();
    int out = net.outputs(), kind = draw.below(3);
    for (int r = 0; r < rows; r++) {
      List<NoisyArithmetic.Noisy> yhat = new NetworkWitness<>(k, this, -1).output(r);
      int hot = draw.below(out);
      double total = 0;
      for (int j = 0; j < out; j++) {
        int i = r * out + j;
        double off = draw.chance(0.5) ? draw.between(0.2, 0.8) : draw.between(1.2, 1.8);
        if (head.isForNumbers()) y[i] = yhat.get(j).v() + (draw.chance(0.5) ? off : -off);
        else y[i] = kind == 0 ? (j == hot ? 1 : 0) : draw.between(0, 1);
        total += y[i];
      }
      if (kind == 1 && !head.isForNumbers() && out > 1) for (int j = 0; j < out; j++) y[r * out + j] /= total;
    }
  }
}
