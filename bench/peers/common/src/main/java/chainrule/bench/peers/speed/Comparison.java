// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.List;
import java.util.Optional;

/**
 * Compares the figures of a run with a stored one. A difference counts only if it exceeds the distance between the
 * quartiles in both runs, and 3 %, because starts of a JVM differ by more than the turns of one.
 *
 * @param stored null if there is no stored run of this kind of machine
 */
record Comparison(SpeedRun run, SpeedRun stored) {
  private static final double NOISE = 0.03;

  /** How a figure compares with the stored one. */
  enum Change {
    /** There is nothing to compare with. */
    UNKNOWN(""), SAME("as stored"), FASTER("faster than the stored run"), SLOWER("slower than the stored run");

    final String words;

    Change(String words) {
      this.words = words;
    }
  }

  /** Returns the stored figure, if both were measured. */
  Optional<Figure> storedFigure(Figure figure) {
    if (stored == null || !figure.isMeasured()) return Optional.empty();
    return stored.find(figure.key()).filter(Figure::isMeasured);
  }

  /** Returns how much better the figure is than the stored one: above 1, it is faster. */
  Optional<Double> ratio(Figure figure) {
    return storedFigure(figure).map(s -> {
      double ratio = figure.spread().median() / s.spread().median();
      return figure.goal().isUpperLimit() ? 1 / ratio : ratio;
    });
  }

  Change change(Figure figure) {
    Optional<Figure> other = storedFigure(figure);
    if (other.isEmpty() || !figure.isRelative()) return Change.UNKNOWN;
    Spread now = figure.spread(), before = other.get().spread();
    double noise = Math.max(NOISE * before.median(), Math.max(now.width(), before.width()));
    double difference = now.median() - before.median();
    if (!(Math.abs(difference) > noise)) return Change.SAME;
    return difference > 0 == figure.goal().isUpperLimit() ? Change.SLOWER : Change.FASTER;
  }

  /** Returns the figures that changed in this way. */
  List<Figure> figures(Change change) {
    return run.figures().stream().filter(f -> change(f) == change).toList();
  }
}
