// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.nn.Predictor;
import chainrule.nn.optimizer.Adam;
import java.util.Locale;

/**
 * Prints the time of a training step and of the prediction of one row in small networks, and the ratio to {@link
 * HandWritten}, which does the same arithmetic in plain loops. Both run on one thread, alternately, and must agree
 * before they are timed.
 */
public final class SmallTable {
  private static final int TURNS = 15;
  private static final double TURN_SECONDS = 0.02;
  /** Steps or predictions per timed call: many, because a call through an interface takes one or two nanoseconds. */
  private static final int CALLS = 64;

  private SmallTable() {}

  public static void main(String[] args) {
    Kernels kernels = Kernels.best().withThreads(1);
    System.out.printf("Java %s, %s, one thread%n", System.getProperty("java.version"), kernels.name());
    System.out.println("| network | step: µs | by hand | ratio | one row: ns | by hand | ratio |");
    System.out.println("|---|--:|--:|--:|--:|--:|--:|");
    for (String name : new String[] {"2-16-16-3/32 sgd", "4-8-3/16 adam"}) row(new StepCase(name), kernels);
  }

  private static void row(StepCase c, Kernels kernels) {
    check(c, kernels);
    StepCase.Stepper ours = c.stepper(kernels);
    HandWritten hand = hand(c, ours);
    int[] next = {0};
    Runnable oursSteps = () -> {
      for (int i = 0; i < CALLS; i++) ours.run(StepCase.TINY_RATE);
    };
    Runnable handSteps = () -> {
      for (int i = 0; i < CALLS; i++) {
        int row = next[0] * c.batch;
        next[0] = next[0] + 1 == c.batches ? 0 : next[0] + 1;
        hand.step(StepCase.TINY_RATE, c.batch, c.x, row * c.inputs(), c.y, row * c.outputs());
      }
    };
    Timing.warmUp(oursSteps);
    Timing.warmUp(handSteps);
    double[] step = Timing.medians(TURNS, TURN_SECONDS, oursSteps, handSteps);
    Predictor predictor = ours.network.predictor(1);
    double[] p = new double[c.outputs()], q = new double[c.outputs()];
    double[] one = Timing.medians(TURNS, TURN_SECONDS,
        () -> {
          for (int i = 0; i < CALLS; i++) predictor.predict(1, c.x, i * c.inputs(), p, 0);
        },
        () -> {
          for (int i = 0; i < CALLS; i++) hand.predict(c.x, i * c.inputs(), q, 0);
        });
    System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f | %.2f | %.0f | %.0f | %.2f |%n", c.name,
        step[0] / CALLS * 1e6, step[1] / CALLS * 1e6, step[0] / step[1],
        one[0] / CALLS * 1e9, one[1] / CALLS * 1e9, one[0] / one[1]);
  }

  private static HandWritten hand(StepCase c, StepCase.Stepper ours) {
    return new HandWritten(c.widths, ours.network.parameters(), c.optimizer instanceof Adam adam ? adam : null);
  }

  /** Checks that losses and predictions agree over a thousand steps at the real learning rate. */
  private static void check(StepCase c, Kernels kernels) {
    StepCase.Stepper ours = c.stepper(kernels);
    HandWritten hand = hand(c, ours);
    double rate = c.optimizer.rate();
    for (int s = 0; s < 1000; s++) {
      int row = s % c.batches * c.batch;
      requireClose(ours.run(rate), hand.step(rate, c.batch, c.x, row * c.inputs(), c.y, row * c.outputs()), c.name);
    }
    Predictor predictor = ours.network.predictor(1);
    double[] p = new double[c.outputs()], q = new double[c.outputs()];
    for (int i = 0; i < c.batch; i++) {
      predictor.predict(1, c.x, i * c.inputs(), p, 0);
      hand.predict(c.x, i * c.inputs(), q, 0);
      for (int j = 0; j < p.length; j++) requireClose(p[j], q[j], c.name);
    }
  }

  private static void requireClose(double ours, double hand, String name) {
    if (!(Math.abs(ours - hand) <= 1e-12)) {
      throw new IllegalStateException(name + ": Chainrule computes " + ours + ", the hand-written loops " + hand);
    }
  }
}
