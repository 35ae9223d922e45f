// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs of independent tasks on Spark's executors and ends them in every case: with all results, or with one clear
 * line. What a task computes depends on the task only, so the results do not depend on the number of executors, on the
 * order in which they answer, on repeated attempts or on speculative copies.
 *
 * <p><b>Failures.</b> A task is not repeated after an exception that it would throw again: {@code DivergedException},
 * {@code DataException} and {@code IllegalArgumentException}. If several tasks throw one, the first task counts, not
 * the first answer. After any other exception, and after the loss of an executor, Spark repeats the task, up to {@code
 * spark.task.maxFailures} attempts (4 unless set; 1 with the master {@code local[n]}). Both end as a {@link
 * SparkJobException} that names the task.
 *
 * <p><b>No executors.</b> Spark waits forever for executors. A job ends with a {@link SparkJobException} if there was
 * none for {@code spark.chainrule.executorTimeout} (60s unless set).
 *
 * <p><b>Interrupts.</b> If the calling thread is interrupted, the job is canceled, and a {@link CancellationException}
 * is thrown; the thread's interrupt status is then set. Long tasks check {@link #isTaskCanceled} regularly.
 * May be used by several threads.
 */
public final class SparkJobs {
  /** The setting for the longest time without any live executor, for example {@code 300s}. */
  public static final String EXECUTOR_TIMEOUT = "spark.chainrule.executorTimeout";
  private static final String DEFAULT_EXECUTOR_TIMEOUT = "60s";

  private final JavaSparkContext context;
  private final BooleanSupplier stop;
  private final Duration executorTimeout;
  private final Map<String, ExecutorKernels> executors;

  private SparkJobs(JavaSparkContext context, BooleanSupplier stop, Duration executorTimeout,
      Map<String, ExecutorKernels> executors) {
    this.context = context;
    this.stop = stop;
    this.executorTimeout = executorTimeout;
    this.executors = executors;
  }

  /**
   * {@return jobs on the executors of a Spark context}
   *
   * @param context the Spark context
   * @throws IllegalArgumentException if {@code spark.chainrule.executorTimeout} is not a time
   */
  public static SparkJobs on(JavaSparkContext context) {
    long seconds;
    try {
      seconds = context.getConf().getTimeAsSeconds(EXECUTOR_TIMEOUT, DEFAULT_EXECUTOR_TIMEOUT);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(EXECUTOR_TIMEOUT + ": expected a time such as 60s or 5min, found '"
          + context.getConf().get(EXECUTOR_TIMEOUT) + "'", e);
    }
    return new SparkJobs(context, () -> false, Duration.ofSeconds(seconds), new ConcurrentSkipListMap<>());
  }

  /**
   * {@return the same with a condition that stops jobs}
   *
   * @param condition true to stop; the thread that runs a job checks it several times a second
   */
  public SparkJobs stoppedBy(BooleanSupplier condition) {
    return new SparkJobs(context, condition, executorTimeout, executors);
  }

  /**
   * {@return the same with another limit of the time without any executor}
   *
   * @param limit the time after which a job without a live executor fails
   */
  public SparkJobs withExecutorTimeout(Duration limit) {
    return new SparkJobs(context, stop, limit, executors);
  }

  /** {@return the Spark context} */
  public JavaSparkContext context() {
    return context;
  }

  /** {@return the number of live executors; 1 with a {@code local} master, where the driver is the executor} */
  public int liveExecutors() {
    return ExecutorWatch.live(context.sc());
  }

  /** {@return the number of tasks that run at the same time, as far as Spark knows; ≥ 1} */
  public int cores() {
    return Math.max(1, context.defaultParallelism());
  }

  /** {@return the executors that have returned a result so far} */
  public List<ExecutorKernels> executors() {
    return new ArrayList<>(executors.values());
  }

