// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.explain.Formula;
import java.io.PrintStream;
import java.util.List;

/** {@code explain ID}: a formula, as printed and as implemented. */
final class ExplainedFormula {
  private final Terminal terminal;

  ExplainedFormula(Terminal terminal) {
    this.terminal = terminal;
  }

  void run(Arguments a, List<Formula> found) {
    PrintStream out = terminal.stream();
    if (found.size() > 1) {
      out.println(found.size() + " formulas match; explain one by its id:");
      for (Formula f : found) out.printf("  %-24s %s%n", f.id(), f.name() + "   " + f.field("formula"));
      return;
    }
    print(found.get(0));
  }

  private void print(Formula f) {
    PrintStream out = terminal.stream();
    out.println(terminal.bold(f.toString()));
    out.println("sheet           " + f.field("sheet") + ", " + f.field("section"));
    out.println("verdict         " + f.field("verdict"));
  }
}
