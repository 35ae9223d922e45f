package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.kernels.Kernels;
import chainrule.nn.Backpropagation;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import chainrule.nn.loss.OffsetCrossEntropy;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import chainrule.train.Schedule;
import chainrule.train.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the arguments and the data make of a network and its training. Defaults depend on the shape of the data alone:
 *
 * <ul>
 * <li>hidden layers 64:relu,32:relu; the output follows from the task: linear with mse for numbers, one sigmoid with
 * bce
 *       for two classes, a softmax with cce for more (002-head-choice);
 *   <li>Adam at 0.002 in batches of 32;
 *   <li>epochs for about 250,000 rows met in all, but at least 20 and at most 200: small data needs many passes, large
 *       data few.
 * </ul>
 */
record TrainingPlan(
    Network network, Dataset train, Dataset validation, Dataset test, Loss loss, Regularization regularization,
    Optimizer optimizer, Schedule schedule, double clip, int epochs, int batch, int patience) {
  /** Losses for numbers, and for classes, by their plain names; each has a -sum twin. */
  private static final List<String> FOR_NUMBERS = List.of("mse", "sse", "half-mse", "half-sse", "mae", "huber");
  private static final List<String> FOR_CLASSES = List.of("cce", "cce-offset", "bce");

  private static final String HIDDEN = "64:relu,32:relu";
  private static final int BATCH = 32;
  private static final long ROWS_MET = 250_000;

  static TrainingPlan of(Arguments a, InputData source, Kernels kernels, long seed) {
    Dataset train = source.train(), validation = source.validation(), test = source.test();
    if (train.rows() == 0) throw new UsageException("no rows are left to train on; hold out fewer with --test-fraction");
    Optional<Loss> chosen = loss(a, train);
    if (train.labels().size() == 2
        && chosen.filter(l -> l instanceof CategoricalCrossEntropy || l instanceof OffsetCrossEntropy).isPresent()) {
      train = train.oneHot();
      test = test.oneHot();
      if (validation != null) validation = validation.oneHot();
    }
    Activation head = !train.isClassification() ? new Linear() : train.outputs() == 1 ? new Sigmoid() : new Softmax();
    Loss loss = chosen.orElse(Losses.forOutput(head));
    Network.Builder builder = Network.input(train.inputs()).kernels(kernels);
    addHidden(builder, a.text(Option.LAYERS).orElse(HIDDEN));
    Network network = built(builder, train.outputs(), head, seed);

    int batch = (int) a.whole(Option.BATCH, BATCH, 1, Integer.MAX_VALUE);
    requireRoom(network, Math.min(batch, train.rows()));
    long usual = Math.max(20, Math.min(200, ROWS_MET / train.rows()));
    int epochs = (int) a.whole(Option.EPOCHS, usual, 1, Integer.MAX_VALUE);
    refuseUntrainable(network);
    Regularization penalties = Regularization.l1l2(
        a.number(Option.L1, 0, 0, true, Double.POSITIVE_INFINITY), a.number(Option.L2, 0, 0, true, Double.POSITIVE_INFINITY));
    double clip = a.number(Option.CLIP, Double.POSITIVE_INFINITY, 0, false, Double.POSITIVE_INFINITY);
    int patience = (int) a.whole(Option.PATIENCE, 0, 1, Integer.MAX_VALUE);
    return new TrainingPlan(
        network, train, validation, test, loss, penalties, optimizer(a), schedule(a), clip, epochs, batch, patience);
  }

  private static Network built(Network.Builder builder, int outputs, Activation head, long seed) {
    try {
      return builder.dense(outputs, head).build(seed);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--layers: " + e.getMessage());
    }
  }

  /** What a layer makes of a batch is one array. */
  private static void requireRoom(Network network, int rows) {
    for (Layer layer : network.layers()) {
      if ((long) rows * layer.outputs() <= Integer.MAX_VALUE - 8) continue;
      throw new UsageException("--batch: " + rows + " rows of " + layer.outputs() + " units are more numbers than one array "
          + "holds (" + (Integer.MAX_VALUE - 8) + "); use smaller batches or layers");
    }
  }

  private static void refuseUntrainable(Network network) {
    try {
      Backpropagation.requireTrainable(network);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** The loss that --loss names, checked against the data; empty without --loss. */
  private static Optional<Loss> loss(Arguments a, Dataset train) {
    if (!a.has(Option.LOSS)) return Optional.empty();
    String name = a.text(Option.LOSS).get(), plain = name.endsWith("-sum") ? name.substring(0, name.length() - 4) : name;
    if (Losses.named(name).isEmpty() || !(FOR_NUMBERS.contains(plain) || FOR_CLASSES.contains(plain))) {
      List<String> known = new ArrayList<>(FOR_NUMBERS);
      known.addAll(FOR_CLASSES);
      throw new UsageException("--loss: no loss '" + name + "'; there are " + String.join(", ", known)
          + " (and -sum behind mae, huber, cce, cce-offset and bce)" + SpellingHint.hint(name, known));
    }
    if (!train.isClassification() && FOR_CLASSES.contains(plain)) {
      throw new UsageException("--loss " + name + " is for classes, but the target is a number; use mse");
    }
    if (plain.equals("bce") && train.labels().size() > 2) {
      throw new UsageException("--loss " + name + " is for two classes, but the target has " + train.labels().size()
          + "; use cce");
    }
    return Losses.named(name);
  }

  private static Optimizer optimizer(Arguments a) {
    String spec = a.text(Option.OPTIMIZER).orElse("adam");
    try {
      Optimizer o = Optimizers.parse(spec);
      return o.withRate(a.number(Option.RATE, o.rate(), 0, false, Double.POSITIVE_INFINITY));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--optimizer: " + e.getMessage() + hint(spec, Optimizers.names()));
    }
  }

  private static Schedule schedule(Arguments a) {
    String spec = a.text(Option.SCHEDULE).orElse("constant");
    try {
      return Schedules.parse(spec);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--schedule: " + e.getMessage() + hint(spec, Schedules.names()));
    }
  }

  /** 64:relu,dropout:0.2,32:leaky-relu:0.1; {@code none} or nothing for no hidden layer. */
  private static void addHidden(Network.Builder builder, String spec) {
    if (spec.isBlank() || spec.equals("none")) return;
    for (String layer : spec.split(",", -1)) {
      int colon = layer.indexOf(':');
      String units = (colon < 0 ? layer : layer.substring(0, colon)).strip();
      String rest = colon < 0 ? "relu" : layer.substring(colon + 1).strip();
      try {
        if (units.equals("dropout")) builder.dropout(Double.parseDouble(rest));
        else builder.dense(Integer.parseInt(units), Activations.parse(rest));
      } catch (NumberFormatException e) {
        throw new UsageException("--layers: expected units:activation such as 64:relu, or dropout:0.2, got '" + layer + "'");
      } catch (IllegalArgumentException e) {
        throw new UsageException("--layers: " + e.getMessage() + hint(rest, Activations.names()));
      }
    }
  }

  /** Suggests a known name for the one in {@code spec}; empty if that name is known and something else is wrong. */
  private static String hint(String spec, List<String> known) {
    String name = spec.split(":", 2)[0];
    return known.contains(name) ? "" : SpellingHint.hint(name, known);
  }
}
