// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Arrays;
import java.util.Locale;

/** Checks the meaning of another framework's dropout by its outputs for inputs of 1. */
public final class RosettaDropout {
  private RosettaDropout() {}

  /**
   * Adds a line for outputs z [n]: the share p of them must be 0, up to five standard errors, and the rest 1/(1 − p).
   */
  public static void compare(RosettaReport report, String there, double[] z) {
    double p = RosettaSetting.DROP;
    double dropped = Arrays.stream(z).filter(v -> v == 0).count() / (double) z.length;
    double scale = Arrays.stream(z).filter(v -> v != 0).map(v -> Math.abs(v * (1 - p) - 1)).max().orElseThrow();
    boolean fits = Math.abs(dropped - p) <= 5 * Math.sqrt(p * (1 - p) / z.length) && scale <= RosettaReport.TOLERANCE;
    report.within(RosettaSetting.DROPOUT, "dropout p", there, fits ? scale : Double.NaN, RosettaReport.TOLERANCE,
        String.format(Locale.ROOT, "%.4f dropped for p = %s, the rest 1/(1 − p) within %s", dropped, p,
            RosettaReport.figure(scale)));
  }
}
