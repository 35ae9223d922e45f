package chainrule.cli;

import chainrule.kernels.Kernels;
import chainrule.kernels.Selection;
import java.io.PrintStream;
import java.util.List;

/** {@code info [MODEL]}: what a model is; or what this machine and JVM compute with, why, and how to get faster. */
final class InfoCommand {
  private final PrintStream out;

  InfoCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.INFO, args);
    if (!a.words().isEmpty()) {
      String name = a.words(Command.INFO, "one model").get(0);
      ModelSummary.print(out, name, ModelData.model(name, a, 1));
      return;
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
    out.println("threads     " + Runtime.getRuntime().availableProcessors()
        + " on the command line unless --threads says otherwise; the library uses " + k.threads());
    out.println("java        " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + " ("
        + System.getProperty("java.vm.info") + ")");
    out.println("system      " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
        + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB heap at most");
    out.println("properties  -D" + Selection.KERNELS_PROPERTY + "=auto|scalar|128|256|512, -D" + Selection.THREADS_PROPERTY
        + "=N (through CHAINRULE_JAVA_OPTIONS)");
  }
}
