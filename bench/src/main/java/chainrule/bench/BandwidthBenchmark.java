// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
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
 * The memory-bound kernels, and one update of every optimizer, in cache and in memory (an array of 2²² elements has 32
 * MiB). Each is compared with the scalar kernels before it is timed. {@link BandwidthTable} prints the same as ratios.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xms1g"})
public class BandwidthBenchmark {
  @Param // all of them
  MemoryKernel kernel;

  @Param({"1000", "8192", "4194304"})
  int n;

  private Kernels kernels;
  private MemoryKernel.Buffers buffers;

  @Setup
  public void prepare() {
    kernels = Kernels.best();
    kernel.check(kernels, n);
    buffers = kernel.buffers(n);
  }

  @Benchmark
  public Object run() {
    kernel.run(kernels, buffers);
    return buffers;
  }
}
