// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** What an executor runs: the function on the one task of its partition. */
final class TaskRunner<T, R> extends AbstractFunction1<Iterator<T>, TaskOutcome> implements Serializable {
  private static final long serialVersionUID = 1;
  private final TaskFunction<? super T, ? extends R> function;

  TaskRunner(TaskFunction<? super T, ? extends R> function) {
    this.function = function;
  }

  @Override public TaskOutcome apply(Iterator<T> partition) {
    T task = partition.next();
    try {
      return TaskOutcome.of(function.apply(task));
    } catch (Exception e) {
      if (Deterministic.test(e)) return TaskOutcome.failed(e);
      throw TaskRunner.<RuntimeException>unchecked(new NamedTaskException(TaskContext.getPartitionId(), e));
    }
  }

  /** Throws a checked exception from a method of Scala, which declares none. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> E unchecked(Exception e) throws E {
    throw (E) e;
  }
}
