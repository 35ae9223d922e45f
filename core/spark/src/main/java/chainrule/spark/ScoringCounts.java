// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.CellCounts;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.util.AccumulatorV2;

/**
 * The counts of each partition that was scored to its end. A partition that is scored again, by another action or
 * another attempt, replaces its counts, so no row counts twice.
 */
final class ScoringCounts extends AccumulatorV2<CellCounts, Map<Integer, CellCounts>> {
  private static final long serialVersionUID = 1;

  private final TreeMap<Integer, CellCounts> partitions = new TreeMap<>();

  @Override public synchronized boolean isZero() {
    return partitions.isEmpty();
  }

  @Override public synchronized AccumulatorV2<CellCounts, Map<Integer, CellCounts>> copy() {
    ScoringCounts copy = new ScoringCounts();
    copy.partitions.putAll(partitions);
    return copy;
  }

  @Override public synchronized void reset() {
    partitions.clear();
  }

  /** Adds the counts of the partition of the task that calls this. */
  @Override public synchronized void add(CellCounts counts) {
    partitions.put(TaskContext.getPartitionId(), counts);
  }

  @Override public synchronized void merge(AccumulatorV2<CellCounts, Map<Integer, CellCounts>> other) {
    partitions.putAll(other.value());
  }

  @Override public synchronized Map<Integer, CellCounts> value() {
    return new TreeMap<>(partitions);
  }
}
