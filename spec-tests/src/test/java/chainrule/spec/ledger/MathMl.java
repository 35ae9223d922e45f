// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Translates a small subset of TeX to MathML Core, which browsers render natively: \frac \binom \sqrt, subscripts and
 * superscripts, accents, \mathbf \mathcal \text \operatorname, cases and pmatrix, \left \right, Greek letters,
 * functions and operators. Anything else is an error, so that a misspelled command never reaches a reader.
 */
final class MathMl {
  private static final Map<String, String> LETTERS = Map.ofEntries(
      Map.entry("alpha", "α"), Map.entry("beta", "β"), Map.entry("gamma", "γ"), Map.entry("delta", "δ"),
      Map.entry("epsilon", "ε"), Map.entry("eta", "η"), Map.entry("theta", "θ"), Map.entry("lambda", "λ"),
      Map.entry("xi", "ξ"), Map.entry("rho", "ρ"), Map.entry("sigma", "σ"), Map.entry("phi", "φ"),
      Map.entry("omega", "ω"), Map.entry("pi", "π"), Map.entry("ell", "ℓ"));
  /** Upright letters and symbols that stand for a quantity. */
  private static final Map<String, String> SIGNS = Map.of(
      "Delta", "Δ", "Phi", "Φ", "partial", "∂", "nabla", "∇", "ldots", "…", "vdots", "⋮", "ddots", "⋱", "infty", "∞");
  private static final Map<String, String> OPERATORS = Map.ofEntries(
      Map.entry("cdot", "⋅"), Map.entry("times", "×"), Map.entry("odot", "⊙"), Map.entry("leq", "≤"),
      Map.entry("geq", "≥"), Map.entry("neq", "≠"), Map.entry("ll", "≪"), Map.entry("equiv", "≡"),
      Map.entry("approx", "≈"), Map.entry("to", "→"), Map.entry("leftarrow", "←"), Map.entry("Rightarrow", "⇒"));
  private static final Map<String, String> ACCENTS = Map.of("hat", "^", "bar", "¯", "tilde", "~", "vec", "→");
  private static final Set<String> FUNCTIONS = Set.of("ln", "log", "exp", "max", "min", "tanh");

  private static final java.util.regex.Pattern NUMBER = java.util.regex.Pattern.compile("[0-9]+([.][0-9]+)?");

  private final List<String> tokens = new ArrayList<>();
  private int at;

  private MathMl(String tex) {
    for (int i = 0; i < tex.length(); ) {
      int end = i + 1;
      char c = tex.charAt(i);
      if (c == '\\') {
        while (end < tex.length() && Character.isLetter(tex.charAt(end))) end++;
        if (end == i + 1) end++; // \\ and \|
        if (end > tex.length()) throw new IllegalArgumentException("lone backslash at the end of " + tex);
        String command = tex.substring(i, end);
        if (command.equals("\\text") || command.equals("\\begin") || command.equals("\\end")
            || command.equals("\\operatorname")) { // one token together with the argument
          int close = tex.indexOf('}', end);
          if (close < 0 || tex.charAt(end) != '{') throw new IllegalArgumentException(command + " needs {…} in " + tex);
          end = close + 1;
        }
      } else if (Character.isDigit(c)) {
        java.util.regex.Matcher number = NUMBER.matcher(tex).region(i, tex.length());
        if (number.lookingAt()) end = number.end();
      }
      if (!Character.isWhitespace(c)) tokens.add(tex.substring(i, end));
      i = end;
    }
  }

  /** Returns a {@code <math>} element, or several, split at each outermost \quad, where the line may break. */
  static String render(String tex) {
    MathMl m = new MathMl(tex);
    StringBuilder s = new StringBuilder();
    while (true) {
      s.append("<math displaystyle=\"true\">").append(m.row("\\quad")).append("</math>");
      if (m.at == m.tokens.size()) return s.toString();
      if (!m.next().equals("\\quad")) throw new IllegalArgumentException("unmatched } or & or \\end in " + tex);
      s.append("\n");
    }
  }

  private String peek() {
    return at < tokens.size() ? tokens.get(at) : "";
  }

  private String next() {
    if (at >= tokens.size()) throw new IllegalArgumentException("unexpected end of the formula");
    return tokens.get(at++);
  }

  /** Returns the items before the token {@code end} as one element. The token itself is not consumed. */
  private String row(String end) {
    StringBuilder s = new StringBuilder();
    int items = 0;
    while (at < tokens.size() && !peek().equals(end) && !Set.of("}", "&", "\\\\", "\\right").contains(peek())
        && !peek().startsWith("\\end{")) {
      s.append(scripted());
      items++;
    }
    return items == 1 ? s.toString() : "<mrow>" + s + "</mrow>";
  }

  /** Returns an item with its primes, subscript and superscript. */
  private String scripted() {
    boolean limits = peek().equals("\\sum");
    String base = item(), sub = null, sup = null;
    StringBuilder primes = new StringBuilder();
    while (true) {
      if (peek().equals("'")) {
        primes.append("′");
        at++;
      } else if (peek().equals("_") && sub == null) {
        at++;
        sub = item();
      } else if (peek().equals("^") && sup == null) {
        at++;
        sup = item();
      } else {
        break;
      }
    }
    if (primes.length() > 0) {
      String prime = "<mo lspace=\"0\" rspace=\"0\">" + primes + "</mo>";
      sup = sup == null ? prime : "<mrow>" + prime + sup + "</mrow>";
    }
    if (sub == null && sup == null) return base;
    String name = limits ? sub == null ? "mover" : sup == null ? "munder" : "munderover"
        : sub == null ? "msup" : sup == null ? "msub" : "msubsup";
    return "<" + name + ">" + base + (sub == null ? "" : sub) + (sup == null ? "" : sup) + "</" + name + ">";
  }

