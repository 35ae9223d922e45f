// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.kernels.Kernels;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Network;
import chainrule.nn.optimizer.Adam;
import chainrule.train.History;
import chainrule.train.Trainer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A complete small run as a user writes it: 784-128-10 on 2,000 synthetic digits, Adam, batches of 64, 2 epochs with
 * shuffling, and the accuracy on 500 other digits. Before it is timed, its result must equal that of the scalar kernels
 * to the bit, and its accuracy must exceed 0.5.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
public class TrainingBenchmark {
  private static final int[] WIDTHS = {784, 128, 10};
  private static final int EPOCHS = 2;

  @Param({"1", "2"})
  int threads;

  private final Dataset train = Generators.DIGITS.generate(2000, 1), test = Generators.DIGITS.generate(500, 2);
  private Network network;

  @Setup
  public void check() {
    Network reference = StepCase.network(WIDTHS, ScalarKernels.INSTANCE);
    fit(reference);
    build();
    double accuracy = fit(network).last().test().accuracy();
    ElementaryBenchmark.requireSame(reference.parameters(), network.parameters(), "a run of training");
    if (!(accuracy > 0.5)) throw new IllegalStateException("accuracy " + accuracy + ", expected more than 0.5");
  }

  @Setup(Level.Invocation)
  public void build() {
    network = StepCase.network(WIDTHS, Kernels.best().withThreads(threads));
  }

  private History fit(Network net) {
    return Trainer.of(net).optimizer(new Adam(1e-3)).batch(64).fit(train, test, EPOCHS);
  }

  @Benchmark
  public History run() {
    return fit(network);
  }
}
