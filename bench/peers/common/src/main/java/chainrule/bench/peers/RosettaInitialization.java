// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.nn.Initialization;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import java.util.Arrays;
import java.util.Locale;

/**
 * Compares initial weights by their distribution, since no two libraries draw the same numbers. A layer of 400 × 600
 * has weights enough: their standard deviation is known to 1/√(2n) = 0.0014, and the largest of n uniform weights is
 * within 12/n = 5e-5 of the limit (with probability 1 − e⁻¹²).
 */
public final class RosettaInitialization {
  public static final int FAN_IN = 400, FAN_OUT = 600;
  private static final int N = FAN_IN * FAN_OUT;

  private RosettaInitialization() {}

  /** Returns how the initialization is written in Chainrule, with its formula. */
  private static String here(Initialization initialization) {
    return switch (initialization) {
      case XAVIER_UNIFORM -> "`XAVIER_UNIFORM`: ±√(6/(in + out))";
      case XAVIER_NORMAL -> "`XAVIER_NORMAL`: σ = √(2/(in + out))";
      case HE_UNIFORM -> "`HE_UNIFORM`: ±√(6/in)";
      case HE_NORMAL -> "`HE_NORMAL`: σ = √(2/in)";
      case ZEROS -> "`ZEROS`";
    };
  }

  /** Adds the comparison with weights [240,000] of another framework, which must have the same distribution. */
  public static void same(RosettaReport report, Initialization initialization, String there, double[] theirs) {
    double[] ours = ours(initialization);
    if (initialization == Initialization.ZEROS) {
      report.within(RosettaSetting.INITIALIZATION, here(initialization), there, largest(theirs), 0, "all 0");
      return;
    }
    double spread = Math.abs(deviation(theirs) / deviation(ours) - 1);
    double limit = Math.abs(largest(theirs) / largest(ours) - 1);
    boolean uniform = initialization.name().endsWith("UNIFORM");
    double tolerance = 5 / Math.sqrt(N); // five standard errors of the ratio of two deviations
    boolean fits = spread <= tolerance && (!uniform || limit <= 24.0 / N);
    report.within(RosettaSetting.INITIALIZATION, here(initialization), there, fits ? spread : Double.NaN, tolerance,
        figure(spread, uniform ? limit : Double.NaN));
  }

  /** Adds the comparison with weights that look similar, but have another standard deviation or limit. */
  public static void differs(RosettaReport report, Initialization initialization, String there, double[] theirs) {
    double[] ours = ours(initialization);
    double ratio = deviation(theirs) / deviation(ours), limit = largest(theirs) / largest(ours);
    double difference = Math.max(Math.abs(ratio - 1), Math.abs(limit - 1));
    report.differs(RosettaSetting.INITIALIZATION, here(initialization), there, difference, 0.1,
        String.format(Locale.ROOT, "σ × %.3f, from %.4f to %.4f", ratio, Arrays.stream(theirs).min().orElseThrow(),
            Arrays.stream(theirs).max().orElseThrow()));
  }

  private static String figure(double spread, double limit) {
    String deviation = "σ " + RosettaReport.figure(spread);
    return Double.isNaN(limit) ? deviation : deviation + ", limit " + RosettaReport.figure(limit);
  }

  private static double[] ours(Initialization initialization) {
    double[] theta = Network.input(FAN_IN).dense(FAN_OUT, new Linear(), initialization).build(1).parameters();
    return Arrays.copyOf(theta, N);
  }

  private static double largest(double[] w) {
    return Arrays.stream(w).map(Math::abs).max().orElseThrow();
  }

  private static double deviation(double[] w) {
    double mean = Arrays.stream(w).average().orElseThrow();
    return Math.sqrt(Arrays.stream(w).map(v -> (v - mean) * (v - mean)).sum() / w.length);
  }
}
