// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.format.Formatting;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of a network's inputs and outputs: columns, categories, pixels and classes.
 *
 * @param inputs the names of the inputs, in order
 * @param outputs the names of the outputs, in order
 */
record UnitNames(List<String> inputs, List<String> outputs) {
  private static final int LONGEST = 40;

  static UnitNames of(TrainingRequest request) {
    Encoding encoding = request.data().encoding();
    Dataset train = request.plan().train();
    return new UnitNames(padded(inputs(encoding), "input ", train.inputs()),
        padded(outputs(encoding, train), "output ", train.outputs()));
  }

  private static List<String> inputs(Encoding encoding) {
    List<String> names = new ArrayList<>();
    Encoding.ImageSize size = encoding.imageSize().orElse(null);
    if (size != null) {
      for (int p = 0; p < size.height() * size.width(); p++) {
        names.add("pixel " + (p / size.width() + 1) + "," + (p % size.width() + 1));
      }
      return names;
    }
    for (InputColumn in : encoding.inputColumns()) {
      if (in.isNumber()) names.add(in.name());
      for (int k = 0; k < in.pieces().count(); k++) {
        names.add(in.name() + " " + Formatting.value(in.pieces().knot(k)) + "–"
            + Formatting.value(in.pieces().knot(k + 1)));
      }
      for (String category : in.categories()) names.add(in.name() + "=" + category);
      if (in.indicator() || in.missingCategory()) names.add(in.name() + " missing");
    }
    return names;
  }

  private static List<String> outputs(Encoding encoding, Dataset train) {
    if (!train.isClassification()) return encoding.target().names();
    return train.outputs() == 1 ? train.labels().subList(1, 2) : train.labels();
  }

  /** Returns exactly n printable names. */
  private static List<String> padded(List<String> names, String otherwise, int n) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      all.add(names.size() == n ? Formatting.line(Formatting.named(names.get(i)), LONGEST) : otherwise + (i + 1));
    }
    return all;
  }
}
