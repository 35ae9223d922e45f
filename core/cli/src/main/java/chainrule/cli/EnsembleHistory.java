// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.train.Ensemble;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.History.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The mean of the histories of an ensemble's networks, as one history. A network that has ended counts with the epoch
 * whose weights it kept. In the last epoch this is true for all of them, so that epoch describes the whole ensemble.
 */
final class EnsembleHistory {
  private EnsembleHistory() {}

  /**
   * @param outOfFold the metrics of the out-of-fold predictions
   * @param test the metrics of the averaged outputs on the test rows; null if there are none
   * @param seconds the training time
   */
  static History of(Ensemble ensemble, Evaluation outOfFold, Evaluation test, double seconds) {
    List<History> trained = ensemble.averaged().stream().map(Ensemble.Member::history).toList();
    int last = trained.stream().mapToInt(h -> h.last().number()).max().orElse(0);
    List<Epoch> epochs = new ArrayList<>();
    for (int n = 1; n <= last; n++) {
      List<Epoch> current = new ArrayList<>();
      for (History h : trained) current.add(n < h.last().number() ? h.epochs().get(n - 1) : h.keptEpoch());
      double loss = mean(current, Epoch::trainLoss), rate = rate(trained, n);
      epochs.add(n < last ? new Epoch(n, loss, validation(current), null, rate, 0)
          : new Epoch(n, loss, outOfFold, test, rate, seconds));
    }
    return new History(epochs, ensemble.end(), last);
  }

  /** Returns the same history without the test, which only its last epoch has: for curves. */
  static History withoutTest(History h) {
    List<Epoch> epochs = h.epochs().stream().map(
        e -> new Epoch(e.number(), e.trainLoss(), e.validation(), null, e.rate(), e.seconds())).toList();
    return new History(epochs, h.end(), h.kept());
  }

  private static double rate(List<History> trained, int n) {
    return trained.stream().filter(h -> h.last().number() >= n).findFirst().orElseThrow().epochs().get(n - 1).rate();
  }

  private static Evaluation validation(List<Epoch> epochs) {
    return new Evaluation(mean(epochs, e -> e.validation().loss()), mean(epochs, e -> e.validation().accuracy()),
        mean(epochs, e -> e.validation().rmse()), mean(epochs, e -> e.validation().mae()),
        mean(epochs, e -> e.validation().r2()));
  }

  private static double mean(List<Epoch> epochs, ToDoubleFunction<Epoch> number) {
    return epochs.stream().mapToDouble(number).sum() / epochs.size();
  }
}
