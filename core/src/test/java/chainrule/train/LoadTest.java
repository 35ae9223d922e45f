// SPDX-License-Identifier: MIT
package chainrule.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.random.CounterRandom;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Concurrent and long runs: results are bit-identical to those of separate runs, and late epochs allocate no more than
 * early ones.
 */
class LoadTest {
  private static final int IN = 128, OUT = 10, BATCH = 128; // products of 128³ multiplications use several threads

  private static Network network(Kernels kernels, long seed) {
    return Network.input(IN).dense(128, new Relu()).dropout(0.1).dense(128, new Tanh()).dense(OUT, new Softmax())
        .kernels(kernels).build(seed);
  }

  private static double[] normals(int n, long seed) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) x[i] = CounterRandom.normal(seed, 1, i);
    return x;
  }

  /** Starts all tasks at once, each on its own thread, and returns their results. */
  private static List<double[]> together(List<Callable<double[]>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    try {
      List<Future<double[]>> futures = new ArrayList<>();
      for (Callable<double[]> task : tasks) {
        futures.add(threads.submit(() -> {
          start.await(30, TimeUnit.SECONDS);
          return task.call();
        }));
      }
      List<double[]> results = new ArrayList<>();
      for (Future<double[]> f : futures) results.add(f.get(120, TimeUnit.SECONDS));
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  @Test
  void aNetworkPredictsTheSameBitsOn64ThreadsAtOnce() throws Exception {
    double[] x = normals(3 * BATCH * IN, 7);
    for (int workers : new int[] {1, 2}) {
      Network net = network(Kernels.best().withThreads(workers), 3);
      double[] alone = net.predict(x);
      List<Callable<double[]>> tasks = new ArrayList<>();
      for (int t = 0; t < 64; t++) {
        boolean whole = t % 2 == 0;
        tasks.add(() -> whole ? net.predict(x) : rowsOf(net, x));
      }
      for (double[] y : together(tasks)) assertArrayEquals(bits(alone), bits(y), workers + " workers");
    }
  }

  /** Predicts in batches of another size, with a new predictor. */
  private static double[] rowsOf(Network net, double[] x) {
    int n = x.length / IN, size = 100;
    double[] y = new double[n * OUT];
    Predictor p = net.predictor(size);
    for (int from = 0; from < n; from += size) p.predict(Math.min(size, n - from), x, from * IN, y, from * OUT);
    return y;
  }

  /** Trains eight networks concurrently: on shared kernels, on separate worker threads, and on one thread. */
  @Test
  void concurrentTrainersGiveTheBitsOfSeparateRuns() throws Exception {
    Kernels one = Kernels.best().withThreads(1), shared = Kernels.best().withThreads(2),
        three = Kernels.best().withThreads(3);
    Kernels[] kernels = {one, shared, shared, shared, three, three, Kernels.best().withThreads(2), one};
    List<double[]> alone = new ArrayList<>();
    List<Callable<double[]>> tasks = new ArrayList<>();
    for (int t = 0; t < kernels.length; t++) {
      int trainer = t;
      alone.add(trained(one, t));
      tasks.add(() -> trained(kernels[trainer], trainer));
    }
    for (int round = 0; round < 2; round++) {
      List<double[]> concurrent = together(tasks);
      for (int t = 0; t < kernels.length; t++) {
        assertArrayEquals(bits(alone.get(t)), bits(concurrent.get(t)), "trainer " + t + " in round " + round);
      }
    }
    assertEquals(kernels.length, alone.stream().map(Arrays::hashCode).distinct().count(), "the networks differ");
  }

  private static double[] trained(Kernels kernels, int trainer) {
    int rows = 3 * BATCH + trainer;
    Dataset d = Dataset.classification(
        IN, normals(rows * IN, trainer), IntStream.range(0, rows).map(i -> i % OUT).toArray(),
        IntStream.range(0, OUT).mapToObj(Integer::toString).toList());
    Network net = network(kernels, 100 + trainer);
    Trainer.of(net).loss(new CategoricalCrossEntropy()).seed(trainer).batch(BATCH)
        .optimizer(trainer % 2 == 0 ? new Adam(0.01) : new GradientDescent(0.1)).fit(d, d, 4);
    return net.parameters();
  }

  /**
   * Each epoch is appended to the history. Copying the earlier ones would allocate about 70 KB per epoch here.
   */
  @Test
  void aLateEpochAllocatesNoMoreThanAnEarlyOne() {
    Dataset d = Generators.SPIRALS.generate(8, 1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int epochs = 20_000, window = 1000;
    long[] allocated = new long[epochs / window + 1];
    Network net = Network.input(2).dense(3, new Tanh()).dense(3, new Softmax()).build(1);
    Trainer.of(net).batch(8).listener(new TrainingListener() {
      @Override public void onEpoch(History.Epoch e) {
        if (e.number() % window == 0) allocated[e.number() / window] = threads.getCurrentThreadAllocatedBytes();
      }
    }).fit(d, d, epochs);
    int last = epochs / window;
    long early = allocated[3] - allocated[2], late = allocated[last] - allocated[last - 1];
    assertTrue(late < early + 1_000_000, () -> "bytes of " + window + " epochs: early " + early + ", late " + late);
  }
}