  private String item() {
    boolean sign = at == 0 || Set.of("=", "(", "[", "{", ",", "&", "\\\\", "\\leftarrow").contains(tokens.get(at - 1));
    String t = next();
    if (t.equals("{")) {
      String s = row("}");
      close("}");
      return s;
    }
    if (t.startsWith("\\")) return command(t.substring(1));
    char c = t.charAt(0);
    if (Character.isDigit(c)) return "<mn>" + t + "</mn>";
    if (Character.isLetter(c)) return "<mi>" + t + "</mi>";
    if ("([{".indexOf(c) >= 0) return "<mo stretchy=\"false\" form=\"prefix\">" + t + "</mo>";
    if (")]}".indexOf(c) >= 0) return "<mo stretchy=\"false\" form=\"postfix\">" + t + "</mo>";
    if (c == '|') return "<mo stretchy=\"false\" lspace=\"0.05em\" rspace=\"0.05em\">|</mo>";
    if (c == '/') return "<mo lspace=\"0.1em\" rspace=\"0.1em\">/</mo>";
    if (c == '-') return sign ? "<mo form=\"prefix\">−</mo>" : mo("−");
    if ("+=<>,;:".indexOf(c) >= 0) return mo(t.replace("<", "&lt;").replace(">", "&gt;"));
    if (c == '.') return mo(".");
    throw new IllegalArgumentException("unexpected character: " + t);
  }

  private String command(String name) {
    if (LETTERS.containsKey(name)) return "<mi>" + LETTERS.get(name) + "</mi>";
    if (SIGNS.containsKey(name)) return "<mi mathvariant=\"normal\">" + SIGNS.get(name) + "</mi>";
    if (OPERATORS.containsKey(name)) return mo(OPERATORS.get(name));
    if (FUNCTIONS.contains(name)) return function(name);
    if (ACCENTS.containsKey(name)) {
      return "<mover accent=\"true\">" + item() + "<mo stretchy=\"false\">" + ACCENTS.get(name) + "</mo></mover>";
    }
    if (name.startsWith("text{")) {
      String text = argument(name);
      return "<mtext>" + text.replace("&", "&amp;").replace("<", "&lt;").replaceAll("^ | $", "\u00a0") + "</mtext>";
    }
    if (name.startsWith("operatorname{")) return function(argument(name));
    if (name.startsWith("begin{")) return table(argument(name));
    switch (name) {
      case "frac":
        return "<mfrac>" + item() + item() + "</mfrac>";
      case "binom":
        return mo("(") + "<mfrac linethickness=\"0\">" + item() + item() + "</mfrac>" + mo(")");
      case "sqrt":
        return "<msqrt>" + item() + "</msqrt>";
      case "sum":
        return "<mo>∑</mo>";
      case "mathbf":
        return item().replace("<mi>", "<mi mathvariant=\"normal\" class=\"b\">");
      case "mathcal":
        if (!item().equals("<mi>L</mi>")) throw new IllegalArgumentException("the only script letter is L");
        return "<mi mathvariant=\"normal\">ℒ</mi>";
      case "left":
        String open = next(), inside = row("\\right");
        close("\\right");
        return "<mrow><mo form=\"prefix\">" + open + "</mo>" + inside + "<mo form=\"postfix\">" + next()
            + "</mo></mrow>";
      case "quad":
        return "<mspace width=\"1em\"/>";
      case "|":
        return "<mo stretchy=\"false\" lspace=\"0.05em\" rspace=\"0.05em\">‖</mo>";
      default:
        throw new IllegalArgumentException("unknown command: \\" + name);
    }
  }

  private String table(String kind) {
    if (!kind.equals("cases") && !kind.equals("pmatrix")) {
      throw new IllegalArgumentException("unknown environment: " + kind);
    }
    StringBuilder s = new StringBuilder("<mtr><mtd>");
    while (true) {
      s.append(row(""));
      String t = next();
      if (t.equals("&")) {
        s.append("</mtd><mtd>");
      } else if (t.equals("\\\\")) {
        s.append("</mtd></mtr><mtr><mtd>");
      } else if (t.equals("\\end{" + kind + "}")) {
        break;
      } else {
        throw new IllegalArgumentException("unexpected " + t + " in " + kind);
      }
    }
    String table = "<mtable class=\"" + kind + "\">" + s + "</mtd></mtr></mtable>";
    return "<mrow><mo form=\"prefix\">" + (kind.equals("cases") ? "{" : "(") + "</mo>" + table
        + (kind.equals("cases") ? "" : "<mo form=\"postfix\">)</mo>") + "</mrow>";
  }

  /** Returns a function's name, with thin spaces after a factor and before an argument without parentheses. */
  private String function(String name) {
    boolean factor = at > 1 && tokens.get(at - 2).matches("[a-zA-Z0-9)}]");
    boolean bare = at < tokens.size() && !Set.of("(", ")", "}", "=", "_", "^", "\\left").contains(peek());
    String space = "<mspace width=\"0.17em\"/>";
    return (factor ? space : "") + "<mi>" + name + "</mi>" + (bare ? space : "");
  }

  private void close(String token) {
    if (!next().equals(token)) throw new IllegalArgumentException("expected " + token);
  }

  private static String argument(String command) {
    return command.substring(command.indexOf('{') + 1, command.length() - 1);
  }

  private static String mo(String sign) {
    return "<mo>" + sign + "</mo>";
  }
}
