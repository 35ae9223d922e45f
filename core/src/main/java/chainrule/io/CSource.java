// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a predictor as a C99 header, which C++17 compilers accept too. */
final class CSource extends SourceLanguage {
  private static final Map<String, String> FIXED = Map.ofEntries(
      Map.entry("fn", "static inline"), Map.entry("api", "static inline"), Map.entry("in", "const double *"),
      Map.entry("out", "double *"), Map.entry("strings", "const char *const *"), Map.entry("fma", "fma"),
      Map.entry("abs", "fabs"), Map.entry("copysign", "copysign"));

  private final String file;
  private final String prefix;

  /** @param file the name of the header, such as {@code iris.h} */
  CSource(String file) {
    this.file = file;
    this.prefix = prefix(file);
  }

  /** Returns the prefix of all names: the file's name without its extension, as an identifier. */
  static String prefix(String file) {
    String stem = file.substring(0, file.lastIndexOf('.')).replaceAll("[^A-Za-z0-9_]", "_").toLowerCase(Locale.ROOT);
    return stem.isEmpty() || Character.isDigit(stem.charAt(0)) || stem.charAt(0) == '_' ? "model" + stem : stem;
  }

  @Override Map<String, String> fixed() {
    return FIXED;
  }

  @Override String function(String name) {
    return prefix + "_" + name;
  }

  @Override String constant(String name) {
    return prefix + "_" + name;
  }

  private String macro(String name) {
    return (prefix + "_" + name).toUpperCase(Locale.ROOT);
  }

  @Override void begin(Appendable out, List<String> description) throws IOException {
    out.append("/* SPDX-License-Identifier: MIT\n");
    for (String line : description) out.append(line.isEmpty() ? " *" : " * ").append(line).append('\n');
    out.append(" */\n");
    String guard = macro("h");
    out.append("#ifndef ").append(guard).append("\n#define ").append(guard).append("""

        #include <float.h>
        #include <math.h>
        #include <stdint.h>
        #include <string.h>

        #ifdef __FAST_MATH__
        #error "FILE: compile without -ffast-math, which changes results"
        #endif
        #if FLT_EVAL_METHOD != 0
        #error "FILE: doubles must be computed in double precision; on 32-bit x86, compile with -msse2 -mfpmath=sse"
        #endif
        #if defined(__clang__)
        #pragma STDC FP_CONTRACT OFF
        #elif defined(__GNUC__)
        #pragma GCC push_options
        #pragma GCC optimize ("fp-contract=off")
        #elif defined(_MSC_VER)
        #pragma fp_contract (off)
        #endif

        """.replace("FILE", file));
  }

  @Override void end(Appendable out) throws IOException {
    out.append("""

        #if defined(__GNUC__) && !defined(__clang__)
        #pragma GCC pop_options
        #endif
        #endif
        """);
  }

  @Override void number(Appendable out, String name, int value) throws IOException {
    out.append("#define ").append(macro(name)).append(" ").append(Integer.toString(value)).append('\n');
  }

  @Override void doubles(Appendable out, String name, double[] values, int from, int n) throws IOException {
    declare(out, "double ", name, n);
    int length = 0;
    for (int i = 0; i < n; i++) {
      String text = number(values[from + i]) + (i < n - 1 ? "," : "");
      length = append(out, text, length);
    }
    out.append("\n};\n");
  }

  /** Returns a number as an expression; a model may hold NaN and ∞. */
  private static String number(double v) {
    return Double.isNaN(v) ? "NAN" : Double.isInfinite(v) ? v < 0 ? "-INFINITY" : "INFINITY" : hex(v);
  }

  @Override void integers(Appendable out, String name, int[] values) throws IOException {
    declare(out, "int ", name, values.length);
    int length = 0;
    for (int i = 0; i < values.length; i++) {
      length = append(out, values[i] + (i < values.length - 1 ? "," : ""), length);
    }
    out.append("\n};\n");
  }

  @Override void strings(Appendable out, String name, List<String> values) throws IOException {
    Onnx.requireUnicode(name, values);
    for (String v : values) {
      if (v.indexOf(0) >= 0) {
        throw new IllegalArgumentException(name + " has the value " + Json.text(v) + ", and a string of C cannot "
            + "contain a NUL character. Change it in the data and train again, or export to FILE.java.");
      }
    }
    declare(out, "char *const ", name, values.size());
    int length = 0;
    for (String v : values) length = append(out, quoted(v) + ",", length);
    out.append("\n};\n");
  }

  private void declare(Appendable out, String type, String name, int n) throws IOException {
    out.append("static const ").append(type).append(constant(name)).append("[" + n + "] = {\n");
  }

  /** Appends an element of a list, in a new line where the current one is full. Returns the length of the line. */
  private static int append(Appendable out, String text, int length) throws IOException {
    boolean fits = length > 0 && length + 1 + text.length() <= LINE;
    out.append(length == 0 ? "  " : fits ? " " : "\n  ").append(text);
    return (fits ? length + 1 : 2) + text.length();
  }

  /** Returns a literal in ASCII. The bytes are UTF-8; octal escapes have three digits, so no digit can follow. */
  private static String quoted(String text) {
    StringBuilder s = new StringBuilder("\"");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xFF;
      boolean plain = c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?'; // ?? starts a trigraph
      s.append(plain ? String.valueOf((char) c) : String.format(Locale.ROOT, "\\%03o", c));
    }
    return s.append('"').toString();
  }

  @Override String categoryFunction() {
    return """
        @fn int @category(@strings categories, int n, const char *text, int missing) {
          if (text == NULL || text[0] == 0) return missing;
          for (int c = n - 1; c >= 0; c--) if (strcmp(text, categories[c]) == 0) return c;
          return -1;
        }
        """;
  }

  @Override String bitFunctions() {
    return """
        @fn uint64_t @bits_of(double v) {
          uint64_t bits;
          memcpy(&bits, &v, sizeof bits);
          return bits;
        }

        @fn double @double_of(uint64_t bits) {
          double v;
          memcpy(&v, &bits, sizeof v);
          return v;
        }
        """;
  }

  @Override String local(String name, int n) {
    return "  double " + name + "[" + n + "];\n";
  }

  @Override String beginPredict(boolean numbers, boolean strings, String workspace) {
    return "@api void @predict(" + (numbers ? "@in numbers, " : "") + (strings ? "@strings strings, " : "")
        + "@out outputs" + workspace + ") {\n";
  }

  @Override String endPredict() {
    return "}\n";
  }

  @Override String labelFunction() {
    return """

        @api const char *@label(@in outputs) {
          return @@labels[@class_of(outputs)];
        }
        """;
  }

  @Override String member(String code) {
    return code;
  }
}
