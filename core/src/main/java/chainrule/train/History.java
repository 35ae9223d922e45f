// SPDX-License-Identifier: MIT
package chainrule.train;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * The metrics of a training run, epoch by epoch, and how the run ended.
 *
 * @param epochs the complete epochs, first to last, including those before a resumption
 * @param end why training ended
 * @param kept the number of the epoch whose weights the network now has; 0 for the initial weights
 */
public record History(List<Epoch> epochs, End end, int kept) implements Serializable {

  /** Why training ended. */
  public enum End {
    /** All epochs are done. */
    FINISHED,
    /** The validation loss stopped falling: see {@link Trainer#stopEarly}. */
    STOPPED_EARLY,
    /** The condition of {@link Trainer#stopWhen} became true. */
    INTERRUPTED
  }

  /**
   * One pass over the training rows.
   *
   * @param number 1 for the first
   * @param trainLoss the training loss over the epoch's steps, each before its update, penalties included. If the loss
   *     is a mean, this is the mean over all rows, weighted if the rows have weights
   * @param validation the metrics on the validation rows after the epoch; null if there are none
   * @param test the metrics on the test rows after the epoch; null if there are none
   * @param rate the learning rate of the last step
   * @param seconds the time since training began; 0 for epochs before a resumption
   */
  public record Epoch(
      int number, double trainLoss, Evaluation validation, Evaluation test, double rate, double seconds)
      implements Serializable {

    /** {@return the loss to compare epochs by: on the validation rows, else on the test rows, else in training} */
    public double monitoredLoss() {
      return validation != null ? validation.loss() : test != null ? test.loss() : trainLoss;
    }

    /** Returns the metrics, for a log line. */
    @Override public String toString() {
      return String.format(Locale.ROOT, "epoch %d: train loss %.4g", number, trainLoss)
          + (validation == null ? "" : ", validation " + validation) + (test == null ? "" : ", test " + test);
    }
  }

  /**
   * Copies the list of epochs.
   *
   * @param epochs first to last
   * @param end why training ended
   * @param kept the epoch whose weights the network now has
   */
  public History {
    epochs = List.copyOf(epochs);
  }

  /** {@return the last epoch, or null if none is complete} */
  public Epoch last() {
    return epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
  }

  /** {@return the first epoch with the lowest {@link Epoch#monitoredLoss}, or null if none is complete} */
  public Epoch best() {
    return best(epochs);
  }

  static Epoch best(List<Epoch> epochs) {
    Epoch best = null;
    for (Epoch e : epochs) if (best == null || isBetter(e.monitoredLoss(), best.monitoredLoss())) best = e;
    return best;
  }

  /**
   * {@return whether one loss is lower than another} Every number is lower than NaN.
   *
   * @param loss the loss
   * @param than the loss to compare with
   */
  public static boolean isBetter(double loss, double than) {
    return loss < than || Double.isNaN(than) && !Double.isNaN(loss);
  }

  /** {@return the epoch whose weights the network now has, or null if these are the initial weights} */
  public Epoch keptEpoch() {
    return kept < 1 ? null : epochs.get(kept - 1);
  }

  /** Returns the number of epochs, the end and the last epoch, for a log line. */
  @Override public String toString() {
    return epochs.size() + (epochs.size() == 1 ? " epoch, " : " epochs, ")
        + end.name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + (kept == epochs.size() ? "" : ", weights of epoch " + kept) + (epochs.isEmpty() ? "" : "; " + last());
  }
}
