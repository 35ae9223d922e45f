// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.Dataset;
import chainrule.kernels.Kernels;
import chainrule.nn.GradientSum;
import chainrule.nn.Network;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.random.CounterRandom;
import chainrule.train.GradientSource;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Measures what a job costs, and a step of synchronous training against the same step on the driver's machine. Prints
 * the median time, the least time, and the mean CPU time of the driver's process. With a {@code local} master the CPU
 * time contains that of the tasks, and shows the work on a machine that is busy with something else. Run it like
 * {@link SparkInfo}; README.md has the command.
 */
public final class SparkCost {
  private static final int MANY = 1000, SMALL = 100_000, LARGE = 1_900_000, BLOCK = 256, INPUTS = 784, CLASSES = 10;

  private final JavaSparkContext context;
  private final SparkJobs jobs;
  private final int tasks;

  private SparkCost(JavaSparkContext context) {
    this.context = context;
    this.jobs = SparkJobs.on(context);
    this.tasks = Math.max(2, jobs.cores());
  }

  /**
   * Prints the measurements, and exits with status 1 if the cluster fails. The master is that of spark-submit or of
   * {@code -Dspark.master=…}; {@code local[*]} without one.
   *
   * @param args ignored
   */
  public static void main(String[] args) {
    SparkSession.Builder builder = SparkSession.builder().appName("chainrule cost");
    if (System.getProperty("spark.master") == null) builder.master("local[*]");
    SparkSession spark = builder.getOrCreate();
    try {
      new SparkCost(JavaSparkContext.fromSparkContext(spark.sparkContext())).run();
    } catch (SparkJobException e) {
      System.err.println("chainrule: " + e.getMessage());
      spark.stop();
      System.exit(1);
    }
    spark.stop();
  }

  private void run() {
    System.out.printf(Locale.ROOT, "spark %s, %s, JDK %d, kernels %s, %d tasks per job%n%58s%10s%10s%n",
        context.version(), context.master(), Runtime.version().feature(), SparkKernels.get().name(), tasks,
        "median ms", "least", "CPU");
    SparkKernels.ofExecutors(jobs);
    measure("empty job", 200, () -> emptyJob(tasks));
    measure(String.format(Locale.ROOT, "empty job of %,d tasks", MANY), 5, () -> emptyJob(MANY));
    measure(String.format(Locale.ROOT, "job, %,d parameters to and from each task", SMALL), 40, () -> job(SMALL));
    measure(String.format(Locale.ROOT, "job, %,d parameters to and from each task", LARGE), 15, () -> job(LARGE));
    steps(1024, 8, 5, 128);
    steps(4096, 3, 2, 1024, 1024);
  }

  // ---------------------------------------------------------------- times

  /** Times in ms, and CPU times of this process, which have steps of 10 ms but a correct sum. */
  private static final class Times {
    private final List<Double> wall = new ArrayList<>();
    private double cpu;
    private long start;
    private long cpuStart;

    void start() {
      cpuStart = cpuNanos();
      start = System.nanoTime();
    }

    void stop() {
      wall.add((System.nanoTime() - start) / 1e6);
      cpu += (cpuNanos() - cpuStart) / 1e6;
    }

    private static long cpuNanos() {
      return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    void print(String name) {
      double[] sorted = wall.stream().mapToDouble(t -> t).sorted().toArray();
      double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
      System.out.printf(Locale.ROOT, "%-48s%10.1f%10.1f%10.1f%n", name, median, sorted[0], cpu / sorted.length);
    }
  }

  // ---------------------------------------------------------------- jobs

  /** Measures a job {@code count} times, after half as many times to warm up. */
  private static void measure(String name, int count, Runnable job) {
    Times times = new Times();
    for (int i = -count / 2; i < count; i++) {
      if (i >= 0) times.start();
      job.run();
      if (i >= 0) times.stop();
    }
    times.print(name);
  }

  private void emptyJob(int count) {
    jobs.run("task", IntStream.range(0, count).boxed().toList(), t -> t);
  }

