// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import java.util.List;

/**
 * The positive one of two classes, which {@code --threshold}, F1, average precision and the curves are about. It is the
 * second class of the encoding, so a model stores it as the order of its labels.
 */
final class PositiveClass {
  private static final int MOST_CHARACTERS = 40;

  private PositiveClass() {}

  /**
   * Returns the labels in the order of the encoding: the class of {@code --positive} second.
   *
   * @param labels the labels of the data; empty if the target is not a class
   * @throws UsageException unless there are two classes and {@code --positive} names one of them, with {@code --from}
   *     the positive one of that model
   */
  static List<String> order(Arguments a, List<String> labels) {
    if (index(a, labels) == 1) return labels;
    if (a.has(Option.FROM)) {
      throw new UsageException("--positive: the positive class of the model of --from is '" + shown(labels.get(1))
          + "'; remove --positive");
    }
    return List.of(labels.get(1), labels.get(0));
  }

  /** Returns the index of the class of {@code --positive}; 1 without it. */
  static int index(Arguments a, List<String> labels) {
    if (!a.has(Option.POSITIVE)) return 1;
    if (labels.size() != 2) {
      throw new UsageException("--positive is for two classes, but the target "
          + (labels.isEmpty() ? "is not a class" : "has " + labels.size() + " classes") + "; remove it");
    }
    String label = a.value(Option.POSITIVE).get();
    int index = labels.indexOf(label);
    if (index >= 0) return index;
    throw new UsageException("--positive: expected one of the classes '" + shown(labels.get(0)) + "' and '"
        + shown(labels.get(1)) + "', found '" + shown(label) + "'" + SpellingHint.of(label, labels));
  }

  private static String shown(String label) {
    return Formatting.line(label, MOST_CHARACTERS);
  }
}
