// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.kernels.Kernels;
import chainrule.kernels.Limits;
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
import chainrule.train.Trainer;
import chainrule.train.TrainingDiagnostics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The network and training settings that follow from the arguments and the data. Defaults depend only on the shape of
 * the data:
 *
 * <ul>
 *   <li>hidden layers 64:relu,32:relu; the output follows from the task: linear with mse for numbers, one sigmoid with
 *       bce for two classes, softmax with cce for more, a sigmoid with bce for each of several labels;
 *   <li>each number of a table as its standardized value and 4 pieces between quartiles ({@link TableColumns#bins});
 *   <li>Adam at rate 0.004 in batches of 32, with a rate that falls to 0 along a cosine;
 *   <li>an L2 penalty with λ = 3/n for n training rows;
 *   <li>enough epochs to process about 125,000 rows in total, but at least 10 and at most 100.
 * </ul>
 *
 * The rate, the schedule and the penalty stop a run from overtraining. They were chosen on 20 real tables with three
 * seeds each: the errors are 0.80 times those of a constant rate of 0.002 without a penalty and with twice the epochs.
 * The pieces multiply them by another 0.96; 8 pieces are worse than none.
 *
 * <p>An ensemble has other defaults: {@link EnsembleOptions}. The network is then that of the first member.
 *
 * @param validation null without {@code --patience}, and for an ensemble
 * @param clip infinite without {@code --clip}
 * @param blocks the rows of a block, 0 without {@code --blocks}
 * @param patience 0 without {@code --patience}, except for an ensemble
 * @param members the number of networks, 1 without {@code --ensemble}
 */
record TrainingPlan(
    Network network, Dataset train, Dataset validation, Dataset test, Loss loss, Regularization regularization,
    Optimizer optimizer, Schedule schedule, double clip, int epochs, int batch, int blocks, int patience,
    int members) {
  /** The losses for each kind of target. {@link Losses} also has sums of some of them, with the suffix -sum. */
  private static final List<String> FOR_NUMBERS = List.of("mse", "sse", "half-mse", "half-sse", "mae", "huber");
  private static final List<String> FOR_CLASSES = List.of("cce", "cce-offset", "bce");

  private static final String DEFAULT_LAYERS = "64:relu,32:relu";
  private static final int DEFAULT_BATCH = 32;
  private static final long TARGET_ROWS = 125_000;
  /** λ times the number of training rows. */
  private static final int DEFAULT_L2 = 3;

  static TrainingPlan of(Arguments a, InputData data, Kernels kernels, long seed) {
    Dataset train = data.train(), validation = data.validation(), test = data.test();
    requireRows(train);
    Optional<Loss> chosen = loss(a, train);
    if (train.labels().size() == 2
        && chosen.filter(l -> l instanceof CategoricalCrossEntropy || l instanceof OffsetCrossEntropy).isPresent()) {
      train = train.oneHot();
      test = test.oneHot();
      if (validation != null) validation = validation.oneHot();
    }
    Activation head = head(train);
    Loss loss = chosen.orElse(Losses.forOutput(head));
    Network.Builder builder = Network.input(train.inputs()).kernels(kernels);
    addHidden(builder, a.value(Option.LAYERS).orElse(DEFAULT_LAYERS));
    return of(a, train, validation, test, build(builder, train.outputs(), head, seed), loss);
  }

  /** Returns the plan that continues the training of a network of a model. The data is encoded as the model says. */
  static TrainingPlan continuing(Arguments a, InputData data, StartingModel from, int member) {
    requireRows(data.train());
    Network network = from.model().networks().get(member);
    Loss loss = loss(a, data.train()).orElseGet(() -> ModelData.loss(from.model(), network.outputs()));
    String misfit = loss.misfit(network.output().activation(), network.outputs());
    if (!misfit.isEmpty()) {
      throw new UsageException("--loss " + loss.name() + " does not fit the output of " + from.name() + ", "
          + network.output().describe() + ": it " + misfit + ". Remove --loss to keep that of the model.");
    }
    return of(a, data.train(), data.validation(), data.test(), network, loss);
  }

  private static TrainingPlan of(
      Arguments a, Dataset train, Dataset validation, Dataset test, Network network, Loss loss) {
    int batch = (int) a.integer(Option.BATCH, DEFAULT_BATCH, 1, Integer.MAX_VALUE);
    int blocks = (int) a.integer(Option.BLOCKS, 0, 1, Integer.MAX_VALUE);
    requireFittingBatch(network, Math.min(blocks > 0 ? Math.min(batch, blocks) : batch, train.rows()));
    long defaultEpochs = EnsembleOptions.epochs(a, Math.max(10, Math.min(100, TARGET_ROWS / train.rows())));
    int epochs = (int) a.integer(Option.EPOCHS, defaultEpochs, 1, Integer.MAX_VALUE);
    refuseUntrainable(network);
    Regularization penalties = Regularization.l1l2(
        a.number(Option.L1, 0, 0, true, Double.POSITIVE_INFINITY),
        a.number(Option.L2, (double) defaultL2(a) / train.rows(), 0, true, Double.POSITIVE_INFINITY));
    double clip = a.number(Option.CLIP, Double.POSITIVE_INFINITY, 0, false, Double.POSITIVE_INFINITY);
    int patience = (int) a.integer(Option.PATIENCE, EnsembleOptions.patience(a), 1, Integer.MAX_VALUE);
    return new TrainingPlan(
        network, train, validation, test, loss, penalties, optimizer(a), schedule(a), clip, epochs, batch, blocks,
        patience, EnsembleOptions.members(a));
  }

  private static void requireRows(Dataset train) {
    if (train.rows() == 0) throw new UsageException("no rows are left for training; lower --test-fraction");
  }

  /** Returns the name of the training loss in output: {@code loss}, or with penalties {@code loss+L2}. */
  String lossName() {
    return "loss" + (regularization.l1() > 0 ? "+L1" : "") + (regularization.l2() > 0 ? "+L2" : "");
  }

  /** Returns a trainer with these settings. */
  Trainer trainer(long seed) {
    Trainer t = memberTrainer().seed(seed);
    return validation == null ? t : t.stopEarly(validation, patience);
  }

  /** Returns a trainer with these settings for a member of an ensemble, which sets its seed and validation rows. */
  Trainer memberTrainer() {
    Trainer t = Trainer.of(network).loss(loss).regularization(regularization).optimizer(optimizer).schedule(schedule)
        .clip(clip).batch(batch);
    return blocks == 0 ? t : t.blocks(blocks);
  }

  /** Returns a listener that measures what a report shows of a training on these rows. */
  TrainingDiagnostics diagnostics(Dataset rows, long seed) {
    return new TrainingDiagnostics(network, loss, regularization, rows, seed);
  }

  /**
   * Returns the output activation of a task: sigmoid or softmax for classes, linear for numbers.
   * Formula: 002-head-choice. Spec: StackedLayersSpec#eachKindOfTaskGetsTheDocumentsOutputLayer.
   */
  private static Activation head(Dataset train) {
    if (train.isMultilabel()) return new Sigmoid();
    return !train.isClassification() ? new Linear() : train.outputs() == 1 ? new Sigmoid() : new Softmax();
  }

  private static Network build(Network.Builder builder, int outputs, Activation head, long seed) {
    try {
      return builder.dense(outputs, head).build(seed);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--layers: " + e.getMessage());
    }
  }

  /** Checks that one array can hold the outputs of each layer for a batch. */
  private static void requireFittingBatch(Network network, int rows) {
    for (Layer layer : network.layers()) {
      if ((long) rows * layer.outputs() <= Limits.MAX_ARRAY_LENGTH) continue;
      throw new UsageException("--batch: " + rows + " rows of " + layer.outputs() + " units exceed the largest array ("
          + Limits.MAX_ARRAY_LENGTH + " numbers); use smaller batches or layers");
    }
  }

  private static void refuseUntrainable(Network network) {
    try {
      Backpropagation.requireTrainable(network);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** Returns the loss that --loss names, checked against the data; empty without --loss. */
  private static Optional<Loss> loss(Arguments a, Dataset train) {
    if (!a.has(Option.LOSS)) return Optional.empty();
    String name = a.value(Option.LOSS).get(), plain = name.endsWith("-sum") ? name.substring(0, name.length() - 4)
        : name;
    if (Losses.named(name).isEmpty() || !(FOR_NUMBERS.contains(plain) || FOR_CLASSES.contains(plain))) {
      List<String> known = new ArrayList<>(FOR_NUMBERS);
      known.addAll(FOR_CLASSES);
      throw new UsageException("--loss: unknown loss '" + name + "'; expected one of " + String.join(", ", known)
          + " (mae, huber, cce, cce-offset and bce also take the suffix -sum)" + SpellingHint.of(name, known));
    }
    if (train.isMultilabel()) {
      if (plain.equals("bce")) return Losses.named(name);
      throw new UsageException("--loss " + name + " does not apply to several labels; use bce, or remove it");
    }
    if (!train.isClassification() && FOR_CLASSES.contains(plain)) {
      throw new UsageException("--loss " + name + " is for classes, but the target is numeric; use mse");
    }
    if (plain.equals("bce") && train.labels().size() > 2) {
      throw new UsageException("--loss " + name + " requires two classes, but the target has " + train.labels().size()
          + "; use cce");
    }
    return Losses.named(name);
  }

  /** Returns λ without {@code --l2}, times the number of training rows. */
  static int defaultL2(Arguments a) {
    return EnsembleOptions.l2(a, DEFAULT_L2);
  }

  /** Returns the rate without {@code --rate}: runs are short and end at a rate of 0, so Adam starts with a high one. */
  static double defaultRate(String optimizer) {
    return optimizer.equals("adam") || optimizer.equals("adamw") ? 0.004 : Optimizers.defaultRate(optimizer);
  }

  private static Optimizer optimizer(Arguments a) {
    String spec = a.value(Option.OPTIMIZER).orElse("adam");
    try {
      Optimizer o = Optimizers.parse(spec);
      return o.withRate(a.number(Option.RATE, defaultRate(o.name()), 0, false, Double.POSITIVE_INFINITY));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--optimizer: " + e.getMessage() + hint(spec, Optimizers.names()));
    }
  }

  private static Schedule schedule(Arguments a) {
    String spec = a.value(Option.SCHEDULE).orElse("cosine");
    try {
      return Schedules.parse(spec);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--schedule: " + e.getMessage() + hint(spec, Schedules.names()));
    }
  }

  /** Adds hidden layers such as 64:relu,dropout:0.2,32:leaky-relu:0.1; {@code none} or a blank adds none. */
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
        throw new UsageException(
            "--layers: expected units:activation such as 64:relu, or dropout:0.2, found '" + layer + "'");
      } catch (IllegalArgumentException e) {
        throw new UsageException("--layers: " + e.getMessage() + hint(rest, Activations.names()));
      }
    }
  }

  /** Suggests a known name for the one in {@code spec}. Empty if the name is known, so that something else is wrong. */
  private static String hint(String spec, List<String> known) {
    String name = spec.split(":", 2)[0];
    return known.contains(name) ? "" : SpellingHint.of(name, known);
  }
}
