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
 * @param outOfFold the predictions of the rows that were held out
 */
public record Ensemble(List<Member> members, OutOfFold outOfFold) {

  /**
   * A trained network.
   *
   * @param network has the weights of epoch {@link History#kept}
   */
  public record Member(Network network, History history) {
    /** Returns whether the member has completed an epoch; false only after an interruption. */
    public boolean isTrained() {
      return history.kept() > 0;
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
    /** Returns the rows of the training data that are predicted, in the order of the predictions. */
    public Dataset select(Dataset data) {
      return data.select(rows);
    }

    /** Returns the metrics of the predictions on the training data. */
    public Evaluation evaluate(Loss loss, Dataset data) {
      return Evaluation.of(loss, yhat, select(data));
    }
  }

  public Ensemble {
    members = List.copyOf(members);
  }

  /** Returns the networks of the members that are trained: all, unless training was interrupted. */
  public List<Network> networks() {
    return members.stream().filter(Member::isTrained).map(Member::network).toList();
  }

  /** Returns INTERRUPTED if one member was; else FINISHED if one member did all epochs; else STOPPED_EARLY. */
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
