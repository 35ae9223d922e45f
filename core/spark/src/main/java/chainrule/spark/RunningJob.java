// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import scala.Option;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * One job of {@link SparkJobs}. Spark's threads put outcomes into a queue; the calling thread takes them out. When none
 * arrives for a while, it checks for interrupts, the stop condition and lost executors.
 */
final class RunningJob<T, R> {
  private static final int CHECK_MILLIS = 100;
  private static final String INTERRUPT = "spark.job.interruptOnCancel";
  private static final String DESCRIPTION = "spark.job.description";

  /** The outcome of a task, or the end of the job if the outcome is null. */
  private record Event(int task, TaskOutcome outcome) {
    static final Event END = new Event(-1, null);
  }

  private final String what;
  private final int tasks;
  private final ResultReceiver<? super R> receiver;
  private final BooleanSupplier stop;
  private final ExecutorWatch watch;
  private final Consumer<ExecutorKernels> executors;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BitSet done = new BitSet();
  private TaskOutcome failure; // of the first task that failed deterministically
  private int failed = Integer.MAX_VALUE;

  RunningJob(String what, int tasks, ResultReceiver<? super R> receiver, BooleanSupplier stop, ExecutorWatch watch,
      Consumer<ExecutorKernels> executors) {
    this.what = what;
    this.tasks = tasks;
    this.receiver = receiver;
    this.stop = stop;
    this.watch = watch;
    this.executors = executors;
  }

  /** Runs the job on the first partitions, each of one element; see {@link SparkJobs#run}. */
  boolean await(RDD<T> rdd, TaskFunction<? super T, ? extends R> function) {
    SimpleFutureAction<Object> action = submit(rdd, function);
    boolean finished = false;
    try {
      finished = receive(action);
      return finished;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException(what + ": interrupted after " + done.cardinality() + " of " + tasks);
    } finally {
      if (!finished) action.cancel(Option.apply(what + ": canceled by the driver"));
    }
  }

  private SimpleFutureAction<Object> submit(RDD<T> rdd, TaskFunction<? super T, ? extends R> function) {
    SparkContext sc = rdd.context();
    List<Object> partitions = new ArrayList<>();
    for (int i = 0; i < tasks; i++) partitions.add(i);
    String interrupt = sc.getLocalProperty(INTERRUPT), description = sc.getLocalProperty(DESCRIPTION);
    sc.setLocalProperty(INTERRUPT, "true");
    sc.setLocalProperty(DESCRIPTION, tasks + " × " + what);
    try {
      SimpleFutureAction<Object> action = sc.submitJob(rdd, new TaskRunner<T, R>(function),
          CollectionConverters.asScala(partitions).toSeq(), (task, outcome) -> {
            events.add(new Event((Integer) task, outcome));
            return BoxedUnit.UNIT;
          }, () -> null);
      action.onComplete(end -> events.add(Event.END), ExecutionContext.parasitic$.MODULE$);
      return action;
    } catch (Exception e) { // Scala does not declare its checked exceptions
      throw FailureText.ofJob(what, tasks, e);
    } finally {
      sc.setLocalProperty(INTERRUPT, interrupt);
      sc.setLocalProperty(DESCRIPTION, description);
    }
  }

  private boolean receive(SimpleFutureAction<Object> action) throws InterruptedException {
    while (done.cardinality() < tasks) {
      Event event = events.poll(CHECK_MILLIS, TimeUnit.MILLISECONDS);
      if (event == null) {
        checkExecutors();
      } else if (event.outcome == null) {
        checkEnd(action);
      } else if (!take(event.task, event.outcome)) {
        return done.cardinality() == tasks;
      }
      if (failure != null && done.nextClearBit(0) >= failed) throw ofTask();
      if (done.cardinality() < tasks && stop.getAsBoolean()) return false;
    }
    return true;
  }

  /** Takes an outcome, and returns whether the job continues. */
  @SuppressWarnings("unchecked")
  private boolean take(int task, TaskOutcome outcome) {
    executors.accept(outcome.executor());
    done.set(task);
    if (outcome.isFailure()) {
      if (task < failed) {
        failed = task;
        failure = outcome;
      }
      return true;
    }
    return failure != null || receiver.receive(task, (R) outcome.value());
  }

  private SparkJobException ofTask() {
    return new SparkJobException(FailureText.taskName(what, failed, tasks) + ": " + failure.message(),
        failure.failure());
  }

  private void checkEnd(SimpleFutureAction<Object> action) {
    Try<Object> end = action.value().get();
    if (end.isFailure()) throw FailureText.ofJob(what, tasks, end.failed().get());
  }

  private void checkExecutors() {
    OptionalLong seconds = watch.exceeded();
    if (seconds.isEmpty()) return;
    throw new SparkJobException(what + ": " + (watch.everSeen() ? "no executor is left" : "no executor has started")
        + ", for " + seconds.getAsLong() + " s; " + done.cardinality() + " of " + tasks + " are done. Check the "
        + "cluster's workers and their logs, or allow more time with --conf " + SparkJobs.EXECUTOR_TIMEOUT + "=300s.",
        null);
  }
}
