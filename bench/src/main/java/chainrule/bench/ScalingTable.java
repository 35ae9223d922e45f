// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints how the time of a training step grows with the width and depth of a network and with the batch, on one thread
 * and on two: time per sample, and GFLOP/s of the matrix products. {@code !} marks a cliff, a size where a multiply-add
 * takes more than 1.5 times as long as at the next smaller size.
 *
 * <p>Argument: [an SVG file for the chart].
 */
public final class ScalingTable {
  private static final int[] WIDTHS = {
    8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048,
  };
  private static final int[] DEPTHS = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final int[] BATCHES = {
    1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024,
  };

  private ScalingTable() {}

  public static void main(String[] args) throws IOException {
    int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    Kernels one = Kernels.best().withThreads(1), several = one.withThreads(threads);
    new StepCase("100-100-10/50 sgd").check(several);
    for (String warm : new String[] {"8-8-8/64 sgd", "64-64-64/64 sgd", "100-100-10/3 sgd"}) { // warms up the JVM
      StepCase.Stepper stepper = new StepCase(warm).stepper(several);
      Timing.warmUp(() -> stepper.run(StepCase.TINY_RATE));
    }
    double peak = Timing.peakFlops() / 1e9;
    String machine = String.format(Locale.ROOT, "Java %s, %s, FMA peak of one core %.1f GFLOP/s",
        System.getProperty("java.version"), one.name(), peak);
    System.out.println(machine);
    Kernels[] kernels = threads == 1 ? new Kernels[] {one} : new Kernels[] {one, several};
    List<ScalingCurve> curves = List.of(
        print(ScalingCurve.measure("width w: w-w-w, batch 64", WIDTHS, w -> w + "-" + w + "-" + w + "/64 sgd",
            kernels)),
        print(ScalingCurve.measure("layers: 256 wide, batch 64", DEPTHS, d -> "256" + "-256".repeat(d) + "/64 sgd",
            kernels)),
        print(ScalingCurve.measure("batch: 784-128-10", BATCHES, b -> "784-128-10/" + b + " sgd", kernels)));
    if (args.length > 0) Files.writeString(Path.of(args[0]), ScalingChart.of(machine, peak, curves));
  }

  private static ScalingCurve print(ScalingCurve curve) {
    int kernels = curve.points().get(0).seconds().length;
    System.out.printf("%n| %s | µs per sample, 1 thread | GFLOP/s |%s%n|--:|--:|--:|%s%n", curve.title(),
        kernels > 1 ? " 2 threads | GFLOP/s |" : "", kernels > 1 ? "--:|--:|" : "");
    for (int p = 0; p < curve.points().size(); p++) {
      ScalingCurve.Point point = curve.points().get(p);
      StringBuilder row = new StringBuilder("| " + point.size() + " |");
      for (int k = 0; k < kernels; k++) {
        row.append(String.format(Locale.ROOT, " %.3f | %.1f%s |", point.microsecondsPerSample(k), point.rate(k),
            curve.isCliff(p, k) ? " !" : ""));
      }
      System.out.println(row);
    }
    return curve;
  }
}
