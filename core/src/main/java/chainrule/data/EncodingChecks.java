// SPDX-License-Identifier: MIT
package chainrule.data;

import java.util.List;

/** Refuses input columns and targets whose parts do not fit together, such as those of a damaged file. */
final class EncodingChecks {
  private EncodingChecks() {}

  static void requireValid(InputColumn in) {
    requireScale(in.name(), in.mean(), in.deviation());
    if (!Double.isFinite(in.median()) || !Double.isFinite(in.filled())) {
      throw new IllegalArgumentException("encoding: column '" + Table.shown(in.name())
          + "': expected a finite median within reach of the mean, found " + in.median());
    }
    if (!in.isNumber() && in.pieces().count() > 0) {
      throw new IllegalArgumentException(
          "encoding: column '" + Table.shown(in.name()) + "': categories have no pieces");
    }
    boolean fits = in.isNumber() ? in.categories().isEmpty() && !in.missingCategory()
        : !in.categories().isEmpty() && !in.indicator();
    if (!fits) {
      throw new IllegalArgumentException("encoding: column '" + Table.shown(in.name())
          + "': expected numbers without categories, or ≥ 1 category without an indicator");
    }
  }

  static void requireValid(Target t) {
    int n = t.names().size();
    boolean fits = switch (t.task()) {
      case CLASSIFY -> n == 1 && t.labels().size() > 1 && t.means().isEmpty() && t.deviations().isEmpty();
      case REGRESS -> n > 0 && t.labels().isEmpty() && t.means().size() == n && t.deviations().size() == n;
      case MULTILABEL -> n > 0 && t.labels().isEmpty() && t.means().isEmpty() && t.deviations().isEmpty();
    };
    if (!fits || t.values().size() != (t.isMultilabel() ? n : 0)) {
      throw new IllegalArgumentException("encoding: expected one target with at least 2 classes, ≥ 1 named numeric "
          + "targets, or ≥ 1 named labels");
    }
    for (int j = 0; j < n; j++) requireScale(t.names().get(j), t.mean(j), t.deviation(j));
    for (List<String> pair : t.values()) {
      if (pair.size() != 2 || pair.get(0).equals(pair.get(1))) {
        throw new IllegalArgumentException("encoding: expected two different values for each label, found " + pair);
      }
    }
  }

  private static void requireScale(String name, double mean, double deviation) {
    if (!(Math.abs(mean) < Double.POSITIVE_INFINITY && deviation > 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "encoding: column '" + Table.shown(name) + "': expected a finite mean and a finite deviation > 0, found mean "
          + mean + " and deviation " + deviation);
    }
  }
}
