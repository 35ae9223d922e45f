package chainrule.kernels;

import java.util.Locale;

/**
 * Which kernels this process uses, why, and how to get the fast ones: decided once, at first use.
 *
 * @param kernels the choice, spread over {@code -Dchainrule.threads} threads (1 unless set)
 * @param reason one sentence: why this choice
 * @param remedy how to get faster ones; empty when these are the fastest here
 */
public record Selection(Kernels kernels, String reason, String remedy) {
  /**
   * {@code auto} (the default), {@code scalar}, {@code 128}, {@code 256} or {@code 512}; an impossible wish is an
   * error.
   */
  public static final String KERNELS_PROPERTY = "chainrule.kernels";
  /** The number of threads of {@link Kernels#best()}; 1 unless set. */
  public static final String THREADS_PROPERTY = "chainrule.threads";

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private static Selection current;

  /**
   * The selection of this process.
   * @throws IllegalStateException if a property asks for what this VM or processor does not have
   */
  public static synchronized Selection current() {
    if (current == null) current = announce(choose(System.getProperty(KERNELS_PROPERTY, "auto"), threadsWish()));
    return current;
  }

  private static Selection announce(Selection s) {
    System.getLogger("chainrule.kernels")
        .log(System.Logger.Level.DEBUG, "kernels " + s.kernels.name() + ": " + s.reason + " " + s.remedy);
    return s;
  }

  private static int threadsWish() {
    String wish = System.getProperty(THREADS_PROPERTY, "1");
    try {
      int threads = Integer.parseInt(wish);
      if (threads >= 1) return threads;
    } catch (NumberFormatException e) {
      // answered below, like every other bad value
    }
    throw new IllegalStateException("-D" + THREADS_PROPERTY + "=" + wish + ": expected a whole number from 1 on");
  }

  static Selection choose(String wish, int threads) {
    Selection s = switch (wish) {
      case "auto" -> automatic();
      case "scalar" -> new Selection(
          ScalarKernels.INSTANCE, "asked for by -D" + KERNELS_PROPERTY + "=scalar.", "Leave the property out.");
      case "128", "256", "512" -> forced(Integer.parseInt(wish));
      default -> throw new IllegalStateException(
          "-D" + KERNELS_PROPERTY + "=" + wish + ": expected auto, scalar, 128, 256 or 512");
    };
    String remedy = FMA_IS_AN_INSTRUCTION ? s.remedy : (s.remedy + " " + SLOW_FMA).strip();
    return new Selection(s.kernels.withThreads(threads), s.reason, remedy);
  }

  private static final boolean FMA_IS_AN_INSTRUCTION = fmaIsAnInstruction();
  private static final String SLOW_FMA = "Without fused multiply-adds in hardware training is hundreds of times "
      + "slower: use a processor that has them (x86 from 2013 on), and no -XX:-UseFMA or -XX:UseAVX=0.";

  /**
   * Whether the VM has fused multiply-adds in hardware. Without them {@link Math#fma} calculates with BigDecimal: the
   * same bits, slowly, and in vectors slower still. Nothing in java.base tells, but the gap is wide: 3 to 15 ns even
   * when interpreted, against 500 ns at the very least.
   */
  private static boolean fmaIsAnInstruction() {
    double s = 0.5;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) { // the least of many, so that no interruption counts
      long begin = System.nanoTime();
      for (int i = 0; i < 10; i++) s = Math.fma(s, 0.999, 0.001 * i);
      least = Math.min(least, System.nanoTime() - begin);
    }
    return least < 1500 || Double.isNaN(s); // s is no NaN; asked, so that the loop is run
  }

  private static Selection automatic() {
    if (!vectorModuleIsThere()) {
      return new Selection(ScalarKernels.INSTANCE, "the module " + VECTOR_MODULE + " is not loaded.",
          "Start java with --add-modules " + VECTOR_MODULE + ", or run from the module path.");
    }
    String weakness = weaknessOfCompiler();
    if (!weakness.isEmpty()) {
      return new Selection(ScalarKernels.INSTANCE, weakness,
          "Use a HotSpot VM with its C2 compiler, or force lanes with -D" + KERNELS_PROPERTY + "=128|256|512.");
    }
    if (!FMA_IS_AN_INSTRUCTION) {
      return new Selection(ScalarKernels.INSTANCE,
          "this processor or VM does fused multiply-adds in software, worst of all in vectors.", "");
    }
    try {
      return VectorSelection.automatic();
    } catch (LinkageError e) {
      return new Selection(ScalarKernels.INSTANCE, "the Vector API of this JDK does not fit: " + e + ".",
          "Use JDK 17 to 25.");
    }
  }

  private static Selection forced(int bits) {
    if (!vectorModuleIsThere()) {
      throw new IllegalStateException("-D" + KERNELS_PROPERTY + "=" + bits + ": the module " + VECTOR_MODULE
          + " is not loaded; start java with --add-modules " + VECTOR_MODULE);
    }
    return VectorSelection.forced(bits);
  }

  static boolean vectorModuleIsThere() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }

  /** Why this VM would run vectors as slow objects instead of instructions; empty if it would not. */
  private static String weaknessOfCompiler() {
    String vm = System.getProperty("java.vm.name", "");
    String info = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
    if (!vm.contains("HotSpot") && !vm.contains("OpenJDK")) return "the VM '" + vm + "' is not HotSpot.";
    if (info.contains("interpreted")) return "the VM only interprets (-Xint).";
    if (info.contains("emulated-client")) return "the VM compiles with C1 only (-XX:TieredStopAtLevel).";
    return "";
  }

  /** All that touches the Vector API on the way to a choice: loaded only when the module is there. */
  private static final class VectorSelection {
    static Selection automatic() {
      if (Lanes.WIDEST_BITS < 128) {
        return new Selection(ScalarKernels.INSTANCE,
            "the VM offers lanes of " + Lanes.WIDEST_BITS + " bits on this processor.", "");
      }
      return new Selection(VectorKernels.create(),
          "the Vector API is loaded and this processor has lanes of " + Lanes.WIDEST_BITS + " bits.", "");
    }

    static Selection forced(int bits) {
      if (bits > Lanes.WIDEST_BITS) {
        throw new IllegalStateException("-D" + KERNELS_PROPERTY + "=" + bits
            + ": this processor, or this VM's -XX:UseAVX, has lanes of " + Lanes.WIDEST_BITS + " bits at most");
      }
      return new Selection(VectorKernels.create(), "asked for by -D" + KERNELS_PROPERTY + "=" + bits + ".",
          bits < Lanes.WIDEST_BITS ? "Leave the property out for lanes of " + Lanes.WIDEST_BITS + " bits." : "");
    }
  }
}
