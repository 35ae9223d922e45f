// SPDX-License-Identifier: MIT
package chainrule.train;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one training of a cross-validation gave: names and numbers, which can be sent and stored as they are.
 *
 * @param task the training
 * @param rows the number of held-out rows
 * @param epoch the epoch whose weights were judged
 * @param metrics on the held-out rows, by name, such as those of {@link FoldMetrics}; NaN where one is not defined
 */
public record FoldResult(FoldTask task, int rows, int epoch, Map<String, Double> metrics) implements Serializable {
  /**
   * Copies the metrics.
   *
   * @param task the training
   * @param rows the number of held-out rows
   * @param epoch the epoch whose weights were judged
   * @param metrics by name; not null
   */
  public FoldResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
