// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.explain.Formula;
import chainrule.explain.ScalarFormula;
import chainrule.explain.ScalarFormulas;
import chainrule.io.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code explain ID}: a formula as printed and as implemented, and the derivative of a function of one variable by two
 * witnesses: the automatic derivative of the formula, and differences of the implementation.
 */
final class ExplainedFormula {
  private static final double POINT = 0.3;
  /** The largest relative error that rounding explains: of the automatic derivative, and of differences. */
  private static final double AUTOMATIC = 1e-12, DIFFERENCES = 1e-8;

  private final Terminal terminal;
  private final Map<String, Object> json = new LinkedHashMap<>();

  ExplainedFormula(Terminal terminal) {
    this.terminal = terminal;
  }

  void run(Arguments a, List<Formula> found) {
    PrintStream out = terminal.stream();
    if (found.size() > 1) {
      list(a, found);
      return;
    }
    Formula f = found.get(0);
    Optional<ScalarFormula> scalar = ScalarFormulas.byId(f.id());
    if (a.has(Option.AT) && scalar.isEmpty()) {
      throw new UsageException("--at: " + f.id() + " is not a function of one variable; remove it");
    }
    double x = point(a);
    ScalarFormula.Point point = scalar.map(s -> s.at(x)).orElse(null);
    if (point != null && !(Double.isFinite(point.value()) && Double.isFinite(point.formulaValue()))) {
      throw new UsageException("--at: " + f.id() + " has no finite value at " + a.value(Option.AT).orElse("" + POINT)
          + "; choose another point");
    }
    print(f);
    scalar.ifPresent(s -> print(f, s, x, point));
    if (a.has(Option.JSON)) out.println(Json.text(json));
  }

  private void list(Arguments a, List<Formula> found) {
    if (a.has(Option.AT)) {
      throw new UsageException("--at requires one formula, but " + found.size() + " match; give the id of one, such as "
          + found.get(0).id());
    }
    PrintStream out = terminal.stream();
    out.println(found.size() + " formulas match; give the id of one:");
    for (Formula f : found) out.println("  " + f.id() + "  " + f.name() + ":  " + f.field("formula"));
    json.put("matches", found.stream().map(Formula::id).toList());
    if (a.has(Option.JSON)) out.println(Json.text(json));
  }

  private static double point(Arguments a) {
    String text = a.value(Option.AT).orElse("" + POINT);
    try {
      double x = Double.parseDouble(text.strip());
      if (Double.isFinite(x)) return x;
    } catch (NumberFormatException e) {
      // reported below, like a number that is not finite
    }
    throw new UsageException("--at: expected a finite number, found '" + text + "'");
  }

  private void print(Formula f) {
    terminal.stream().println(terminal.bold(f.id() + "  " + f.name()));
    boolean corrected = !f.field("corrected").isEmpty();
    field("sheet", f.field("sheet") + ", " + f.field("section"));
    field("verdict", verdict(f.field("verdict")));
    field(corrected ? "printed" : "formula", f.field("formula"));
    field("corrected", f.field("corrected"));
    field("note", f.field("note"));
    field("example", f.field("example"));
    field("counterexample", f.field("counterexample"));
    field("home", f.home() + ", " + f.source());
    field("test", f.field("test") + ", " + f.field("test-source"));
    for (String key : List.of("id", "name", "sheet", "section", "verdict", "formula", "corrected", "note", "example",
        "counterexample", "home", "source", "test", "test-source")) {
      if (!f.field(key).isEmpty()) json.put(key.replace('-', '_'), f.field(key));
    }
  }

  private static String verdict(String word) {
    return switch (word) {
      case "confirmed" -> "confirmed: right as printed";
      case "convention" -> "convention: right under a convention that the note states";
      case "erratum" -> "erratum: false as printed";
      case "notation" -> "notation: incomplete or ambiguous as printed";
      default -> word;
    };
  }

  private void field(String name, String value) {
    if (!value.isEmpty()) terminal.stream().printf("  %-15s %s%n", name, value);
  }

  private void print(Formula f, ScalarFormula s, double x, ScalarFormula.Point p) {
    PrintStream out = terminal.stream();
    out.println();
    String constants = s.constants().isEmpty() ? "" : "; " + s.constants();
    out.println(terminal.bold("at " + s.variable() + " = " + x + constants));
    boolean library = s.derivative() != null;
    double judged = library ? p.derivative() : p.automatic();
    number("value", p.value());
    witness("value of " + s.formula(), p.formulaValue(), p.value(), AUTOMATIC);
    if (library) number("derivative", p.derivative());
    if (library) witness("automatic derivative", p.automatic(), judged, AUTOMATIC);
    else number("automatic derivative", p.automatic());
    if (p.isKink()) {
      out.printf(Locale.ROOT, "    a kink: the slope is %s from the left and %s from the right; the derivative is a "
          + "convention%n", round(p.left()), round(p.right()));
    } else {
      witness("differences", p.differences(), judged, DIFFERENCES);
    }
    if (!s.printed().isEmpty()) {
      witness("as printed, " + s.printed(), p.printed(), f.id().endsWith("-d") ? judged : p.value(), AUTOMATIC);
    }
    json.put("at", x);
    json.put("value", p.value());
    json.put("derivative", library ? p.derivative() : null);
    json.put("automatic_derivative", p.automatic());
    json.put("differences", p.isKink() ? null : p.differences());
    json.put("kink", p.isKink() ? "yes" : "no");
    if (!s.printed().isEmpty()) json.put("printed_value", p.printed());
  }

  private void number(String name, double value) {
    terminal.stream().printf(Locale.ROOT, "    %-44s %s%n", name, value);
  }

  private void witness(String name, double value, double judged, double tolerance) {
    double error = ScalarFormula.relativeError(value, judged);
    boolean same = error <= tolerance || Math.abs(value - judged) <= 1e-13;
    terminal.stream().printf(Locale.ROOT, "  %s %-44s %-24s %s%n", same ? "✓" : "✗", name, value,
        error == 0 ? "equal" : String.format(Locale.ROOT, "relative error %.1e", error));
  }

  private static String round(double slope) {
    return String.format(Locale.ROOT, "%.6f", slope).replaceFirst("\\.?0+$", "");
  }
}
