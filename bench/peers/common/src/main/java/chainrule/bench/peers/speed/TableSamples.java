// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.List;
import java.util.Map;

/**
 * What a table has recorded.
 *
 * @param samples the samples by name, as {@link chainrule.bench.Samples} reads them
 * @param output the lines that the table printed, where it says which engines it skipped
 * @param failure why the table failed; otherwise empty
 */
record TableSamples(Map<String, double[]> samples, List<String> output, String failure) {
  private static final String SKIPPED = " is skipped: ";

  static TableSamples failed(String reason) {
    return new TableSamples(Map.of(), List.of(), reason);
  }

  /** Returns the samples with this name, whose words include the engine. */
  double[] get(String name) throws NotMeasured {
    double[] values = samples.get(name);
    if (values != null && values.length > 0) return values;
    List<String> words = List.of(name.split(" "));
    for (String line : output) {
      int end = line.indexOf(SKIPPED);
      if (end < 0) continue;
      String engine = line.substring(0, end).replaceFirst("^- ", "").replaceFirst(",.*", "");
      if (words.contains(engine)) throw new NotMeasured(line.substring(end + SKIPPED.length()));
    }
    throw new NotMeasured(failure.isEmpty() ? "the table has no row for it" : failure);
  }
}
