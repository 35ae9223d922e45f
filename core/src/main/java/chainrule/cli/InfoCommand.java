package chainrule.cli;

import chainrule.kernels.Kernels;
import chainrule.kernels.Selection;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** {@code info}: what this machine and JVM will compute with, why, and how to get faster. */
final class InfoCommand {
  /** Above it a fused multiply-add is emulated in software, which costs hundreds of nanoseconds. */
  private static final double SLOW_FMA_NANOS = 50;

  private final PrintStream out;

  InfoCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    if (!args.isEmpty()) {
      throw new UsageException("info MODEL does not work yet in this version; 'info' alone describes this machine");
    }
    Selection s;
    try {
      s = Selection.current();
    } catch (IllegalStateException e) {
      throw new UsageException(e.getMessage());
    }
    Kernels k = s.kernels();
    out.println("kernels     " + k.name() + ": " + s.reason());
    if (!s.remedy().isEmpty()) out.println("            " + s.remedy());
    double fma = fmaNanos();
    if (fma > SLOW_FMA_NANOS) {
      out.printf(Locale.ROOT,
          "            This processor or VM has no fused multiply-add (%.0f ns each): everything will be slow.%n", fma);
    }
    out.println("threads     " + Runtime.getRuntime().availableProcessors()
        + " on the command line unless --threads says otherwise; the library uses " + k.threads());
    out.println("java        " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + " ("
        + System.getProperty("java.vm.info") + ")");
    out.println("system      " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
        + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB heap at most");
    out.println("properties  -D" + Selection.KERNELS_PROPERTY + "=auto|scalar|128|256|512, -D" + Selection.THREADS_PROPERTY
        + "=N (through CHAINRULE_JAVA_OPTIONS)");
  }

  private static double fmaNanos() {
    int n = 20_000;
    double s = 0.5;
    long begin = System.nanoTime();
    for (int i = 0; i < n; i++) s = Math.fma(s, 0.999, 0.001 * i);
    double nanos = (double) (System.nanoTime() - begin) / n;
    return Double.isNaN(s) ? Double.NaN : nanos; // s is used, so the loop is run
  }
}
