// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.nn.Network;
import chainrule.nn.loss.Loss;
import java.util.List;
import java.util.Locale;

/**
 * What {@link EnsembleTrainer#fit} returns: the trained members and their out-of-fold predictions.
 *
 * @param members in the order of the folds
 * @param outOfFold the predictions of the rows that the {@link #averaged} members held out
 */
public record Ensemble(List<Member> members, OutOfFold outOfFold) {

  /**
   * A trained network.
   *
   * @param network has the weights of epoch {@link History#kept}
   * @param history the history of its training
   */
  public record Member(Network network, History history) {
    /** {@return whether the member has completed an epoch; false only after an interruption} */
    public boolean isTrained() {
      return history.kept() > 0;
    }

    private double heldOutLoss() {
      return history.keptEpoch().validation().loss();
    }
  }

  /**
   * Predictions of held-out rows. Each row is predicted by the one member that did not train on it, so their metrics
   * estimate those on new rows, without test data. The estimate is of single members; their mean is usually better. On
   * the other hand each member kept the epoch with the lowest loss on these rows, which makes the estimate slightly
   * optimistic.
   *
   * @param rows row numbers of the training data, in ascending order
   * @param yhat ŷ [rows × outputs], in the order of {@code rows}
   */
  public record OutOfFold(int[] rows, double[] yhat) {
    /**
     * {@return the rows of the training data that are predicted, in the order of the predictions}
     *
     * @param data the training data of the ensemble
     */
    public Dataset select(Dataset data) {
      return data.select(rows);
    }

    /**
     * {@return the metrics of the predictions}
     *
     * @param loss the loss to compute
     * @param data the training data of the ensemble
     */
    public Evaluation evaluate(Loss loss, Dataset data) {
      return Evaluation.of(loss, yhat, select(data));
    }
  }

  /**
   * Copies the list of members.
   *
   * @param members in the order of the folds
   * @param outOfFold the predictions of held-out rows
   */
  public Ensemble {
    members = List.copyOf(members);
  }

  /**
   * {@return the members to average: all of them, unless training was interrupted} After an interruption these are the
   * members that have ended. A member that was stopped is added if its loss on its own fold, in the epoch that it kept,
   * is at most the highest of those that have ended. If none has ended, all with a complete epoch are averaged.
   */
  public List<Member> averaged() {
    return averaged(members);
  }

  static List<Member> averaged(List<Member> members) {
    List<Member> ended = members.stream().filter(m -> m.history.end() != History.End.INTERRUPTED).toList();
    List<Member> trained = members.stream().filter(Member::isTrained).toList();
    if (ended.isEmpty()) return trained;
    double highest = ended.get(0).heldOutLoss();
    for (Member m : ended) if (History.isBetter(highest, m.heldOutLoss())) highest = m.heldOutLoss();
    double limit = highest;
    return trained.stream().filter(m -> ended.contains(m) || !History.isBetter(limit, m.heldOutLoss())).toList();
  }

  /** {@return the networks of the {@link #averaged} members} */
  public List<Network> networks() {
    return averaged().stream().map(Member::network).toList();
  }

  /** {@return INTERRUPTED if one member was; else FINISHED if one member did all epochs; else STOPPED_EARLY} */
  public History.End end() {
    List<History.End> ends = members.stream().map(m -> m.history().end()).toList();
    if (ends.contains(History.End.INTERRUPTED)) return History.End.INTERRUPTED;
    return ends.contains(History.End.FINISHED) ? History.End.FINISHED : History.End.STOPPED_EARLY;
  }

  /** Returns the number of members, how training ended and the kept epochs, for a log line. */
  @Override public String toString() {
    return members.size() + " members, " + end().name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + ", weights of epochs " + members.stream().map(m -> String.valueOf(m.history().kept())).toList();
  }
}
