package chainrule.train;

import java.util.List;

/**
 * What a training run saw, epoch by epoch, and how it ended.
 *
 * @param epochs the whole epochs, first to last, those before a resumption included
 * @param end why there are no more
 * @param kept the number of the epoch whose weights the network has now; 0 for those it began with
 */
public record History(List<Epoch> epochs, End end, int kept) {

  /** Why training ended. */
  public enum End {
    /** All epochs are done. */
    FINISHED,
    /** The validation loss did not fall any more, see {@link Trainer#stopEarly}. */
    STOPPED_EARLY,
    /** Somebody asked for it, see {@link Trainer#stopWhen}. */
    INTERRUPTED
  }

  /**
   * One pass over the training rows.
   *
   * @param number 1 for the first
   * @param trainLoss the loss over the rows as they were met, so with the parameters changing underway
   * @param validation how the network does on the validation rows after it; null without any
   * @param test how the network does on the held-out rows after it; null without any
   * @param rate the learning rate of its last step
   * @param seconds since training began; 0 for epochs before a resumption
   */
  public record Epoch(
      int number, double trainLoss, Evaluation validation, Evaluation test, double rate, double seconds) {

    /** The loss that tells how good it is: of the validation rows, else of the test rows, else of the training. */
    public double judgedLoss() {
      return validation != null ? validation.loss() : test != null ? test.loss() : trainLoss;
    }
  }

  public History {
    epochs = List.copyOf(epochs);
  }

  /** The last epoch; null if not one is whole. */
  public Epoch last() {
    return epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
  }

  /** The epoch of the lowest {@link Epoch#judgedLoss}, the first of equals; null if not one is whole. */
  public Epoch best() {
    return best(epochs);
  }

  static Epoch best(List<Epoch> epochs) {
    Epoch best = null;
    for (Epoch e : epochs) if (best == null || isLower(e.judgedLoss(), best.judgedLoss())) best = e;
    return best;
  }

  /** Whether one loss is better than another: lower, or a number where the other is NaN. */
  public static boolean isLower(double loss, double than) {
    return loss < than || Double.isNaN(than) && !Double.isNaN(loss);
  }

  /** The epoch whose weights the network has now; null if not one is whole. */
  public Epoch keptEpoch() {
    return kept < 1 ? null : epochs.get(kept - 1);
  }
}
