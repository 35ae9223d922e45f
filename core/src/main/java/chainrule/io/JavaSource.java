// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a predictor as a Java class. Numbers are parsed from strings when the class is loaded, because a class holds
 * at most some 32,000 numbers and 64 KiB of code to initialize arrays.
 */
final class JavaSource extends SourceLanguage {
  private static final Map<String, String> FIXED = Map.ofEntries(
      Map.entry("fn", "private static"), Map.entry("api", "public static"), Map.entry("in", "double[]"),
      Map.entry("out", "double[]"), Map.entry("strings", "String[]"), Map.entry("fma", "Math.fma"),
      Map.entry("abs", "Math.abs"), Map.entry("copysign", "Math.copySign"),
      Map.entry("bits_of", "Double.doubleToRawLongBits"), Map.entry("double_of", "Double.longBitsToDouble"));
  /** The most characters in a string literal; the limit is 65,535 bytes. */
  private static final int LITERAL = 60_000;
  /** The most strings in an array, whose initialization takes 8 bytes of code each. */
  static final int MOST_STRINGS = 5000;

  private final String name;

  /** @param name of the class */
  JavaSource(String name) {
    this.name = name;
  }

  @Override Map<String, String> fixed() {
    return FIXED;
  }

  @Override String function(String name) {
    StringBuilder s = new StringBuilder();
    for (String word : name.split("_")) {
      s.append(s.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return s.toString();
  }

  @Override String constant(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  @Override void begin(Appendable out, List<String> description) throws IOException {
    out.append("// SPDX-License-Identifier: MIT\n\n/**\n");
    for (String line : description) out.append(line.isEmpty() ? " *" : " * ").append(line).append('\n');
    out.append(" */\npublic final class ").append(name).append(" {\n  private ").append(name).append("() {}\n\n");
  }

  @Override void end(Appendable out) throws IOException {
    out.append(member("""

        private static double[] doubles(int n, String... strings) {
          double[] values = new double[n];
          int i = 0;
          for (String text : strings) for (String v : text.split(" ")) values[i++] = Double.parseDouble(v);
          return values;
        }

        private static int[] integers(int n, String... strings) {
          int[] values = new int[n];
          int i = 0;
          for (String text : strings) for (String v : text.split(" ")) values[i++] = Integer.parseInt(v);
          return values;
        }
        """));
    out.append("}\n");
  }

  @Override void number(Appendable out, String name, int value) throws IOException {
    out.append("  public static final int ").append(constant(name)).append(" = " + value + ";\n");
  }

  @Override void doubles(Appendable out, String name, double[] values, int from, int n) throws IOException {
    out.append("  private static final double[] ").append(constant(name)).append(" = doubles(" + n + ",\n");
    Literals literals = new Literals(out);
    for (int i = 0; i < n; i++) literals.add(hex(values[from + i]));
    literals.end();
  }

  @Override void integers(Appendable out, String name, int[] values) throws IOException {
    out.append("  private static final int[] ").append(constant(name)).append(" = integers(" + values.length + ",\n");
    Literals literals = new Literals(out);
    for (int v : values) literals.add(Integer.toString(v));
    literals.end();
  }

  /** Strings of numbers between spaces, over several lines. */
  private static final class Literals {
    private final Appendable out;
    private int line, literal;

    Literals(Appendable out) throws IOException {
      this.out = out.append("      \"");
    }

    void add(String number) throws IOException {
      if (literal + 1 + number.length() > LITERAL) {
        out.append("\",\n      \"");
        line = literal = 0;
      } else if (line + 1 + number.length() > LINE) {
        out.append(" \"\n      + \"");
        literal++;
        line = 0;
      } else if (literal > 0) {
        out.append(' ');
        literal++;
        line++;
      }
      out.append(number);
      literal += number.length();
      line += number.length();
    }

    void end() throws IOException {
      out.append("\");\n");
    }
  }

  @Override void strings(Appendable out, String name, List<String> values) throws IOException {
    if (values.size() > MOST_STRINGS) {
      throw new IllegalArgumentException("the model has " + values.size() + " names or categories in a list, and a "
          + "Java class holds at most " + MOST_STRINGS + ". Export to FILE.h or FILE.onnx.");
    }
    out.append("  private static final String[] ").append(constant(name)).append(" = {\n");
    for (String v : values) out.append("    ").append(quoted(v)).append(",\n");
    out.append("  };\n");
  }

  /** Returns a literal in ASCII. */
  private static String quoted(String text) {
    StringBuilder s = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      boolean plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
      // octal, because Java replaces the other kind of escape first: a line feed would end the literal
      s.append(plain ? String.valueOf(c) : c < 0x80 ? String.format(Locale.ROOT, "\\%03o", (int) c)
          : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return s.append('"').toString();
  }

  @Override String categoryFunction() {
    return """
        private static int category(String[] categories, int n, String text, int missing) {
          if (text == null || text.isEmpty()) return missing;
          for (int c = n - 1; c >= 0; c--) if (text.equals(categories[c])) return c;
          return -1;
        }
        """;
  }

  @Override String bitFunctions() {
    return ""; // those of Double
  }

  @Override String local(String name, int n) {
    return "  double[] " + name + " = new double[" + n + "];\n";
  }

  @Override String beginPredict(boolean numbers, boolean strings, String workspace) {
    String parameters = !strings ? "double... numbers" : numbers ? "double[] numbers, String... strings"
        : "String... strings";
    return "public static double[] predict(" + parameters + ") {\n" + check("numbers", numbers)
        + check("strings", strings) + "  double[] outputs = new double[OUTPUTS];\n";
  }

  private static String check(String array, boolean present) {
    if (!present) return "";
    String count = array.toUpperCase(Locale.ROOT);
    return "  if (" + array + ".length != " + count + ") {\n"
        + "    throw new IllegalArgumentException(\"expected \" + " + count + " + \" " + array + ", found \" + " + array
        + ".length);\n  }\n";
  }

  @Override String endPredict() {
    return "  return outputs;\n}\n";
  }

  @Override String labelFunction() {
    return """

        public static String label(double[] outputs) {
          return LABELS[classOf(outputs)];
        }
        """;
  }

  @Override String member(String code) {
    return code.replaceAll("(?m)^(?=.)", "  ");
  }
}
