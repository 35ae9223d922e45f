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
 * One training step by {@code TrainingStep}: forward pass, backward pass and update. It is compared with the scalar
 * kernels, to the bit, before it is timed. {@code -prof gc} shows that a step allocates nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
public class StepBenchmark {
  @Param({"784-128-10/64 sgd", "784-128-10/64 adam", "1024-1024-1024-10/256 sgd", "2-16-16-3/32 sgd", "4-8-3/16 adam"})
  String step;

  @Param({"1", "2"})
  int threads;

  private StepCase.Stepper stepper;

  @Setup
  public void prepare() {
    StepCase c = new StepCase(step);
    Kernels kernels = Kernels.best().withThreads(threads);
    c.check(kernels);
    // Methods that a large step calls only a few times would take thousands of steps to be compiled.
    StepCase.Stepper small = new StepCase("64-64-64-10/64 " + c.optimizer.name()).stepper(kernels);
    Timing.warmUp(() -> small.run(StepCase.TINY_RATE));
    stepper = c.stepper(kernels);
  }

  @Benchmark
  public double step() {
    return stepper.run(StepCase.TINY_RATE);
  }
}
