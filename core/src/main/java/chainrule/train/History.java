package chainrule.train;

import java.util.List;

/** What a training run saw, epoch by epoch. */
public record History(List<Epoch> epochs) {

  /**
   * One pass over the training rows.
   *
   * @param number 1 for the first
   * @param trainLoss the loss over the rows as they were met, so with the parameters changing underway
   * @param test how the network does on the held-out rows after it; null without any
   * @param seconds since training began
   */
  public record Epoch(int number, double trainLoss, Evaluation test, double seconds) {}

  public History {
    epochs = List.copyOf(epochs);
  }

  /** The last epoch. */
  public Epoch last() {
    return epochs.get(epochs.size() - 1);
  }
}
