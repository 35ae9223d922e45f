// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
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
 * Softmax, its gradient and log-sum-exp of 8,000 elements in rows of 10 or 1,000. Rows of the other length run first,
 * because code compiled for short rows once slowed down long ones.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
public class SoftmaxBenchmark {
  private static final int ELEMENTS = 8000, OTHER_ROWS_FIRST = 20_000;

  @Param // all of them
  MathLoops.Rows function;

  @Param({"10", "1000"})
  int cols;

  @Param({"vector"})
  String kernels;

  private Kernels k;
  private double[] x, g, y;

  @Setup
  public void prepare() {
    k = ElementaryBenchmark.chosen(kernels);
    SplittableRandom random = new SplittableRandom(1);
    x = random.doubles(ELEMENTS, function.from, function.to).toArray();
    g = random.doubles(ELEMENTS, 0.5, 1.5).toArray();
    y = new double[ELEMENTS];
    int other = cols == 10 ? 1000 : 10;
    for (int i = 0; i < OTHER_ROWS_FIRST; i++) function.kernel.run(k, 1, other, x, g, y);
    double[] expected = y.clone();
    function.kernel.run(ScalarKernels.INSTANCE, ELEMENTS / cols, cols, x, g, expected);
    function.kernel.run(k, ELEMENTS / cols, cols, x, g, y);
    ElementaryBenchmark.requireSame(expected, y, function);
  }

  @Benchmark
  public double[] rows() {
    function.kernel.run(k, ELEMENTS / cols, cols, x, g, y);
    return y;
  }
}
