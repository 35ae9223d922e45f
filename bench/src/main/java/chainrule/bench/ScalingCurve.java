// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One size of a training step varied, everything else fixed.
 *
 * @param title what is varied, and what is fixed
 * @param points in the order of the size
 */
record ScalingCurve(String title, List<Point> points) {
  private static final int TURNS = 9;
  private static final double TURN_SECONDS = 0.01;

  /**
   * @param size the size that is varied
   * @param batch rows of a step
   * @param flops floating-point operations of its matrix products
   * @param seconds of a step, for each of the kernels that were measured
   */
  record Point(int size, int batch, double flops, double[] seconds) {
    /** GFLOP/s of the matrix products, everything else included in the time. */
    double rate(int kernels) {
      return flops / seconds[kernels] / 1e9;
    }

    double microsecondsPerSample(int kernels) {
      return seconds[kernels] / batch * 1e6;
    }
  }

  /** Measures a step of each size with all of the kernels, which take turns. */
  static ScalingCurve measure(String title, int[] sizes, IntFunction<String> step, Kernels... kernels) {
    List<Point> points = new ArrayList<>();
    for (int size : sizes) {
      StepCase c = new StepCase(step.apply(size));
      Runnable[] runs = new Runnable[kernels.length];
      for (int k = 0; k < runs.length; k++) {
        StepCase.Stepper stepper = c.stepper(kernels[k]);
        runs[k] = () -> stepper.run(StepCase.TINY_RATE);
      }
      points.add(new Point(size, c.batch, c.flops(), Timing.medians(TURNS, TURN_SECONDS, runs)));
    }
    return new ScalingCurve(title, points);
  }

  /** Whether a multiply-add takes more than 1.5 times what it takes one size below: growing made it worse. */
  boolean isCliff(int point, int kernels) {
    return point > 0 && points.get(point - 1).rate(kernels) > 1.5 * points.get(point).rate(kernels);
  }
}
