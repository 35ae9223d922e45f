// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.nn.Predictor;
import java.util.Locale;

/**
 * Prints the time of a training step on one thread and on two, the share of its matrix products, and its memory. The
 * step and its products alone are timed alternately. Every step is checked before it is timed.
 *
 * <p>Argument: [a substring of the cases to measure].
 */
public final class StepTable {
  private static final String[] CASES = {
    "784-128-10/64 sgd", "784-128-10/64 adam", "1024-1024-1024-10/256 sgd", "2-16-16-3/32 sgd", "4-8-3/16 adam",
  };
  private static final int TURNS = 15;
  private static final double TURN_SECONDS = 0.02;

  private StepTable() {}

  public static void main(String[] args) {
    String only = args.length > 0 ? args[0] : "";
    int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    Kernels one = Kernels.best().withThreads(1), several = one.withThreads(threads);
    double peak = Timing.peakFlops();
    System.out.printf(Locale.ROOT, "Java %s, %s, FMA peak of one core %.1f GFLOP/s%n",
        System.getProperty("java.version"), one.name(), peak / 1e9);
    System.out.println("GFLOP/s and the share of the peak of one core count the matrix products only");
    System.out.printf("| step | µs, 1 thread | %d threads | ratio | GFLOP/s | of peak | products alone: µs | of peak "
        + "| the rest: µs | of the step |%n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|%n", threads);
    StringBuilder memory = new StringBuilder();
    for (String name : CASES) {
      if (name.contains(only)) memory.append(row(new StepCase(name), one, several, peak));
    }
    System.out.println("\n| step | parameters, gradients, state: KiB | z, a, δ: KiB | measured, all: KiB "
        + "| bytes allocated by a step | by a prediction |\n|---|--:|--:|--:|--:|--:|");
    System.out.print(memory);
  }

  /** Prints the row of times, and returns the row of the memory table. */
  private static String row(StepCase c, Kernels one, Kernels several, double peak) {
    c.check(one);
    c.check(several);
    long measured = StepMemory.measured(c, one);
    StepCase.Stepper step = c.stepper(one), shared = c.stepper(several);
    StepProducts products = new StepProducts(c, one);
    double[] t = Timing.medians(TURNS, TURN_SECONDS,
        () -> step.run(StepCase.TINY_RATE), () -> shared.run(StepCase.TINY_RATE), products::run);
    double rest = t[0] - t[2];
    System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f | %.2f | %.1f | %.2f | %.2f | %.2f | %.2f | %.0f %% |%n", c.name,
        t[0] * 1e6, t[1] * 1e6, t[0] / t[1], c.flops() / t[0] / 1e9, c.flops() / t[0] / peak, t[2] * 1e6,
        c.flops() / t[2] / peak, rest * 1e6, 100 * rest / t[0]);

    Predictor predictor = step.network.predictor(1);
    double[] p = new double[c.outputs()];
    Runnable prediction = () -> predictor.predict(1, c.x, 0, p, 0);
    Timing.warmUp(prediction);
    int steps = (int) Math.max(10, Math.min(10_000, 0.5 / t[0]));
    return String.format(Locale.ROOT, "| %s | %.1f | %.1f | %.1f | %.1f | %.1f |%n", c.name,
        StepMemory.ofParameters(c, step.network) / 1024.0, StepMemory.ofActivations(c, step.network) / 1024.0,
        measured / 1024.0, StepMemory.allocated(steps, () -> step.run(StepCase.TINY_RATE)),
        StepMemory.allocated(10_000, prediction));
  }
}
