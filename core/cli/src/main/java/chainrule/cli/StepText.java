// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.explain.Formula;
import chainrule.explain.FormulaSheet;
import chainrule.explain.Line;
import chainrule.explain.Stage;
import chainrule.format.Formatting;
import java.io.PrintStream;
import java.util.List;

/** Prints the stages of a step. On a terminal, long sums continue on the next line. */
final class StepText {
  private static final String INDENT = "    ";

  private final Terminal terminal;
  private final FormulaSheet sheet;

  StepText(Terminal terminal, FormulaSheet sheet) {
    this.terminal = terminal;
    this.sheet = sheet;
  }

  void print(List<Stage> stages) {
    PrintStream out = terminal.stream();
    for (int s = 0; s < stages.size(); s++) {
      Stage stage = stages.get(s);
      out.println();
      out.println(terminal.bold((s + 1) + ". " + stage.title()));
      if (!stage.formula().isEmpty()) out.println("  " + wrapped(stage.formula(), 2));
      out.println("  " + terminal.dim(stage.shapes()));
      for (String id : stage.ids()) sheet.byId(id).ifPresent(f -> out.println("  " + terminal.dim(reference(f))));
      for (Line line : stage.lines()) out.println(INDENT + wrapped(line.toString(), INDENT.length()));
    }
  }

  /** Returns the id, the name, the verdict if the printed form differs, and the home of a formula. */
  static String reference(Formula f) {
    String verdict = f.field("verdict");
    return f + (verdict.equals("erratum") ? " (false as printed)" : "") + ", " + f.source();
  }

  private String wrapped(String text, int indent) {
    if (!terminal.isLive()) return text;
    int room = terminal.width() - indent, length = 0;
    StringBuilder s = new StringBuilder();
    for (String word : text.split(" ")) {
      if (length > 0 && length + 1 + word.length() > room) {
        s.append('\n').append(" ".repeat(indent + 2));
        length = 2;
      } else if (length > 0) {
        s.append(' ');
        length++;
      }
      s.append(word);
      length += word.length();
    }
    return s.toString();
  }

  /** Formats a number for a heading. */
  static String number(double v) {
    return Double.toString(v);
  }
}
