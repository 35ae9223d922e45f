// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.ArrayList;
import java.util.List;

/** Collects the figures of a group. */
final class FigureList {
  /** Computes a figure from samples. */
  interface Source {
    Spread spread() throws NotMeasured;
  }

  private final String group;
  private final List<Figure> figures = new ArrayList<>();

  FigureList(String group) {
    this.group = group;
  }

  /** Adds a figure with a row of its own, or the reason why it was not measured. */
  void add(String name, String unit, Goal goal, Source source) {
    add(name, name, unit, goal, source);
  }

  /** Adds a figure, or the reason why it was not measured. */
  void add(String row, String name, String unit, Goal goal, Source source) {
    try {
      figures.add(new Figure(group, row, name, unit, goal, source.spread(), ""));
    } catch (NotMeasured e) {
      figures.add(new Figure(group, row, name, unit, goal, null, e.getMessage().replace('\t', ' ')));
    }
  }

  List<Figure> figures() {
    return List.copyOf(figures);
  }
}
