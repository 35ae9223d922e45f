// SPDX-License-Identifier: MIT
package chainrule.kernels;

import java.util.Locale;

/**
 * Selects the kernels of this process, once, at first use.
 *
 * @param kernels the selected kernels, on {@code -Dchainrule.threads} threads (1 unless set)
 * @param reason one sentence that says why they were selected
 * @param remedy how to get faster kernels; empty if these are the fastest here
 */
public record Selection(Kernels kernels, String reason, String remedy) {
  /**
   * The system property that selects kernels: {@code auto} (the default), {@code scalar}, {@code 128}, {@code 256} or
   * {@code 512}. A value that is not available here is an error.
   */
  public static final String KERNELS_PROPERTY = "chainrule.kernels";
  /** The system property for the number of threads of {@link Kernels#best()}; 1 unless set. */
  public static final String THREADS_PROPERTY = "chainrule.threads";

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private static Selection current;

  /**
   * {@return the selection of this process}
   *
   * @throws IllegalStateException if a property requests kernels or threads that are not available
   */
  public static synchronized Selection current() {
    if (current == null) current = announce(choose(System.getProperty(KERNELS_PROPERTY, "auto"), requestedThreads()));
    return current;
  }

  private static Selection announce(Selection s) {
    System.getLogger("chainrule.kernels")
        .log(System.Logger.Level.DEBUG, "kernels " + s.kernels.name() + ": " + s.reason + " " + s.remedy);
    return s;
  }

  private static int requestedThreads() {
    String value = System.getProperty(THREADS_PROPERTY, "1");
    try {
      int threads = Integer.parseInt(value);
      if (threads >= 1) return threads;
    } catch (NumberFormatException e) {
      // reported below, like every other invalid value
    }
    throw new IllegalStateException("-D" + THREADS_PROPERTY + "=" + value + ": expected an integer ≥ 1");
  }

  /** Selects kernels for a value of {@link #KERNELS_PROPERTY} and a number of threads. */
  static Selection choose(String request, int threads) {
    Selection s = switch (request) {
      case "auto" -> automatic();
      case "scalar" -> new Selection(
          ScalarKernels.INSTANCE, "requested by -D" + KERNELS_PROPERTY + "=scalar.", "Omit the property.");
      case "128", "256", "512" -> forced(Integer.parseInt(request));
      default -> throw new IllegalStateException(
          "-D" + KERNELS_PROPERTY + "=" + request + ": expected auto, scalar, 128, 256 or 512");
    };
    String remedy = FMA_IS_AN_INSTRUCTION ? s.remedy : (s.remedy + " " + SLOW_FMA).strip();
    return new Selection(s.kernels.withThreads(threads), s.reason, remedy);
  }

  private static final boolean FMA_IS_AN_INSTRUCTION = fmaIsAnInstruction();
  private static final String SLOW_FMA = "Without hardware fused multiply-add, training is hundreds of times slower. "
      + "Use a processor that has it (x86 since 2013), and omit -XX:-UseFMA and -XX:UseAVX=0.";

  /**
   * Determines by timing whether the VM uses hardware fused multiply-add. Otherwise {@link Math#fma} computes the same
   * bits with BigDecimal, slowly, and vectors of them are slower still. Nothing in java.base exposes this, but the gap
   * is wide: 3 to 15 ns in hardware, even interpreted, against at least 500 ns.
   */
  private static boolean fmaIsAnInstruction() {
    double s = 0.5;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) { // the minimum ignores interruptions
      long start = System.nanoTime();
      for (int i = 0; i < 10; i++) s = Math.fma(s, 0.999, 0.001 * i);
      least = Math.min(least, System.nanoTime() - start);
    }
    return least < 1500 || Double.isNaN(s); // s is never NaN; the test keeps the loop alive
  }

  private static Selection automatic() {
    if (!isVectorModuleLoaded()) {
      return new Selection(ScalarKernels.INSTANCE, "the module " + VECTOR_MODULE + " is not loaded.",
          "Start java with --add-modules " + VECTOR_MODULE + ", or run from the module path.");
    }
    String weakness = compilerWeakness();
    if (!weakness.isEmpty()) {
      return new Selection(ScalarKernels.INSTANCE, weakness,
          "Use a HotSpot VM with its C2 compiler, or force vectors with -D" + KERNELS_PROPERTY + "=128|256|512.");
    }
    if (!FMA_IS_AN_INSTRUCTION) {
      return new Selection(ScalarKernels.INSTANCE,
          "this processor or VM computes fused multiply-adds in software, slowest in vectors.", "");
    }
    try {
      return VectorSelection.automatic();
    } catch (LinkageError e) {
      return new Selection(ScalarKernels.INSTANCE, "the Vector API of this JDK is incompatible: " + e + ".",
          "Use JDK 17 to 25.");
    }
  }

  private static Selection forced(int bits) {
    if (!isVectorModuleLoaded()) {
      throw new IllegalStateException("-D" + KERNELS_PROPERTY + "=" + bits + ": the module " + VECTOR_MODULE
          + " is not loaded; start java with --add-modules " + VECTOR_MODULE);
    }
    return VectorSelection.forced(bits);
  }

  static boolean isVectorModuleLoaded() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }

  /** Returns why this VM would run vectors as slow objects instead of instructions; empty if it compiles them. */
  private static String compilerWeakness() {
    String vm = System.getProperty("java.vm.name", "");
    String info = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
    if (!vm.contains("HotSpot") && !vm.contains("OpenJDK")) return "the VM '" + vm + "' is not HotSpot.";
    if (info.contains("interpreted")) return "the VM only interprets (-Xint).";
    if (info.contains("emulated-client")) return "the VM compiles with C1 only (-XX:TieredStopAtLevel).";
    return "";
  }

  /** The part of the selection that uses the Vector API; initialized only if its module is loaded. */
  private static final class VectorSelection {
    static Selection automatic() {
      if (Lanes.WIDEST_BITS < 128) {
        return new Selection(ScalarKernels.INSTANCE,
            "the VM offers vectors of only " + Lanes.WIDEST_BITS + " bits on this processor.", "");
      }
      Kernels lanes = VectorKernels.create();
      return new Selection(ScalarStart.isOn() ? new StartingKernels(lanes) : lanes,
          "the Vector API is loaded and this processor has lanes of " + Lanes.WIDEST_BITS + " bits.", "");
    }

    static Selection forced(int bits) {
      if (bits > Lanes.WIDEST_BITS) {
        throw new IllegalStateException("-D" + KERNELS_PROPERTY + "=" + bits
            + ": this processor, or this VM's -XX:UseAVX, has lanes of at most " + Lanes.WIDEST_BITS + " bits");
      }
      return new Selection(VectorKernels.create(), "requested by -D" + KERNELS_PROPERTY + "=" + bits + ".",
          bits < Lanes.WIDEST_BITS ? "Omit the property for lanes of " + Lanes.WIDEST_BITS + " bits." : "");
    }
  }
}
