// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.cli.TrainingCluster.TableFunction;
import java.io.Serializable;

/**
 * What an executor computes for a {@link SparkCluster}: the function of its table and of one task, which comes in
 * Java's serialization.
 */
record TableTask<T extends Serializable, R extends Serializable>(SharedTable table, TableFunction<T, R> function)
    implements TaskFunction<byte[], R> {

  @SuppressWarnings("unchecked")
  @Override public R apply(byte[] task) {
    return function.apply(table.get(), (T) ObjectBytes.read(task));
  }
}
