// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Generators;
import chainrule.explain.Formula;
import chainrule.explain.FormulaSheet;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code explain [DATA | ID | mazur] [options]}: a training step or a formula, with its numbers. */
final class ExplainCommand {
  private static final String MAZUR = "mazur";
  private static final Set<Option> FOR_FORMULAS = EnumSet.of(Option.AT, Option.JSON);
  private static final Set<Option> FOR_MAZUR = EnumSet.of(Option.HTML, Option.JSON);

  private final Terminal out;
  private final Terminal err;

  ExplainCommand(Terminal out, Terminal err) {
    this.out = out;
    this.err = err;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.EXPLAIN, args);
    FormulaSheet sheet = FormulaSheet.load();
    String word = String.join(" ", a.operands());
    if (word.equals(MAZUR)) {
      requireOnly(a, FOR_MAZUR, MAZUR + ", whose settings are those of the published example");
      new ExplainedMazur(out, sheet).run(a);
      return;
    }
    if (a.operands().isEmpty() || isData(word)) {
      if (a.has(Option.AT)) throw new UsageException("--at applies to a formula, not to data; remove it");
      new ExplainedTraining(out, err, sheet).run(args);
      return;
    }
    List<Formula> found = sheet.find(word);
    if (found.isEmpty()) throw unknown(word, sheet);
    requireOnly(a, FOR_FORMULAS, "a formula");
    new ExplainedFormula(out).run(a, found);
  }

  private static boolean isData(String word) {
    if (word.isBlank()) return false;
    return word.equals("-") || Files.exists(InputFiles.path(word))
        || Arrays.stream(Generators.values()).anyMatch(g -> g.label().equals(word));
  }

  private static void requireOnly(Arguments a, Set<Option> allowed, String what) {
    for (Option o : a.options()) {
      if (!allowed.contains(o)) throw new UsageException(o.flag + " does not apply to " + what + "; remove it");
    }
  }

  private static UsageException unknown(String word, FormulaSheet sheet) {
    List<String> known = new ArrayList<>(List.of(MAZUR));
    for (Generators g : Generators.values()) known.add(g.label());
    for (Formula f : sheet.formulas()) {
      known.add(f.id());
      known.add(f.name());
    }
    String hint = SpellingHint.of(word, known);
    return new UsageException((word.isBlank() ? "''" : word) + ": no such file, built-in data set or formula"
        + (hint.isEmpty() ? "; formulas have ids such as 003-sigmoid, and names such as \"hidden delta\"" : hint));
  }
}
