// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.explain.FormulaSheet;
import chainrule.explain.MazurExample;
import chainrule.explain.MazurExample.Mistake;
import chainrule.explain.MazurExample.Printed;
import chainrule.explain.Stage;
import chainrule.explain.StepStages;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code explain mazur}: the published example, each printed number next to the computed one. */
final class ExplainedMazur {
  private static final UnitNames NAMES = new UnitNames(List.of("i1", "i2"), List.of("o1", "o2"));

  private final Terminal terminal;
  private final FormulaSheet sheet;

  ExplainedMazur(Terminal terminal, FormulaSheet sheet) {
    this.terminal = terminal;
    this.sheet = sheet;
  }

  void run(Arguments a) {
    StepOutputs.requireWritable(a, List.of());
    PrintStream out = terminal.stream();
    MazurExample mazur = MazurExample.compute();
    out.println("example   Matt Mazur, A Step by Step Backpropagation Example, 2015");
    out.println("          " + MazurExample.LINK);
    out.println("network   2 → 2 sigmoid → 2 sigmoid, half the squared error, summed; gradient descent at rate 0.5");
    out.println("names     w1 to w4 are W1[1,1], W1[2,1], W1[1,2], W1[2,2]; w5 to w8 the same of W2. The biases are "
        + "frozen.");
    List<Stage> stages = StepStages.of(mazur.step(), 0, NAMES.inputs(), NAMES.outputs());
    new StepText(terminal, sheet).print(stages);
    out.println();
    out.println(terminal.bold("The printed numbers"));
    out.printf("    %-30s %-14s %s%n", "", "printed", "computed");
    long right = 0;
    for (Printed p : mazur.numbers()) {
      print(p);
      if (p.isRight()) right++;
    }
    out.println();
    out.println(right + " of the " + mazur.numbers().size() + " printed numbers are right to the last digit, "
        + (mazur.numbers().size() - right) + " are wrong, for " + mazur.mistakes().size() + " reasons:");
    for (int m = 0; m < mazur.mistakes().size(); m++) {
      Mistake mistake = mazur.mistakes().get(m);
      out.println();
      out.println((m + 1) + ". " + mistake.reason());
      for (Printed p : mistake.shown()) print(p);
    }
    StepOutputs.write(a, terminal, mazur.step(), 0, NAMES, "Mazur's example",
        Map.of("printed", mazur.numbers().stream().map(ExplainedMazur::json).toList()));
  }

  private static Map<String, Object> json(Printed p) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("what", p.what());
    json.put("printed", p.printed());
    json.put("computed", p.computed());
    json.put("right", p.isRight() ? "yes" : "no");
    return json;
  }

  private void print(Printed p) {
    terminal.stream().printf("  %s %-30s %-14s %s%n", p.isRight() ? "✓" : "✗", p.what(), p.printed(),
        p.computedDigits());
  }
}
