// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.cli.TrainingCluster.TableFunction;
import java.io.Serializable;

/** What an executor computes for a {@link SparkCluster}: the function of its table and of one task. */
record TableTask<T extends Serializable, R extends Serializable>(SharedTable table, TableFunction<T, R> function)
    implements TaskFunction<T, R> {

  @Override public R apply(T task) {
    return function.apply(table.get(), task);
  }
}
