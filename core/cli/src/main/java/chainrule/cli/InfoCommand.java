// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.io.Version;
import chainrule.kernels.Kernels;
import chainrule.kernels.Selection;
import java.io.PrintStream;
import java.util.List;

/**
 * {@code info [MODEL]}: describes a model, or the kernels chosen on this machine and JVM and how to get faster ones.
 */
final class InfoCommand {
  private final PrintStream out;

  InfoCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.INFO, args);
    if (!a.operands().isEmpty()) {
      String name = a.operands(Command.INFO, "one model").get(0);
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
    out.println("chainrule   " + Version.CURRENT);
    out.println("kernels     " + k.name() + ": " + s.reason());
    if (!s.remedy().isEmpty()) out.println("            " + s.remedy());
    out.println("threads     " + Runtime.getRuntime().availableProcessors()
        + " on the command line (change it with --threads N); " + k.threads() + " in the library");
    out.println("java        " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + " ("
        + System.getProperty("java.vm.info") + ")");
    out.println("system      " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        + ", heap of at most " + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB");
    out.println("properties  -D" + Selection.KERNELS_PROPERTY + "=auto|scalar|128|256|512, -D"
        + Selection.THREADS_PROPERTY
        + "=N (pass them in CHAINRULE_JAVA_OPTIONS)");
  }
}
