// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.io.Model;
import chainrule.io.PredictorSource;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a program that calls a predictor exported as C or Java, and the command that runs it. */
final class SourceUsage {
  /** The most values of a row that are written out. */
  private static final int MAX_VALUES = 8;

  private final PrintStream out;

  SourceUsage(PrintStream out) {
    this.out = out;
  }

  void print(String name, Model model) {
    boolean c = name.endsWith(".h");
    String file = Path.of(name).getFileName().toString();
    out.println("wrote     " + name + ", " + (c ? "C99" : "Java") + " without dependencies; predictions have the bits "
        + LauncherName.in("of ./chainrule predict"));
    out.println();
    if (c) printC(file, model);
    else printJava(file, model);
  }

  private void printC(String file, Model model) {
    String prefix = PredictorSource.prefix(file), upper = prefix.toUpperCase(Locale.ROOT);
    List<String> numbers = numbers(model), strings = strings(model);
    boolean zeros = numbers.size() > MAX_VALUES;
    out.println("to use it, in " + prefix + ".c:");
    out.println("  #include <stdio.h>");
    out.println("  #include \"" + file + "\"");
    out.println("  int main(void) {");
    if (zeros) out.println("    double numbers[" + upper + "_NUMBERS] = {0};");
    else if (!numbers.isEmpty()) out.println("    double numbers[] = {" + String.join(", ", numbers) + "};");
    if (!strings.isEmpty()) out.println("    const char *strings[] = {" + String.join(", ", strings) + "};");
    out.println("    double outputs[" + upper + "_OUTPUTS];");
    boolean workspace = PredictorSource.needsWorkspace(model);
    if (workspace) {
      out.println("    static double workspace[" + upper + "_WORKSPACE]; // each thread needs its own");
    }
    out.println("    " + prefix + "_predict(" + (numbers.isEmpty() ? "" : "numbers, ")
        + (strings.isEmpty() ? "" : "strings, ") + "outputs" + (workspace ? ", workspace" : "") + ");");
    boolean classes = model.encoding().target().isClass();
    out.println(classes ? "    printf(\"%s %.17g\\n\", " + prefix + "_label(outputs), outputs[0]);"
        : "    printf(\"%.17g\\n\", outputs[0]);");
    out.println("  }");
    out.println("then: cc -O2 " + prefix + ".c -o " + prefix + " -lm && ./" + prefix);
  }

  private void printJava(String file, Model model) {
    String type = file.substring(0, file.length() - ".java".length());
    List<String> numbers = numbers(model), strings = strings(model);
    String array = numbers.size() > MAX_VALUES ? "new double[" + type + ".NUMBERS]"
        : strings.isEmpty() ? String.join(", ", numbers) : "new double[] {" + String.join(", ", numbers) + "}";
    String arguments = numbers.isEmpty() ? String.join(", ", strings)
        : strings.isEmpty() ? array : array + ", " + String.join(", ", strings);
    Target target = model.encoding().target();
    out.println("to use it, in jshell " + file + " or in your own class:");
    out.println("  double[] outputs = " + type + ".predict(" + arguments + ");");
    String label = target.isClass() ? type + ".label(outputs) + \" \" + " : "";
    out.println("  System.out.println(" + label + "outputs[0]);");
  }

  /** Returns the means of the numbers, as a typical row. */
  private static List<String> numbers(Model model) {
    List<String> numbers = new ArrayList<>();
    for (InputColumn in : model.encoding().inputColumns()) {
      if (!in.isNumber()) continue;
      numbers.add(Double.toString(new BigDecimal(in.mean()).round(new MathContext(4)).doubleValue()));
    }
    return numbers;
  }

  /** Returns the first category of each column, as literals of both languages. */
  private static List<String> strings(Model model) {
    List<String> strings = new ArrayList<>();
    for (InputColumn in : model.encoding().inputColumns()) {
      if (in.isNumber()) continue;
      strings.add('"' + in.categories().get(0).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
          .replace("\r", "\\r") + '"');
    }
    return strings;
  }
}
