// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.kernels.Kernels;
import chainrule.kernels.Selection;
import org.slf4j.LoggerFactory;

/** The kernels that an executor uses, reported once in its log. */
public final class SparkKernels {
  private SparkKernels() {}

  private static final class Chosen {
    static final Kernels KERNELS = report();

    private static Kernels report() {
      Selection s = Selection.current();
      LoggerFactory.getLogger(SparkKernels.class).info("kernels {}, {} threads, JDK {}: {} {}", s.kernels().name(),
          s.kernels().threads(), Runtime.version().feature(), s.reason(), s.remedy());
      return s.kernels();
    }
  }

  /** Returns the kernels of this JVM. The first call writes a line with their name and the reason to Spark's log. */
  public static Kernels get() {
    return Chosen.KERNELS;
  }
}
