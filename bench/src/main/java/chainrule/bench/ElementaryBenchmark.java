// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import java.util.Arrays;
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
 * exp, log, and every activation and its derivative, in cache: the time of a call for {@code size} elements. The
 * kernels are compared with the scalar ones, to the bit, before they are timed. {@code -prof gc} shows that a call
 * allocates nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
public class ElementaryBenchmark {
  @Param // all of them
  MathLoops.Function function;

  @Param({"1000", "8192"})
  int size;

  @Param({"vector"})
  String kernels;

  private Kernels k;
  private double[] x, g, y;

  @Setup
  public void prepare() {
    k = chosen(kernels);
    SplittableRandom random = new SplittableRandom(1);
    x = random.doubles(size, function.from, function.to).toArray();
    g = random.doubles(size, 0.5, 1.5).toArray();
    y = new double[size];
    double[] expected = new double[size];
    function.kernel.run(ScalarKernels.INSTANCE, size, x, g, expected);
    function.kernel.run(k, size, x, g, y);
    requireSame(expected, y, function);
  }

  @Benchmark
  public double[] elementwise() {
    function.kernel.run(k, size, x, g, y);
    return y;
  }

  static Kernels chosen(String kernels) {
    Kernels k = kernels.equals("scalar") ? ScalarKernels.INSTANCE : Kernels.best();
    if (!k.name().startsWith(kernels)) throw new IllegalStateException("requested " + kernels + ", found " + k.name());
    return k;
  }

  /** Throws unless both arrays are equal. */
  static void requireSame(double[] expected, double[] actual, Object what) {
    if (!Arrays.equals(expected, actual)) throw new IllegalStateException(what + ": expected and actual bits differ");
  }
}