  /**
   * Runs a function on each task, each in a Spark task of its own.
   *
   * @param <T> the task, serializable
   * @param <R> its result, serializable
   * @param what what a task is, for messages and Spark's log: {@code fold} gives {@code fold 3 of 5: …}
   * @param tasks the tasks; may be empty
   * @param function computes the result of a task on an executor
   * @return the results in the order of the tasks
   * @throws SparkJobException if a task fails, if there is no executor for too long, or if Spark ends the job
   * @throws CancellationException if the job was stopped or the calling thread was interrupted
   * @throws IllegalStateException if the Spark context is stopped
   */
  public <T, R> List<R> run(String what, List<? extends T> tasks, TaskFunction<? super T, ? extends R> function) {
    Object[] results = new Object[tasks.size()];
    boolean complete = run(what, tasks, function, (task, result) -> {
      results[task] = result;
      return true;
    });
    if (!complete) throw new CancellationException(what + ": stopped before all " + tasks.size() + " were done");
    @SuppressWarnings("unchecked")
    List<R> list = (List<R>) Arrays.asList(results);
    return list;
  }

  /**
   * Runs a function on each task, and calls the receiver with each result as it arrives, in the calling thread. An
   * exception of the receiver cancels the job and is thrown.
   *
   * @param <T> the task, serializable
   * @param <R> its result, serializable
   * @param what what a task is, for messages and Spark's log: {@code fold} gives {@code fold 3 of 5: …}
   * @param tasks the tasks; may be empty
   * @param function computes the result of a task on an executor
   * @param receiver takes the results, and may end the job
   * @return whether all tasks were done; {@code false} if the receiver or the stop condition ended the job
   * @throws SparkJobException if a task fails, if there is no executor for too long, or if Spark ends the job
   * @throws CancellationException if the calling thread was interrupted
   * @throws IllegalStateException if the Spark context is stopped
   */
  public <T, R> boolean run(String what, List<? extends T> tasks, TaskFunction<? super T, ? extends R> function,
      ResultReceiver<? super R> receiver) {
    if (tasks.isEmpty()) return true;
    requireRunning(what);
    List<byte[]> bytes = new ArrayList<>();
    try {
      for (T task : tasks) bytes.add(Serialized.toBytes(task));
    } catch (IOException e) {
      throw FailureText.ofJob(what, tasks.size(), e);
    }
    return run(what, context.parallelize(bytes, tasks.size()), tasks.size(), onBytes(function), receiver);
  }

  /**
   * Runs a function on the first partitions of an RDD, and calls the receiver with each result as it arrives, in the
   * calling thread. Otherwise like {@link #run(String, List, TaskFunction, ResultReceiver)}, but Spark repeats a task
   * after every exception that it throws while it computes its partition.
   *
   * @param <T> the task
   * @param <R> its result, serializable
   * @param what what a task is, for messages and Spark's log: {@code fold} gives {@code fold 3 of 5: …}
   * @param partitions with one element each, which is the task
   * @param tasks the number of partitions to compute, at most those of the RDD
   * @param function computes the result of a task on an executor
   * @param receiver takes the results, and may end the job
   * @return whether all tasks were done; {@code false} if the receiver or the stop condition ended the job
   * @throws SparkJobException if a task fails, if there is no executor for too long, or if Spark ends the job
   * @throws CancellationException if the calling thread was interrupted
   * @throws IllegalStateException if the Spark context is stopped
   */
  public <T, R> boolean run(String what, JavaRDD<T> partitions, int tasks,
      TaskFunction<? super T, ? extends R> function, ResultReceiver<? super R> receiver) {
    requireRunning(what);
    ExecutorWatch watch = new ExecutorWatch(context.sc(), executorTimeout);
    return new RunningJob<T, R>(what, tasks, receiver, stop, watch, this::report).await(partitions.rdd(), function);
  }

  @SuppressWarnings("unchecked")
  private static <T, R> TaskFunction<byte[], R> onBytes(TaskFunction<? super T, ? extends R> function) {
    return task -> function.apply((T) Serialized.fromBytes(task));
  }

  /** @throws IllegalStateException if the Spark context is stopped */
  void requireRunning(String what) {
    if (context.sc().isStopped()) throw new IllegalStateException(what + ": the Spark context is stopped");
  }

  private void report(ExecutorKernels executor) {
    if (executors.put(executor.executor(), executor) != null) return;
    LoggerFactory.getLogger(SparkJobs.class).info("executor {} on {}: kernels {}, JDK {}", executor.executor(),
        executor.host(), executor.kernels(), executor.jdk());
  }

  /** {@return whether the task that calls this has been canceled, or is not needed because a copy of it was faster} */
  public static boolean isTaskCanceled() {
    TaskContext task = TaskContext.get();
    return Thread.currentThread().isInterrupted() || task != null && task.isInterrupted();
  }
}
