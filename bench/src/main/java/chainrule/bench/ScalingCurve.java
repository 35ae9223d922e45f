// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Times of a training step over one varying size.
 *
 * @param title what varies, and what is fixed
 * @param points in ascending order of the size
 */
record ScalingCurve(String title, List<Point> points) {
  private static final int TURNS = 9;
  private static final double TURN_SECONDS = 0.01;

  /**
   * @param size the varying size
   * @param batch the rows of a step
   * @param flops the floating-point operations of its matrix products
   * @param seconds the time of a step, for each of the measured kernels
   */
  record Point(int size, int batch, double flops, double[] seconds) {
    /** Returns the GFLOP/s of the matrix products, relative to the time of the whole step. */
    double rate(int kernels) {
      return flops / seconds[kernels] / 1e9;
    }

    double microsecondsPerSample(int kernels) {
      return seconds[kernels] / batch * 1e6;
    }
  }

  /** Measures a step of each size with all kernels, alternately. */
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

  /** Whether a multiply-add takes more than 1.5 times as long as at the next smaller size. */
  boolean isCliff(int point, int kernels) {
    return point > 0 && points.get(point - 1).rate(kernels) > 1.5 * points.get(point).rate(kernels);
  }
}
