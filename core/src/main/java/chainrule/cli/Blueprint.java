package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.MeanSquaredError;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import java.util.List;

/**
 * What the arguments and the data make of a network and its training. Defaults depend on the shape of the data alone:
 *
 * <ul>
 *   <li>hidden layers 64:relu,32:relu; the output follows from the task: linear with mse for numbers, one sigmoid with bce
 *       for two classes, a softmax with cce for more (002-head-choice);
 *   <li>Adam at 0.002 in batches of 32;
 *   <li>epochs for about 250,000 rows met in all, but at least 20 and at most 200: small data needs many passes, large
 *       data few.
 * </ul>
 */
record Blueprint(Network network, Dataset train, Dataset test, Loss loss, Optimizer optimizer, int epochs, int batch) {
  private static final String HIDDEN = "64:relu,32:relu";
  private static final int BATCH = 32;
  private static final long ROWS_MET = 250_000;

  static Blueprint of(Arguments a, Source source, Kernels kernels, long seed) {
    Dataset train = source.train(), test = source.test();
    if (train.rows() == 0) throw new UsageException("no rows are left to train on; hold out fewer with --test-fraction");
    Loss loss = loss(a, train);
    if (train.labels().size() == 2 && loss instanceof CategoricalCrossEntropy) {
      train = train.oneHot();
      test = test.oneHot();
    }
    Activation head = !train.isClassification() ? new Linear() : train.outputs() == 1 ? new Sigmoid() : new Softmax();
    Network.Builder builder = Network.input(train.inputs()).kernels(kernels);
    addHidden(builder, a.text(Option.LAYERS).orElse(HIDDEN));
    Network network = builder.dense(train.outputs(), head).build(seed);

    int batch = (int) a.whole(Option.BATCH, BATCH, 1, Integer.MAX_VALUE);
    long usual = Math.max(20, Math.min(200, ROWS_MET / train.rows()));
    int epochs = (int) a.whole(Option.EPOCHS, usual, 1, Integer.MAX_VALUE);
    return new Blueprint(network, train, test, loss, optimizer(a), epochs, batch);
  }

  private static Loss loss(Arguments a, Dataset train) {
    Loss usual = !train.isClassification() ? new MeanSquaredError()
        : train.labels().size() == 2 ? new BinaryCrossEntropy() : new CategoricalCrossEntropy();
    if (!a.has(Option.LOSS)) return usual;
    String name = a.text(Option.LOSS).get();
    List<String> fitting = !train.isClassification() ? List.of("mse") : List.of("cce", "bce", "mse");
    if (Losses.named(name).isEmpty() || name.contains("-cross-entropy")) {
      throw new UsageException("--loss: no loss '" + name + "'; there are mse, bce and cce"
          + Nearest.hint(name, List.of("mse", "bce", "cce")));
    }
    if (!fitting.contains(name)) {
      throw new UsageException("--loss " + name + " is for classes, but the target is a number; use mse");
    }
    if (name.equals("bce") && train.labels().size() > 2) {
      throw new UsageException("--loss bce is for two classes, but the target has " + train.labels().size() + "; use cce");
    }
    return Losses.named(name).get();
  }

  private static Optimizer optimizer(Arguments a) {
    String spec = a.text(Option.OPTIMIZER).orElse("adam");
    try {
      Optimizer o = Optimizers.parse(spec);
      return o.withRate(a.number(Option.RATE, o.rate(), 0, false, Double.POSITIVE_INFINITY));
    } catch (IllegalArgumentException e) {
      String hint = e.getMessage().startsWith("no optimizer") ? Nearest.hint(spec.split(":")[0], Optimizers.names()) : "";
      throw new UsageException("--optimizer: " + e.getMessage() + hint);
    }
  }

  /** 64:relu,32:tanh; {@code none} or nothing for no hidden layer. */
  private static void addHidden(Network.Builder builder, String spec) {
    if (spec.isBlank() || spec.equals("none")) return;
    for (String layer : spec.split(",", -1)) {
      int colon = layer.indexOf(':');
      String units = (colon < 0 ? layer : layer.substring(0, colon)).strip();
      String name = colon < 0 ? "relu" : layer.substring(colon + 1).strip();
      if (units.equals("dropout")) {
        throw new UsageException("--layers: dropout does not work yet in this version; leave '" + layer + "' out");
      }
      Activation activation = Activations.named(name).orElseThrow(() -> new UsageException("--layers: no activation '"
          + name + "' in '" + layer + "'; there are " + String.join(", ", Activations.names())
          + Nearest.hint(name, Activations.names())));
      try {
        builder.dense(Integer.parseInt(units), activation);
      } catch (NumberFormatException e) {
        throw new UsageException("--layers: expected units:activation such as 64:relu, got '" + layer + "'");
      } catch (IllegalArgumentException e) {
        throw new UsageException("--layers: " + e.getMessage());
      }
    }
  }
}
