// SPDX-License-Identifier: MIT
package chainrule.io;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What C and Java write differently in an exported predictor ({@link PredictorSource}). Code that is common to both is
 * written with symbols, which {@link #render} replaces:
 * <pre>
 *   &#64;tail_ratio   a function of the predictor     iris_tail_ratio   tailRatio
 *   &#64;@layer0_bias a constant of the predictor     iris_layer0_bias  LAYER0_BIAS
 *   &#64;fn           before a function               static inline     private static
 *   &#64;api          before a function for callers   static inline     public static
 *   &#64;in, &#64;out     an array parameter              const double *    double[]
 *   &#64;strings        the parameter of strings        const char *const *   String[]
 *   &#64;fma, &#64;abs, &#64;copysign         functions of the language's library
 *   &#64;bits_of, &#64;double_of           a double's bits as a 64-bit integer, and the reverse
 * </pre>
 */
abstract class SourceLanguage {
  private static final Pattern SYMBOL = Pattern.compile("@(@?)([a-z][a-z0-9_]*)( ?)");
  /** The most characters in a line of numbers. */
  static final int LINE = 100;

  /** Returns the symbols that have a fixed text. */
  abstract Map<String, String> fixed();

  abstract String function(String name);

  abstract String constant(String name);

  /** Returns code with its symbols replaced. */
  final String render(String code) {
    Matcher m = SYMBOL.matcher(code);
    StringBuilder out = new StringBuilder();
    while (m.find()) {
      String name = m.group(2);
      String text = m.group(1).isEmpty() ? fixed().getOrDefault(name, function(name)) : constant(name);
      String space = text.endsWith("*") ? "" : m.group(3); // const double *x
      m.appendReplacement(out, Matcher.quoteReplacement(text + space));
    }
    return m.appendTail(out).toString();
  }

  /** Writes what comes before the constants; each line of the description becomes a comment. */
  abstract void begin(Appendable out, List<String> description) throws IOException;

  abstract void end(Appendable out) throws IOException;

  /** Writes a whole number that callers may use. */
  abstract void number(Appendable out, String name, int value) throws IOException;

  /** Writes an array of {@code n} doubles, values[from …]. */
  abstract void doubles(Appendable out, String name, double[] values, int from, int n) throws IOException;

  abstract void integers(Appendable out, String name, int[] values) throws IOException;

  /** Writes an array of strings that callers may use. */
  abstract void strings(Appendable out, String name, List<String> values) throws IOException;

  /** Returns a function that finds the index of a string among categories, from the last to the first. */
  abstract String categoryFunction();

  /** Returns functions between doubles and their bits; empty if the library has them. */
  abstract String bitFunctions();

  /** Returns a statement that declares a local array. */
  abstract String local(String name, int n);

  /**
   * Returns the start of the function that predicts a row, up to its first statement.
   *
   * @param workspace a comma and a further parameter, or empty
   */
  abstract String beginPredict(boolean numbers, boolean strings, String workspace);

  abstract String endPredict();

  /** Returns a function from outputs to the label of the predicted class. */
  abstract String labelFunction();

  /** Returns a function as it stands in the file. */
  abstract String member(String code);

  /** Returns a number as a hexadecimal literal, which both languages read exactly. */
  static String hex(double v) {
    return Double.toHexString(v);
  }
}
