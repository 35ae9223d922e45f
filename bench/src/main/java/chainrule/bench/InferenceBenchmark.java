// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The prediction of a single row by a {@code Predictor}, on one thread. It is compared with the scalar kernels and with
 * {@code Network.predict}, to the bit, before it is timed. {@code -prof gc} shows that it allocates nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
public class InferenceBenchmark {
  /** Rows that are used in turn, so that branches cannot be predicted. */
  private static final int ROWS = 64;

  @Param({"784-128-10", "4-8-3"})
  String network;

  private Predictor predictor;
  private double[] x, p;
  private int inputs, next;

  @Setup
  public void prepare() {
    Network net = StepCase.network(StepCase.widths(network), Kernels.best().withThreads(1));
    inputs = net.inputs();
    x = new SplittableRandom(1).doubles((long) ROWS * inputs, -1, 1).toArray();
    predictor = net.predictor(1);
    p = new double[ROWS * net.outputs()];
    predictor.predict(ROWS, x, 0, p, 0);
    ElementaryBenchmark.requireSame(net.predict(x), p, network);
    Network reference = StepCase.network(StepCase.widths(network), ScalarKernels.INSTANCE);
    ElementaryBenchmark.requireSame(reference.predict(x), p, network);
  }

  @Benchmark
  public double[] row() {
    predictor.predict(1, x, next * inputs, p, 0);
    next = next + 1 & ROWS - 1;
    return p;
  }
}
