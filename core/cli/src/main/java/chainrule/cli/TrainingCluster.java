// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.train.GradientSource;
import java.io.Serializable;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Machines on which {@code train}, {@code cv} and {@code tune} run their trainings: see {@link Main#run(List,
 * java.io.PrintStream, java.io.PrintStream, boolean, TrainingCluster)}. The command itself, its output and its files
 * stay on the machine that calls it. Results and model files have the bits of the same command on one machine, for any
 * number of machines and any order in which they answer.
 *
 * <p>An implementation moves data and calls functions; it knows nothing about networks. It needs Java's serialization:
 * tables, functions, tasks and results are serializable, and consist of classes of {@code chainrule.core} and
 * {@code chainrule.cli} only. Spec: TrainingClusterTest.
 */
public interface TrainingCluster {

  /**
   * What a worker computes. It is a function of the table and the task alone, so it may be computed again after a
   * failure, and more than once.
   *
   * @param <T> the task
   * @param <R> its result
   */
  interface TableFunction<T extends Serializable, R extends Serializable> extends Serializable {
    /**
     * Computes a task, on one thread. It throws an exception only for an internal error, and a
     * {@link java.util.concurrent.CancellationException} soon after the thread has been interrupted.
     *
     * @param table the table of {@link TrainingCluster#run}
     * @param task the task
     * @return its result
     */
    R apply(Table table, T task);
  }

  /**
   * {@return the data that an operand of the command line, or an option such as {@code --test}, names}
   *
   * @param name the operand, or the value of the option
   * @param options may set types, strings for missing values and the decimal mark; how lines are cut into cells is for
   *     the cluster to know
   * @throws chainrule.data.DataException with one line that says what is wrong and what to do
   * @throws ClusterException if the cluster cannot read it
   */
  Table table(String name, TableOptions options);

  /**
   * Computes tasks, in any order.
   *
   * @param <T> the tasks
   * @param <R> their results
   * @param table which a worker needs once, for all tasks
   * @param function computes a task
   * @param tasks the tasks
   * @param receiver is called with each result as soon as it arrives, once for each task, by the calling thread
   * @param stop a condition; when it is true, the method returns soon, and tasks without a result are abandoned
   * @throws ClusterException if the cluster cannot compute them
   */
  <T extends Serializable, R extends Serializable> void run(Table table, TableFunction<T, R> function, List<T> tasks,
      Consumer<R> receiver, BooleanSupplier stop);

  /**
   * {@return a source that divides the gradient of each batch among the workers, for {@code train --blocks}}
   *
   * @param rows the training rows
   * @throws ClusterException if the cluster cannot take them
   */
  GradientSource gradients(Dataset rows);
}
