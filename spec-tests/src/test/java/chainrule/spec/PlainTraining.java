// SPDX-License-Identifier: MIT
package chainrule.spec;

import chainrule.spec.TrainingCase.LayerSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An independent implementation of training, row by row in plain loops and without any class of the library: the order
 * of rows, the forward pass with dropout, losses, backpropagation, blocks of rows, penalties, clipping, optimizers,
 * schedules and early stopping. Each {@link Mistake} can be switched on. Without a mistake it is correct.
 */
final class PlainTraining {

  /** The mistakes that can be switched on. */
  enum Mistake {
    NONE,
    /** Every step uses the optimizer's rate. */
    SCHEDULE_IGNORED,
    /** Each step uses the rate of the previous step. */
    RATE_OF_THE_PREVIOUS_STEP,
    /** From epoch 3, the rows are in the order of epoch 2. */
    ORDER_FROZEN_AFTER_EPOCH_2,
    /** The targets of a short last batch are in reverse order. */
    TARGETS_REVERSED_IN_A_SHORT_BATCH,
    /** The mean over a short last batch is divided by the size of a full one. */
    SHORT_BATCH_DIVIDED_BY_THE_FULL_SIZE,
    /** A short last batch has the weight of a full one in the loss of the epoch. */
    SHORT_BATCH_COUNTED_AS_FULL,
    /** The loss of the epoch is the mean over batches, whatever their sizes. */
    BATCHES_AVERAGED,
    /** The rows of a short last batch are skipped. */
    SHORT_BATCH_SKIPPED,
    /** All dropout layers use the mask of the first one. */
    ONE_MASK_FOR_ALL_LAYERS,
    /** Every step uses the masks of step 0. */
    ONE_MASK_FOR_ALL_STEPS,
    /** Every row uses the mask of the first row. */
    ONE_MASK_FOR_ALL_ROWS,
    /** The steps of masks are numbered from 0 in each epoch. */
    MASKS_REPEAT_EACH_EPOCH,
    /** The backward pass ignores the dropout mask. */
    MASK_FORGOTTEN_BACKWARD,
    /** With 7 or more classes, ŷ − y in place of ŷ Σy − y. */
    TARGETS_ASSUMED_TO_SUM_TO_1_FROM_7_CLASSES,
    /** An α above 1 counts as 1 in the slope of ELU. */
    ELU_SLOPE_CAPPED,
    /** The 4th dense layer has no penalty. */
    PENALTY_SKIPS_THE_4TH_LAYER,
    /** Biases are always penalized. */
    BIASES_ALWAYS_PENALIZED,
    /** The gradient is clipped before penalties are added. */
    CLIPPED_BEFORE_PENALTIES,
    /** Each layer's gradient is clipped by its own norm. */
    CLIPPED_LAYER_BY_LAYER,
    /** The optimizer's memory is cleared in each epoch. */
    MEMORY_CLEARED_EACH_EPOCH,
    /** The t of bias correction starts over in each epoch. */
    STEPS_COUNTED_WITHIN_THE_EPOCH,
    /** The validation loss is computed with dropout. */
    VALIDATION_WITH_DROPOUT,
    /** The epoch after the best one is restored. */
    BEST_WEIGHTS_ONE_EPOCH_LATE,
    /** The last epoch's weights are kept instead of the best. */
    BEST_WEIGHTS_NOT_RESTORED,
    /** Patience counts all epochs without improvement, not only consecutive ones. */
    PATIENCE_NEVER_RESET,
    /** A weighted mean is divided by the number of rows. */
    WEIGHTED_MEAN_DIVIDED_BY_ROWS,
    /** Weights are squared. */
    WEIGHTS_SQUARED,
    /** The weights of a short last batch are in reverse order. */
    WEIGHTS_REVERSED_IN_A_SHORT_BATCH,
    /** The weights are those of the first rows of the data, whatever the order of the rows. */
    WEIGHTS_NOT_SHUFFLED,
    /** The weights are in the loss, but not in the gradient. */
    GRADIENT_UNWEIGHTED,
    /** The loss of the epoch counts each batch by its number of rows instead of its weight. */
    BATCHES_COUNTED_BY_ROWS,
    /** The validation loss ignores weights. */
    VALIDATION_UNWEIGHTED,
    /** The gradient of a batch is the mean of the means of its blocks. */
    BLOCKS_AVERAGED,
    /** The rows of masks are numbered from 0 in each block. */
    MASKS_REPEAT_IN_EACH_BLOCK,
    /** The rows of a short last block are skipped. */
    SHORT_BLOCK_SKIPPED,
    /** A last block without a sibling is not added. */
    BLOCK_WITHOUT_SIBLING_SKIPPED
  }

