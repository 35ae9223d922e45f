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
 * C += A·B, Aᵀ·B and A·Bᵀ of square matrices and in the shapes of a network's layers. A product has 2·m·n·k
 * floating-point operations. The kernels are compared with the scalar ones before they are timed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
public class MatmulBenchmark {
  /** m × n × k. */
  @Param({"64x64x64", "256x256x256", "512x512x512", "1024x1024x1024", "64x128x784", "64x10x128", "1x128x784"})
  String shape;

  /** A·B, Aᵀ·B or A·Bᵀ. */
  @Param({"AB", "ATB", "ABT"})
  String form;

  @Param({"1"})
  int threads;

  @Param({"vector"})
  String kernels;

  private Kernels k;
  private int m, n, p;
  private double[] a, b, c;

  @Setup
  public void prepare() {
    String[] sizes = shape.split("x");
    m = Integer.parseInt(sizes[0]);
    n = Integer.parseInt(sizes[1]);
    p = Integer.parseInt(sizes[2]);
    k = ElementaryBenchmark.chosen(kernels).withThreads(threads);
    SplittableRandom random = new SplittableRandom(1);
    a = random.doubles((long) m * p, -1, 1).toArray();
    b = random.doubles((long) p * n, -1, 1).toArray();
    c = new double[m * n];
    check();
    java.util.Arrays.fill(c, 0);
  }

  /** Throws unless the result has the bits of the scalar kernels. */
  private void check() {
    double[] expected = new double[m * n];
    run(ScalarKernels.INSTANCE, expected);
    run(k, c);
    ElementaryBenchmark.requireSame(expected, c, form + " " + shape);
  }

  private void run(Kernels kernels, double[] to) {
    switch (form) {
      case "AB" -> kernels.matmul(m, n, p, a, 0, p, b, 0, n, to, 0, n);
      case "ATB" -> kernels.matmulTransposedA(m, n, p, a, 0, m, b, 0, n, to, 0, n);
      case "ABT" -> kernels.matmulTransposedB(m, n, p, a, 0, p, b, 0, p, to, 0, n);
      default -> throw new IllegalStateException("form " + form + ": expected AB, ATB or ABT");
    }
  }

  @Benchmark
  public double[] matmul() {
    run(k, c);
    return c;
  }
}
