// SPDX-License-Identifier: MIT
package chainrule.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The metrics of one {@link FoldTask}, as plain data.
 *
 * @param metrics names and values, such as those of {@link HeldOutMetrics}; NaN where a metric is undefined
 */
public record FoldResult(int repeat, int fold, Map<String, Double> metrics) {
  public FoldResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
