// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.train.History;
import chainrule.train.TrainingDiagnostics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The numbers of each epoch as curves: those of one network, or the means over the networks of an ensemble with the
 * range of their numbers. A network that has ended counts with the epoch whose weights it kept.
 */
final class NetworkCurves {
  /** The numbers of epochs 1, 2, …; all three are equal for one network. NaN for epochs without a number. */
  record Curve(double[] mean, double[] low, double[] high) {}

  private final List<History> networks;
  private final List<TrainingDiagnostics> diagnostics;
  private final List<Map<Integer, TrainingDiagnostics.Epoch>> measured = new ArrayList<>();
  private final int epochs;

  /**
   * @param networks the history of each network; with several networks, each has at least one epoch
   * @param diagnostics of the same networks; empty if nothing was measured
   */
  NetworkCurves(List<History> networks, List<TrainingDiagnostics> diagnostics) {
    this.networks = networks;
    this.diagnostics = diagnostics;
    this.epochs = networks.stream().mapToInt(h -> h.epochs().size()).max().orElse(0);
    for (TrainingDiagnostics d : diagnostics) {
      Map<Integer, TrainingDiagnostics.Epoch> byNumber = new HashMap<>();
      for (TrainingDiagnostics.Epoch e : d.epochs()) byNumber.put(e.number(), e);
      measured.add(byNumber);
    }
  }

  /** Returns the number of networks. */
  int networks() {
    return networks.size();
  }

  /** Returns the numbers of the epochs whose weights the networks have, in ascending order. */
  List<Integer> kept() {
    return networks.stream().map(History::kept).sorted().toList();
  }

  /** Returns whether an epoch was measured. */
  boolean isMeasured() {
    return measured.stream().anyMatch(m -> !m.isEmpty());
  }

  /** Returns the diagnostics of the first network, whose layers are those of all. */
  TrainingDiagnostics diagnostics() {
    return diagnostics.get(0);
  }

  /** Returns whether epochs were not measured, as those before a run was resumed. */
  boolean isPartlyMeasured() {
    for (int m = 0; m < networks.size(); m++) {
      if (measured.get(m).size() < networks.get(m).epochs().size()) return true;
    }
    return false;
  }

  /** Returns the curve of a number of the histories. */
  Curve of(ToDoubleFunction<History.Epoch> number) {
    return curve((m, n) -> networks.get(m).epochs().get(n - 1), number);
  }

  /** Returns the curve of a measured number, over the networks that were measured in an epoch. */
  Curve measured(ToDoubleFunction<TrainingDiagnostics.Epoch> number) {
    return curve((m, n) -> measured.get(m).get(n), number);
  }

  private interface Source<E> {
    /** Returns the numbers of an epoch, counted from 1; null if there are none. */
    E epoch(int network, int number);
  }

  private <E> Curve curve(Source<E> source, ToDoubleFunction<E> number) {
    Curve c = new Curve(new double[epochs], new double[epochs], new double[epochs]);
    for (int n = 1; n <= epochs; n++) {
      double sum = 0, low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
      int found = 0;
      for (int m = 0; m < networks.size(); m++) {
        History h = networks.get(m);
        boolean ended = networks.size() > 1 && n >= h.epochs().size();
        E e = source.epoch(m, ended ? h.kept() : n);
        if (e == null) continue;
        double v = number.applyAsDouble(e);
        sum += v;
        low = Math.min(low, v);
        high = Math.max(high, v);
        found++;
      }
      c.mean[n - 1] = sum / found;
      c.low[n - 1] = found == 0 ? Double.NaN : low;
      c.high[n - 1] = found == 0 ? Double.NaN : high;
    }
    return c;
  }
}
