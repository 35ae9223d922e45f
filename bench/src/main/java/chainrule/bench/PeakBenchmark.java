// SPDX-License-Identifier: MIT
package chainrule.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The baseline loops: the time of one iteration of multiply-adds (16 vectors), divisions and square roots (8 vectors
 * each) on registers, and of the loops of loads and stores over n elements of each array.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xms1g"})
public class PeakBenchmark {
  private static final int TURNS = 1000;

  /** The arrays of the loops of loads and stores. */
  @State(Scope.Thread)
  public static class Memory {
    @Param({"READ", "READ_TWO", "FILL", "SCALE", "COPY", "TRIAD", "UPDATE", "UPDATE_TWO", "UPDATE_THREE"})
    MemoryKernel.AccessPattern pattern;

    @Param({"1024", "8192", "4194304"})
    int n;

    private MemoryKernel.Buffers buffers;

    /** Checks with sums of ones that the loops visit every element exactly once. */
    @Setup
    public void prepare() {
      double[] ones = new double[n], two = new double[n];
      java.util.Arrays.fill(ones, 1);
      MemoryLoops.triad(n, ones, ones, two);
      if (MemoryLoops.read(n, ones) != n || MemoryLoops.readTwo(n, ones, two) != 2.0 * n) {
        throw new IllegalStateException("a baseline loop skips elements");
      }
      buffers = new MemoryKernel.Buffers(n, pattern);
    }
  }

  @Benchmark
  public Object memory(Memory m) {
    m.pattern.baseline.on(m.buffers);
    return m.buffers;
  }

  @Benchmark
  @OperationsPerInvocation(TURNS)
  public double fma() {
    return PeakLoops.fma(TURNS);
  }

  @Benchmark
  @OperationsPerInvocation(TURNS)
  public double divide() {
    return PeakLoops.divide(TURNS);
  }

  @Benchmark
  @OperationsPerInvocation(TURNS)
  public double squareRoot() {
    return PeakLoops.squareRoot(TURNS);
  }
}
