// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.cli.TrainingCluster.TableFunction;
import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Table;
import chainrule.train.DivergedException;
import chainrule.train.GradientSource;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A command's cluster and table, and the trainings on them. A training that fails because of its data or its settings
 * sends its exception as a result, since another attempt would fail as well. Then the trainings after it are abandoned,
 * and those before it continue. So the exception that is thrown in the end is that of the first training that fails, as
 * on one machine.
 */
record ClusterSession(TrainingCluster cluster, Table table) {

  /** A training with its place among the others. */
  private record Numbered<T extends Serializable>(int number, T task) implements Serializable {}

  /** The result of a training, or the exception with which it failed. */
  private record Outcome<R extends Serializable>(int number, R result, RuntimeException failure)
      implements Serializable {}

  /** Computes a training, and returns its failure as a result. */
  private record Attempt<T extends Serializable, R extends Serializable>(TableFunction<T, R> function)
      implements TableFunction<Numbered<T>, Outcome<R>> {

    @Override public Outcome<R> apply(Table table, Numbered<T> task) {
      try {
        R result = function.apply(table, task.task);
        if (Thread.currentThread().isInterrupted()) throw new CancellationException("the training was canceled");
        return new Outcome<>(task.number, result, null);
      } catch (UsageException | DataException | DivergedException e) {
        return new Outcome<>(task.number, null, e);
      }
    }
  }

  /** The outcomes so far. */
  private static final class Collected<R extends Serializable> {
    private final Consumer<R> receiver;
    private final List<R> results; // null where there is none yet
    private final BitSet ended = new BitSet();
    private Outcome<R> failed; // the first training that failed; null if none did

    Collected(int count, Consumer<R> receiver) {
      this.receiver = receiver;
      this.results = new ArrayList<>(Collections.nCopies(count, null));
    }

    synchronized void add(Outcome<R> outcome) {
      if (ended.get(outcome.number)) return;
      ended.set(outcome.number);
      if (outcome.failure == null) {
        results.set(outcome.number, outcome.result);
        receiver.accept(outcome.result);
      } else if (failed == null || outcome.number < failed.number) {
        failed = outcome;
      }
    }

    /** Returns whether a training has failed and all those before it have ended. */
    synchronized boolean isDecided() {
      return failed != null && ended.nextClearBit(0) > failed.number;
    }
  }

  /** Returns the session of a command whose data has been read; empty on one machine. */
  static Optional<ClusterSession> of(Optional<TrainingCluster> cluster, UnsplitData data) {
    return cluster.map(c -> new ClusterSession(c, data.table()));
  }

  /** Returns a source of gradients of these rows. */
  GradientSource gradients(Dataset rows) {
    return cluster.gradients(rows);
  }

  /**
   * Computes trainings.
   *
   * @param receiver is called with each result as soon as it arrives
   * @param stop a condition that abandons the trainings without a result
   * @return the results in the order of the tasks, without those of abandoned ones
   */
  <T extends Serializable, R extends Serializable> List<R> run(
      TableFunction<T, R> function, List<T> tasks, Consumer<R> receiver, BooleanSupplier stop) {
    List<Numbered<T>> numbered = new ArrayList<>();
    for (T task : tasks) numbered.add(new Numbered<>(numbered.size(), task));
    Collected<R> collected = new Collected<>(tasks.size(), receiver);
    cluster.run(table, new Attempt<>(function), numbered, collected::add,
        () -> collected.isDecided() || stop.getAsBoolean());
    if (collected.failed != null) throw collected.failed.failure;
    return collected.results.stream().filter(Objects::nonNull).toList();
  }
}