  /** The results of a run: θ, losses and the last rate of each epoch, then the final θ and the number of its epoch. */
  record Outcome(
      List<double[]> parameters, List<Double> losses, List<Double> validation, List<Double> rates, double[] end,
      int kept) {}

  private final TrainingCase c;
  private final Mistake mistake;
  private final double[] theta;
  private final double[] g;
  private final double[][] memory;
  private final int[] offset; // of each layer's parameters
  private double[][] z, a; // [layer][unit] of one row

  /** @param initial the network's θ: for each dense layer, W [in × out] row by row and then b */
  PlainTraining(TrainingCase c, double[] initial, Mistake mistake) {
    this.c = c;
    this.mistake = mistake;
    this.theta = initial.clone();
    this.g = new double[theta.length];
    this.memory = new double[2][theta.length];
    this.offset = new int[c.layers().size()];
    int at = 0;
    for (int l = 0; l < offset.length; l++) {
      offset[l] = at;
      LayerSettings p = c.layers().get(l);
      if (!p.isDropout()) at += (p.in() + 1) * p.out();
    }
    if (at != theta.length) throw new AssertionError(at + " parameters, not " + theta.length);
  }

  Outcome run() {
    Outcome o = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), null, 0);
    int size = Math.min(c.batch(), c.rows()), steps = (c.rows() + size - 1) / size, best = 0, waited = 0;
    for (int epoch = 1; epoch <= c.epochs(); epoch++) {
      int[] order = PlainRandom.order(c.rows(), c.seed(),
          mistake == Mistake.ORDER_FROZEN_AFTER_EPOCH_2 ? Math.min(2, epoch) : epoch);
      if (mistake == Mistake.MEMORY_CLEARED_EACH_EPOCH) for (double[] m : memory) Arrays.fill(m, 0);
      double sum = 0, rate = 0, weight = 0; // of all rows
      for (int row = 0; row < c.rows(); row++) weight += weight(row);
      for (int s = 0; s < steps; s++) {
        int[] rows = Arrays.copyOfRange(order, s * size, Math.min(c.rows(), (s + 1) * size));
        boolean isShort = rows.length < size;
        if (isShort && mistake == Mistake.SHORT_BATCH_SKIPPED) continue;
        long t = (epoch - 1L) * steps + s + 1;
        long at = mistake == Mistake.RATE_OF_THE_PREVIOUS_STEP ? Math.max(1, t - 1) : t;
        rate = c.rate() * (mistake == Mistake.SCHEDULE_IGNORED ? 1 : factor(at, steps, c.epochs()));
        double loss = step(rows, t, s, rate, size);
        double of = weight(rows);
        if (mistake == Mistake.SHORT_BATCH_COUNTED_AS_FULL) of *= (double) size / rows.length;
        if (mistake == Mistake.BATCHES_COUNTED_BY_ROWS) of = rows.length * weight / c.rows();
        if (!isMean()) sum += loss;
        else if (mistake == Mistake.BATCHES_AVERAGED) sum += loss * weight / steps;
        else sum += loss * of;
      }
      o.parameters.add(theta.clone());
      o.losses.add(isMean() ? sum / weight : sum);
      o.rates.add(rate);
      if (c.patience() == 0) continue;
      o.validation.add(validationLoss());
      if (best == 0 || o.validation.get(epoch - 1) < o.validation.get(best - 1)) {
        best = epoch;
        if (mistake != Mistake.PATIENCE_NEVER_RESET) waited = 0;
      } else {
        waited++;
      }
      if (waited == c.patience()) break;
    }
    int last = o.parameters.size(), kept = best == 0 ? last : best, of = kept;
    if (best > 0 && mistake == Mistake.BEST_WEIGHTS_ONE_EPOCH_LATE) of = Math.min(last, kept + 1);
    if (mistake == Mistake.BEST_WEIGHTS_NOT_RESTORED) of = last;
    return new Outcome(o.parameters, o.losses, o.validation, o.rates, o.parameters.get(of - 1), kept);
  }

  private boolean isMean() {
    return !c.loss().equals("half-sse");
  }

  /** The weight of a row; 1 without weights. */
  private double weight(int row) {
    double w = c.weights() == null ? 1 : c.weights()[row];
    return mistake == Mistake.WEIGHTS_SQUARED ? w * w : w;
  }

  private double weight(int[] rows) {
    double sum = 0;
    for (int row : rows) sum += weight(row);
    return sum;
  }

  /** The factor of the rate at step t, which is 1 in the first step. */
  private double factor(long t, int steps, int epochs) {
    long before = t - 1;
    switch (c.schedule()) {
      case "step": {
        double f = 1;
        for (long epoch = 2; epoch <= before / steps; epoch += 2) f /= 2;
        return f;
      }
      case "cosine":
        return 0.1 + 0.9 * (1 + Math.cos(Math.PI * before / (epochs * steps))) / 2;
      case "warm-up":
        return Math.min(1, t / (2.0 * steps));
      case "warm-up, then cosine":
        if (t <= steps) return (double) t / steps;
        return (1 + Math.cos(Math.PI * (before - steps) / ((epochs - 1) * steps))) / 2;
      default:
        return 1;
    }
  }

  // ---------------------------------------------------------------- one step

  /** Updates θ. Returns the loss before the update, including penalties. */
  private double step(int[] rows, long t, int stepOfEpoch, double rate, int size) {
    long step = mistake == Mistake.ONE_MASK_FOR_ALL_STEPS ? 0
        : mistake == Mistake.MASKS_REPEAT_EACH_EPOCH ? stepOfEpoch : t - 1;
    boolean[][] masks = new boolean[offset.length][];
    for (int l = 0; l < offset.length; l++) {
      LayerSettings p = c.layers().get(l);
      if (!p.isDropout()) continue;
      int number = mistake == Mistake.ONE_MASK_FOR_ALL_LAYERS ? 0 : l;
      masks[l] = PlainRandom.mask(c.seed(), number, step, rows.length, p.in(), p.number());
    }
    double weight = mistake == Mistake.WEIGHTED_MEAN_DIVIDED_BY_ROWS ? rows.length : weight(rows);
    double divisor = !isMean() || weight == 0 ? 1 : weight;
    boolean byFullSize = isMean() && mistake == Mistake.SHORT_BATCH_DIVIDED_BY_THE_FULL_SIZE;
    if (byFullSize) divisor *= (double) size / rows.length;
    int block = c.blocks() == 0 ? rows.length : c.blocks(), blocks = (rows.length + block - 1) / block;
    double[][] sums = new double[blocks][];
    for (int k = 0; k < blocks; k++) {
      sums[k] = sums(rows, k * block, Math.min(rows.length, (k + 1) * block), block, masks, stepOfEpoch, divisor, size);
    }
    double[] sum = tree(sums, 0, blocks);
    System.arraycopy(sum, 0, g, 0, g.length);
    double loss = sum[g.length] / divisor + penalty();
    if (mistake == Mistake.CLIPPED_BEFORE_PENALTIES) {
      clip(0, g.length);
      penalize();
    } else {
      penalize();
      if (mistake != Mistake.CLIPPED_LAYER_BY_LAYER) clip(0, g.length);
      else for (int l = 0; l < offset.length; l++) clip(offset[l], l + 1 < offset.length ? offset[l + 1] : g.length);
    }
    long count = mistake == Mistake.STEPS_COUNTED_WITHIN_THE_EPOCH ? stepOfEpoch + 1 : t;
    for (int i = 0; i < g.length; i++) theta[i] = updated(i, g[i], count, rate);
    return loss;
  }

  /** S(k, n), the sum of n blocks from block k on: of the largest power of two below n, and of the others. */
  private double[] tree(double[][] sums, int k, int n) {
    if (n == 1) return sums[k];
    int m = Integer.highestOneBit(n - 1);
    double[] left = tree(sums, k, m), right = tree(sums, k + m, n - m), sum = left.clone();
    if (n - m == 1 && m > 1 && mistake == Mistake.BLOCK_WITHOUT_SIBLING_SKIPPED) return sum;
    for (int i = 0; i < sum.length; i++) sum[i] += right[i];
    return sum;
  }

  /** Returns ∂L/∂θ of the rows from … to − 1 of a batch, one block, and then the sum of their losses. */
  private double[] sums(
      int[] rows, int from, int to, int block, boolean[][] masks, int stepOfEpoch, double divisor, int size) {
    Arrays.fill(g, 0);
    double loss = 0, blocks = (double) ((rows.length + block - 1) / block);
    if (mistake == Mistake.BLOCKS_AVERAGED && isMean()) {
      double own = weight(Arrays.copyOfRange(rows, from, to));
      divisor = own == 0 ? 1 : own * blocks;
    }
    boolean skipped = mistake == Mistake.SHORT_BLOCK_SKIPPED && blocks > 1 && to - from < block;
    for (int i = from; i < to && !skipped; i++) {
      int place = mistake == Mistake.MASKS_REPEAT_IN_EACH_BLOCK ? i - from : i;
      forward(rows[i], masks, place);
      boolean reversed = mistake == Mistake.TARGETS_REVERSED_IN_A_SHORT_BATCH && rows.length < size;
      double[] y = target(rows[reversed ? rows.length - 1 - i : i]);
      boolean swapped = mistake == Mistake.WEIGHTS_REVERSED_IN_A_SHORT_BATCH && rows.length < size;
      double w = weight(rows[swapped ? rows.length - 1 - i : i]);
      if (mistake == Mistake.WEIGHTS_NOT_SHUFFLED) w = weight(stepOfEpoch * size + i);
      loss += w * loss(y);
      if (mistake == Mistake.GRADIENT_UNWEIGHTED) w = 1;
      backward(rows[i], y, masks, place, w / divisor);
    }
    double[] all = Arrays.copyOf(g, g.length + 1);
    all[g.length] = loss;
    return all;
  }

  private double[] target(int row) {
    return Arrays.copyOfRange(c.y(), row * c.outputs(), (row + 1) * c.outputs());
  }

  /** @param masks null at inference */
  private void forward(int row, boolean[][] masks, int place) {
    z = new double[offset.length][];
    a = new double[offset.length][];
    for (int l = 0; l < offset.length; l++) {
      LayerSettings p = c.layers().get(l);
      double[] in = input(l, row);
      z[l] = new double[p.out()];
      if (p.isDropout()) {
        for (int j = 0; j < p.out(); j++) {
          boolean drops = masks != null && !kept(masks[l], place, j, p.in());
          z[l][j] = drops ? 0 : masks == null ? in[j] : in[j] / (1 - p.number());
        }
        a[l] = z[l];
        continue;
      }
      for (int j = 0; j < p.out(); j++) z[l][j] = theta[offset[l] + p.in() * p.out() + j];
      for (int i = 0; i < p.in(); i++) {
        for (int j = 0; j < p.out(); j++) z[l][j] += theta[offset[l] + i * p.out() + j] * in[i];
      }
      a[l] = activated(p, z[l]);
    }
  }

  private boolean kept(boolean[] mask, int place, int unit, int units) {
    return mask[(mistake == Mistake.ONE_MASK_FOR_ALL_ROWS ? 0 : place) * units + unit];
  }

  private double[] input(int l, int row) {
    return l > 0 ? a[l - 1] : Arrays.copyOfRange(c.x(), row * c.inputs(), (row + 1) * c.inputs());
  }

  private static double[] activated(LayerSettings p, double[] z) {
    double[] a = new double[z.length];
    double sum = 0;
    for (double v : z) sum += Math.exp(v);
    for (int j = 0; j < z.length; j++) {
      a[j] = switch (p.phi()) {
        case "linear" -> z[j];
        case "relu" -> Math.max(0, z[j]);
        case "leaky-relu" -> z[j] > 0 ? z[j] : p.number() * z[j];
        case "sigmoid" -> 1 / (1 + Math.exp(-z[j]));
        case "tanh" -> Math.tanh(z[j]);
        case "elu" -> z[j] > 0 ? z[j] : p.number() * Math.expm1(z[j]);
        case "softplus" -> Math.log1p(Math.exp(z[j]));
        case "softmax" -> Math.exp(z[j]) / sum;
        default -> throw new AssertionError(p);
      };
    }
    return a;
  }

  /** ℓ of the current row. */
  private double loss(double[] y) {
    double[] yhat = a[a.length - 1];
    double loss = 0;
    for (int j = 0; j < y.length; j++) {
      double e = yhat[j] - y[j];
      double rest = 1 / (1 + Math.exp(z[z.length - 1][j])); // 1 − ŷ of a sigmoid, accurate also for ŷ close to 1
      loss += switch (c.loss()) {
        case "cce" -> -y[j] * Math.log(yhat[j]);
        case "bce" -> -y[j] * Math.log(yhat[j]) - (1 - y[j]) * Math.log(rest);
        case "mse" -> e * e;
        case "half-sse" -> e * e / 2;
        default -> Math.abs(e) <= 1 ? e * e / 2 : Math.abs(e) - 0.5;
      };
    }
    return loss;
  }

  private double slopeOfLoss(double z, double yhat, double y) {
    return switch (c.loss()) {
      case "cce" -> -y / yhat;
      case "bce" -> (1 - y) * (1 + Math.exp(z)) - y / yhat;
      case "mse" -> 2 * (yhat - y);
      case "half-sse" -> yhat - y;
      default -> Math.max(-1, Math.min(1, yhat - y));
    };
  }

  /** Adds this row's gradients, times a factor, to g. */
  private void backward(int row, double[] y, boolean[][] masks, int place, double factor) {
    int last = offset.length - 1;
    double[] d = new double[y.length]; // ∂L/∂a of layer l
    for (int j = 0; j < y.length; j++) d[j] = factor * slopeOfLoss(z[last][j], a[last][j], y[j]);
    for (int l = last; l >= 0; l--) {
      LayerSettings p = c.layers().get(l);
      double[] before = new double[p.in()];
      if (p.isDropout()) {
        for (int j = 0; j < p.in(); j++) {
          boolean kept = mistake == Mistake.MASK_FORGOTTEN_BACKWARD || kept(masks[l], place, j, p.in());
          before[j] = kept ? d[j] / (1 - p.number()) : 0;
        }
      } else {
        double[] delta = throughActivation(p, z[l], a[l], d), in = input(l, row);
        if (l == last && y.length >= 7 && mistake == Mistake.TARGETS_ASSUMED_TO_SUM_TO_1_FROM_7_CLASSES
            && c.loss().equals("cce")) {
          for (int j = 0; j < y.length; j++) delta[j] = factor * (a[l][j] - y[j]);
        }
        for (int i = 0; i < p.in(); i++) {
          for (int j = 0; j < p.out(); j++) {
            g[offset[l] + i * p.out() + j] += in[i] * delta[j];
            before[i] += delta[j] * theta[offset[l] + i * p.out() + j];
          }
        }
        for (int j = 0; j < p.out(); j++) g[offset[l] + p.in() * p.out() + j] += delta[j];
      }
      d = before;
    }
  }

  /** δ_j = Σ_i d_i ∂a_i/∂z_j. */
  private double[] throughActivation(LayerSettings p, double[] z, double[] a, double[] d) {
    double[] delta = new double[z.length];
    for (int j = 0; j < z.length; j++) {
      if (p.phi().equals("softmax")) {
        for (int i = 0; i < z.length; i++) delta[j] += d[i] * a[i] * ((i == j ? 1 : 0) - a[j]);
        continue;
      }
      double e = Math.exp(-z[j]), alpha = p.number();
      if (mistake == Mistake.ELU_SLOPE_CAPPED) alpha = Math.min(1, alpha);
      delta[j] = d[j] * switch (p.phi()) {
        case "linear" -> 1;
        case "relu" -> z[j] > 0 ? 1 : 0;
        case "leaky-relu" -> z[j] > 0 ? 1 : p.number();
        case "sigmoid" -> e / ((1 + e) * (1 + e));
        case "tanh" -> 1 / (Math.cosh(z[j]) * Math.cosh(z[j]));
        case "elu" -> z[j] > 0 ? 1 : alpha * Math.exp(z[j]);
        default -> 1 / (1 + e);
      };
    }
    return delta;
  }

  // ---------------------------------------------------------------- penalties, clipping, optimizers

  /** Whether each parameter is penalized. */
  private boolean[] penalized() {
    boolean[] all = new boolean[theta.length];
    boolean biases = c.biases() || mistake == Mistake.BIASES_ALWAYS_PENALIZED;
    int dense = 0;
    for (int l = 0; l < offset.length; l++) {
      LayerSettings p = c.layers().get(l);
      if (p.isDropout()) continue;
      dense++;
      if (dense == 4 && mistake == Mistake.PENALTY_SKIPS_THE_4TH_LAYER) continue;
      Arrays.fill(all, offset[l], offset[l] + p.in() * p.out() + (biases ? p.out() : 0), true);
    }
    return all;
  }

  private double penalty() {
    boolean[] penalized = penalized();
    double sum = 0;
    for (int i = 0; i < theta.length; i++) {
      if (penalized[i]) sum += c.l1() * Math.abs(theta[i]) + c.l2() * theta[i] * theta[i];
    }
    return sum;
  }

  private void penalize() {
    boolean[] penalized = penalized();
    for (int i = 0; i < theta.length; i++) {
      if (penalized[i]) g[i] += c.l1() * Math.signum(theta[i]) + 2 * c.l2() * theta[i];
    }
  }

  private void clip(int from, int to) {
    double squares = 0;
    for (int i = from; i < to; i++) squares += g[i] * g[i];
    double norm = Math.sqrt(squares);
    if (norm > c.clip()) for (int i = from; i < to; i++) g[i] = g[i] * c.clip() / norm;
  }

  /** θ_i after one step of the documents' optimizers, with the usual hyperparameters. */
  private double updated(int i, double g, long t, double rate) {
    double m = memory[0][i], v = memory[1][i], old = theta[i];
    switch (c.optimizer()) {
      case "sgd":
        return old - rate * g;
      case "momentum":
        memory[0][i] = 0.9 * m + 0.1 * g;
        return old - rate * memory[0][i];
      case "nesterov":
        memory[0][i] = 0.9 * m + 0.1 * g;
        return old - rate * (0.9 * memory[0][i] + 0.1 * g);
      case "adagrad":
        memory[0][i] = m + g * g;
        return old - rate * g / (Math.sqrt(memory[0][i]) + 1e-8);
      case "rmsprop":
        memory[0][i] = 0.9 * m + 0.1 * g * g;
        return old - rate * g / (Math.sqrt(memory[0][i]) + 1e-8);
      case "adadelta", "adadelta-zeiler": {
        memory[0][i] = 0.95 * m + 0.05 * g * g;
        double move = c.optimizer().equals("adadelta")
            ? g * (Math.sqrt(v) + 1e-3) / (Math.sqrt(memory[0][i]) + 1e-3)
            : g * Math.sqrt((v + 1e-6) / (memory[0][i] + 1e-6));
        memory[1][i] = 0.95 * v + 0.05 * move * move;
        return old - rate * move;
      }
      default: {
        memory[0][i] = 0.9 * m + 0.1 * g;
        memory[1][i] = 0.999 * v + 0.001 * g * g;
        double mean = memory[0][i] / (1 - Math.pow(0.9, t)), square = memory[1][i] / (1 - Math.pow(0.999, t));
        double decay = c.optimizer().equals("adamw") ? rate * 0.01 * old : 0;
        return old - rate * mean / (Math.sqrt(square) + 1e-8) - decay;
      }
    }
  }

  /** The loss of the held-out rows, without penalties. */
  private double validationLoss() {
    double sum = 0, weight = 0;
    for (int i = 0; i < c.held(); i++) {
      int row = c.rows() + i;
      boolean[][] masks = null;
      if (mistake == Mistake.VALIDATION_WITH_DROPOUT) {
        masks = new boolean[offset.length][];
        for (int l = 0; l < offset.length; l++) {
          LayerSettings p = c.layers().get(l);
          if (p.isDropout()) masks[l] = PlainRandom.mask(c.seed(), l, 0, c.held(), p.in(), p.number());
        }
      }
      forward(row, masks, i);
      double w = mistake == Mistake.VALIDATION_UNWEIGHTED ? 1 : weight(row);
      sum += w * loss(target(row));
      weight += w;
    }
    return isMean() ? sum / weight : sum;
  }
}
