// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.data.Dataset;
import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activations;
import chainrule.nn.loss.Losses;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import chainrule.train.ConstantRate;
import chainrule.train.CosineDecay;
import chainrule.train.Schedule;
import chainrule.train.StepDecay;
import chainrule.train.Trainer;
import chainrule.train.WarmUp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All settings of a training run, drawn from a seed: the input of {@link Trainer} and of {@link PlainTraining}.
 *
 * @param layers dense layers and dropout, first to last
 * @param rows the number of training rows; {@code held} more rows are for validation
 * @param weights [rows + held]; null for no weights
 * @param blocks the rows of a block; 0 without blocks
 * @param patience 0 without early stopping
 * @param stops the numbers of steps after which the run is interrupted and resumed, counted from the last resumption
 * @param kernels 0 for scalar kernels, else the number of threads
 * @param options the value of each setting, see {@link #VALUES}
 */
record TrainingCase(
    long seed, List<LayerSettings> layers, String loss, int rows, int held, double[] x, double[] y, double[] weights,
    int batch, int blocks, int epochs, String optimizer, double rate, double l1, double l2, boolean biases, double clip,
    String schedule, int patience, int[] stops, int kernels, Map<String, String> options) {

  /**
   * A layer: {@code phi} is its activation, or "dropout".
   *
   * @param number the slope of leaky-relu, α of elu, or the rate of dropout
   */
  record LayerSettings(String phi, int in, int out, double number) {
    boolean isDropout() {
      return phi.equals("dropout");
    }
  }

  /** Each setting and its values. */
  static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("optimizer", List.of("sgd", "momentum", "nesterov", "adagrad", "adadelta", "adadelta-zeiler", "rmsprop",
        "adam", "adamw"));
    VALUES.put("penalty", List.of("none", "l1", "l2", "both, biases too"));
    VALUES.put("clip", List.of("none", "always", "never"));
    VALUES.put("schedule", List.of("constant", "step", "cosine", "warm-up", "warm-up, then cosine"));
    VALUES.put("last batch", List.of("full", "1 row", "2 rows or more", "more than all rows"));
    VALUES.put("targets", List.of("one-hot", "soft", "weighted", "soft, of sigmoids", "numbers", "sum of numbers",
        "huber"));
    VALUES.put("outputs", List.of("2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"));
    VALUES.put("dropout layers", List.of("0", "1", "2", "3"));
    VALUES.put("dense layers", List.of("1", "2", "3", "4", "5", "6"));
    VALUES.put("kernels", List.of("scalar", "1 thread", "2 threads", "3 threads"));
    VALUES.put("early stopping", List.of("no", "yes"));
    VALUES.put("resumed", List.of("never", "once", "twice"));
    VALUES.put("weights", List.of("none", "positive", "some 0"));
    VALUES.put("blocks", List.of("none", "1 row", "less than a batch", "a batch or more"));
  }

  private static final List<String> HIDDEN =
      List.of("linear", "relu", "leaky-relu", "sigmoid", "tanh", "softmax", "elu", "softplus");

  /** A small network. */
  static TrainingCase of(long seed) {
    RandomCase.Draw draw = new RandomCase.Draw(seed);
    Map<String, String> options = new LinkedHashMap<>();
    VALUES.forEach((name, values) -> options.put(name, values.get(draw.below(values.size()))));
    // Only one combination of four options adds straight into the weights: draw it more often.
    if (draw.below(2) == 0) options.put("optimizer", "sgd");
    if (draw.below(3) == 0) options.put("penalty", "none");
    if (draw.below(3) == 0) options.put("clip", "none");
    if (draw.below(3) == 0) options.put("blocks", "none");
    return of(seed, options, draw, 2 + draw.below(5), 12 + draw.below(9), 1);
  }

  /** A network wide enough for packed panels and several threads: ≥ 2^20 multiplications in each product. */
  static TrainingCase large(long seed, String optimizer, int kernels, String blocks) {
    RandomCase.Draw draw = new RandomCase.Draw(seed);
    Map<String, String> options = new LinkedHashMap<>();
    VALUES.forEach((name, values) -> options.put(name, values.get(draw.below(values.size()))));
    options.put("optimizer", optimizer);
    options.put("kernels", VALUES.get("kernels").get(kernels));
    options.put("dense layers", "3");
    options.put("outputs", "12");
    options.put("last batch", "2 rows or more");
    boolean penalized = seed % 4 == 1 && !optimizer.equals("sgd");
    boolean clipped = seed % 4 == 3 && !optimizer.equals("sgd");
    options.put("penalty", penalized || clipped ? "both, biases too" : "none");
    options.put("clip", clipped ? "always" : "none");
    options.put("blocks", blocks);
    return of(seed, options, draw, 133, 150, 26);
  }

  /** @param wide the factor of the widths of hidden layers */
  private static TrainingCase of(
      long seed, Map<String, String> options, RandomCase.Draw draw, int inputs, int rows, int wide) {
    int outputs = Integer.parseInt(options.get("outputs")), dense = Integer.parseInt(options.get("dense layers"));
    String targets = options.get("targets");
    String head = switch (targets) {
      case "one-hot", "soft", "weighted" -> "softmax";
      case "soft, of sigmoids" -> "sigmoid";
      default -> "linear";
    };
    List<LayerSettings> layers = new ArrayList<>();
    int width = inputs, dropout = Integer.parseInt(options.get("dropout layers"));
    for (int l = 0; l < dense; l++) {
      // dropout before any dense layer, possibly several in a row
      for (; dropout > 0 && (l == dense - 1 || draw.below(2) == 0); dropout--) {
        layers.add(new LayerSettings("dropout", width, width, 0.1 + 0.1 * draw.below(3)));
      }
      boolean last = l == dense - 1;
      String phi = last ? head : HIDDEN.get(draw.below(HIDDEN.size()));
      int out = last ? outputs : wide == 1 ? 2 + draw.below(5) : 5 * wide + draw.below(9);
      double number = switch (phi) {
        case "elu" -> 0.3 + 0.9 * draw.below(4);
        case "leaky-relu" -> 0.1 + 0.8 * draw.uniform();
        default -> 0;
      };
      layers.add(new LayerSettings(phi, width, out, number));
      width = out;
    }
    int batch = switch (options.get("last batch")) {
      case "full" -> rows % 2 == 0 ? rows / 2 : rows % 3 == 0 ? rows / 3 : rows;
      case "1 row" -> divisorOf(rows - 1);
      case "more than all rows" -> rows + 1 + draw.below(3);
      default -> wide > 1 ? 64 : rows % 5 >= 2 ? 5 : rows % 4 >= 2 ? 4 : 7;
    };
    int held = 5, all = rows + held;
    double[] x = new double[all * inputs], y = new double[all * outputs];
    for (int i = 0; i < x.length; i++) x[i] = draw.normal();
    for (int r = 0; r < all; r++) targets(targets, y, r * outputs, outputs, draw);
    double[] weights = options.get("weights").equals("none") ? null : new double[all];
    for (int r = 0; weights != null && r < all; r++) {
      boolean zero = options.get("weights").equals("some 0") && draw.below(3) == 0 && r > 0 && r < all - 1;
      weights[r] = zero ? 0 : 0.2 + 1.8 * draw.uniform();
    }
    boolean stopsEarly = options.get("early stopping").equals("yes");
    int epochs = wide > 1 ? 2 : (stopsEarly ? 6 : 4) + draw.below(3);
    int steps = (rows + batch - 1) / batch;
    int[] stops = new int[VALUES.get("resumed").indexOf(options.get("resumed"))];
    for (int i = 0; i < stops.length; i++) stops[i] = draw.below(1 + epochs * steps / 2);
    String penalty = options.get("penalty"), optimizer = options.get("optimizer");
    boolean sizeless = !List.of("sgd", "momentum", "nesterov").contains(optimizer); // its steps do not grow with g
    double rate = optimizer.startsWith("adadelta") ? 1 : 0.02;
    if (!sizeless && targets.equals("sum of numbers")) rate /= Math.min(batch, rows);
    if (!sizeless && wide > 1) rate /= 20;
    return new TrainingCase(seed, layers, loss(targets), rows, held, x, y, weights, batch,
        blocks(options.get("blocks"), Math.min(batch, rows), draw), epochs, optimizer, rate,
        penalty.equals("l1") || penalty.startsWith("both") ? 0.02 : 0,
        penalty.equals("l2") || penalty.startsWith("both") ? 0.03 : 0, penalty.startsWith("both"),
        switch (options.get("clip")) {
          case "none" -> Double.POSITIVE_INFINITY;
          case "always" -> 0.05;
          default -> 1e6;
        }, options.get("schedule"), stopsEarly ? 1 + draw.below(2) : 0, stops,
        VALUES.get("kernels").indexOf(options.get("kernels")), options);
  }

  private static int blocks(String option, int batch, RandomCase.Draw draw) {
    return switch (option) {
      case "none" -> 0;
      case "1 row" -> 1;
      case "less than a batch" -> 1 + draw.below(batch - 1);
      default -> batch + draw.below(3);
    };
  }

  /** The smallest divisor of n above 1. */
  private static int divisorOf(int n) {
    int d = 2;
    while (n % d != 0) d++;
    return d;
  }

  private static String loss(String targets) {
    return switch (targets) {
      case "one-hot", "soft", "weighted" -> "cce";
      case "soft, of sigmoids" -> "bce";
      case "numbers" -> "mse";
      case "huber" -> "huber";
      default -> "half-sse";
    };
  }

  private static void targets(String kind, double[] y, int at, int outputs, RandomCase.Draw draw) {
    int hot = draw.below(outputs);
    double sum = 0;
    for (int j = 0; j < outputs; j++) {
      y[at + j] = switch (kind) {
        case "one-hot" -> j == hot ? 1 : 0;
        case "soft", "weighted", "soft, of sigmoids" -> draw.uniform();
        default -> draw.normal();
      };
      sum += y[at + j];
    }
    if (kind.equals("soft")) for (int j = 0; j < outputs; j++) y[at + j] /= sum;
  }

  /** Which of the four paths from gradient to update the run uses. */
  String path() {
    if (blocks > 0 && blocks < Math.min(batch, rows)) return "in blocks";
    if (clip < Double.POSITIVE_INFINITY) return "clipped";
    return optimizer.equals("sgd") && l1 + l2 == 0 && blocks == 0 ? "into the weights" : "block by block";
  }

  int inputs() {
    return layers.get(0).in;
  }

  int outputs() {
    return layers.get(layers.size() - 1).out;
  }

  Dataset train() {
    return data(0, rows);
  }

  Dataset validation() {
    return data(rows, rows + held);
  }

  private Dataset data(int from, int to) {
    return Dataset.regression(inputs(), Arrays.copyOfRange(x, from * inputs(), to * inputs()), outputs(),
        Arrays.copyOfRange(y, from * outputs(), to * outputs()))
        .withWeights(weights == null ? null : Arrays.copyOfRange(weights, from, to));
  }

  /** The untrained network, with random biases. */
  Network network() {
    Network.Builder builder = Network.input(inputs()).kernels(kernels == 0 ? ScalarKernels.INSTANCE
        : Kernels.best().withThreads(kernels));
    for (LayerSettings p : layers) {
      if (p.isDropout()) builder.dropout(p.number);
      else builder.dense(p.out, Activations.parse(p.number == 0 ? p.phi : p.phi + ":" + p.number));
    }
    Network net = builder.build(seed);
    RandomCase.Draw draw = new RandomCase.Draw(~seed);
    double[] theta = net.parameters();
    for (int i = 0; i < theta.length; i++) theta[i] += 0.1 * draw.normal();
    return net;
  }

  Trainer trainer(Network net) {
    Schedule s = switch (schedule) {
      case "step" -> new StepDecay(2, 0.5);
      case "cosine" -> new CosineDecay(0.1);
      case "warm-up" -> new WarmUp(2, new ConstantRate());
      case "warm-up, then cosine" -> new WarmUp(1, new CosineDecay(0));
      default -> new ConstantRate();
    };
    Optimizer o = Optimizers.parse(optimizer).withRate(rate);
    Regularization penalties = biases ? Regularization.l1l2(l1, l2).withBiases() : Regularization.l1l2(l1, l2);
    Trainer t = Trainer.of(net).loss(Losses.named(loss).get()).optimizer(o).batch(batch).seed(seed).schedule(s)
        .clip(clip).regularization(penalties);
    if (blocks > 0) t.blocks(blocks);
    return patience > 0 ? t.stopEarly(validation(), patience) : t;
  }

  @Override public String toString() {
    return "case " + seed + ": " + options + ", " + layers + ", " + rows + " rows in batches of " + batch
        + " and blocks of " + blocks + ", "
        + epochs + " epochs, stopped after " + Arrays.toString(stops);
  }
}