  /** A step without computation: each task reads the parameters and returns one gradient, and the driver adds them. */
  private void job(int parameters) {
    StepRequest step = StepRequest.of(context, new GradientSource.Batch(1, 0, 0, null, 0, tasks, 1),
        new double[parameters]);
    GradientSum sum = new GradientSum(SparkKernels.get(), tasks, parameters);
    JavaRDD<Integer> numbers = context.parallelize(IntStream.range(0, tasks).boxed().toList(), tasks);
    int blocks = tasks;
    jobs.run("task", numbers, tasks, block -> {
      double[] g = new double[parameters];
      step.readParameters(g);
      GradientSum part = new GradientSum(SparkKernels.get(), blocks, parameters);
      part.add(block, 0, g);
      return part.toBytes();
    }, (task, part) -> {
      sum.merge(GradientSum.of(SparkKernels.get(), part));
      return true;
    });
    step.release(context);
  }

  // ---------------------------------------------------------------- steps

  private void steps(int batch, int stepsPerEpoch, int epochs, int... hidden) {
    int rows = batch * stepsPerEpoch;
    System.out.printf(Locale.ROOT, "%n%s, %,d parameters, %,d rows per step%n", network(Kernels.best(), hidden),
        network(Kernels.best(), hidden).parameters().length, batch);
    Dataset data = data(0, rows);
    for (int threads = 1; threads <= 2; threads++) {
      Network network = network(Kernels.best().withThreads(threads), hidden);
      Steps steps = new Steps();
      trainer(network, batch, steps).fit(data, epochs);
      steps.print("one machine, " + threads + (threads == 1 ? " thread" : " threads"));
    }
    try (SparkGradients gradients = SparkGradients.broadcast(context, data)) {
      train("Spark, broadcast rows", gradients, batch, epochs, hidden);
    }
    try (SparkGradients gradients = SparkGradients.partitioned(rows(context, rows, tasks))) {
      train("Spark, partitioned rows", gradients, batch, epochs, hidden);
    }
  }

  private void train(String name, SparkGradients gradients, int batch, int epochs, int... hidden) {
    Steps steps = new Steps();
    trainer(network(Kernels.best(), hidden), batch, steps).fit(gradients.tasks(tasks), null, epochs);
    steps.print(name);
  }

  private static Trainer trainer(Network network, int batch, TrainingListener listener) {
    return Trainer.of(network).batch(batch).blocks(BLOCK).optimizer(new GradientDescent(0.01)).listener(listener);
  }

  private static Network network(Kernels kernels, int... hidden) {
    Network.Builder b = Network.input(INPUTS).kernels(kernels);
    for (int units : hidden) b.dense(units, new Relu());
    return b.dense(CLASSES, new Softmax()).build(1);
  }

  private static Dataset data(int from, int rows) {
    double[] x = new double[rows * INPUTS], y = new double[rows * CLASSES];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.uniform(1, 0, (long) from * INPUTS + i);
    for (int i = 0; i < rows; i++) y[i * CLASSES + CounterRandom.below(CLASSES, 1, 1, from + i)] = 1;
    return Dataset.regression(INPUTS, x, CLASSES, y);
  }

  /** The same rows, made by executors. */
  private static JavaRDD<TrainingRow> rows(JavaSparkContext context, int rows, int partitions) {
    return context.parallelize(IntStream.range(0, rows).boxed().toList(), partitions).map(i -> {
      Dataset row = data(i, 1);
      return new TrainingRow(i, row.x(), row.y());
    });
  }

  /** The times of steps: those of an epoch's first step apart, since Spark then shuffles partitioned rows. */
  private static final class Steps implements TrainingListener {
    private final Times first = new Times();
    private final Times others = new Times();

    @Override public void onStep(int epoch, int step, int steps, double loss) {
      if (step > 1) others.stop();
      else if (epoch > 1) first.stop();
      if (step < steps) others.start();
    }

    @Override public void onEpoch(History.Epoch e) {
      first.start();
    }

    void print(String name) {
      others.print(name);
      first.print("    first step of an epoch");
    }
  }
}
