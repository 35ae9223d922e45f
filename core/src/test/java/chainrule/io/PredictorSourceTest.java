// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Target;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exports models as C and Java, compiles them, and compares their predictions with those of {@link Model#predict} bit
 * by bit. The comparison in C is skipped on machines without a C compiler named {@code cc}.
 */
class PredictorSourceTest {
  private static final int ROWS = 12;

  private static final InputColumn AGE = InputColumn.number("age", 38.6, 13.5);
  private static final InputColumn SIZE = InputColumn.number("size \"m²\" \\u000a */", 10, 4, 7, true)
      .withPieces(new PiecewiseLinear(new double[] {2, 6, 9.5, 11, 20}, new double[] {0.9, 0.7, 0.4, 0.1}));
  private static final InputColumn DATE = InputColumn.date("bought", 19_000, 300, 19_100, true);
  private static final InputColumn SEX = InputColumn.categories("sex", List.of("female", "male", "female"));
  private static final InputColumn CITY =
      InputColumn.categories("city?", List.of("Köln", "Q 🌱", "a\nb\"??/", "1"), true);
  private static final InputColumn OLD = InputColumn.categories("old", List.of("", "x"));

  private static final Target TWO = Target.classes("y", List.of("no", "\"yes\" 🌱"));
  private static final Target THREE = Target.classes("y", List.of("a", "b", "c"));

  @TempDir Path directory;

  private static List<Model> models() {
    List<Model> models = new ArrayList<>();
    for (String a : Activations.names()) models.add(model(List.of(AGE, SIZE), THREE, 3, Activations.parse(a)));
    for (String a : List.of("leaky-relu:0.3", "elu:0.7")) {
      models.add(model(List.of(AGE, SEX), Target.numbers(List.of("y"), 3, 0.7), 1, Activations.parse(a)));
    }
    for (List<InputColumn> inputs : List.of(List.of(AGE), List.of(SEX), List.of(SIZE, SEX, DATE, CITY, AGE, OLD),
        List.of(CITY, OLD, SIZE))) {
      models.add(model(inputs, TWO, 1, new Sigmoid()));
      models.add(model(inputs, TWO, 2, new Softmax()).withCalibration(new Calibration(0.3, List.of())));
      models.add(model(inputs, Target.numbers(List.of("u", "v"), List.of(50.0, 0.0), List.of(8.0, 1.0)), 2,
          new Linear()));
      models.add(model(inputs, Target.multilabel(List.of("u", "v"), List.of(List.of("0", "1"), List.of("n", "y"))), 2,
          new Sigmoid()));
    }
    models.add(model(List.of(AGE), TWO, 1, new Sigmoid()).withCalibration(new Calibration(0.8, List.of())));
    Encoding e = new Encoding(List.of(AGE, CITY), THREE);
    List<Network> members = new ArrayList<>();
    for (int m = 0; m < 3; m++) {
      members.add(Network.input(e.inputs()).dense(5, new Relu()).dropout(0.3).dense(3, new Softmax()).build(m));
    }
    models.add(new Model(members, e, Map.of()));
    models.add(new Model(Network.input(1).activation(new Tanh()).dense(30, new Relu()).activation(new Sigmoid())
        .dense(21, new Softmax()).activation(new Relu()).build(1), Encoding.plain(1, 21), Map.of()));
    models.add(new Model(Network.input(120).dense(120, new Relu()).dense(1, new Linear()).build(1),
        Encoding.plain(120, 1), Map.of())); // more numbers than a string literal or an array initializer holds
    for (int count = 1; count <= 2; count++) { // more than C has on the stack
      List<Network> wide = new ArrayList<>();
      for (int m = 0; m < count; m++) {
        wide.add(Network.input(1).dense(4090, new Relu()).dense(6, new Tanh()).dense(3, new Softmax()).build(m));
      }
      models.add(new Model(wide, new Encoding(List.of(AGE), THREE), Map.of()));
    }
    models.add(new Model(Network.input(5000).dense(1, new Sigmoid()).build(1), oneHot(5000), Map.of()));
    return models;
  }

  private static Encoding oneHot(int categories) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < categories; c++) names.add("c" + c);
    return new Encoding(List.of(InputColumn.categories("city", names, false)), TWO);
  }

  private static Model model(List<InputColumn> inputs, Target target, int outputs, Activation activation) {
    Encoding e = new Encoding(inputs, target);
    Activation hidden = target.isClass() && outputs > 2 ? activation : new Tanh();
    Activation output = target.isClass() && outputs > 2 ? new Softmax() : activation;
    Network net = Network.input(e.inputs()).dense(7, hidden).dense(outputs, output).build(inputs.size());
    for (int i = 0; i < net.parameters().length; i += 3) net.parameters()[i] *= 40; // tails of the functions
    return new Model(net, e, Map.of());
  }

  /** Returns rows of typical, missing, unseen and extreme cells. */
  private static List<List<Object>> rows(Model model) {
    SplittableRandom random = new SplittableRandom(model.parameters());
    List<List<Object>> rows = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      List<Object> row = new ArrayList<>();
      for (InputColumn in : model.encoding().inputColumns()) {
        int kind = random.nextInt(8);
        List<String> categories = in.categories();
        if (!in.isNumber()) {
          row.add(kind == 0 ? "" : kind == 1 ? "unseen" : categories.get(random.nextInt(categories.size())));
        } else if (kind == 0) row.add(Double.NaN);
        else if (kind == 1 && in.pieces().count() > 0) row.add(in.pieces().knot(random.nextInt(3)));
        else if (kind == 2) row.add(in.mean() + 1e4 * in.deviation() * (random.nextDouble() - 0.5));
        else row.add(in.mean() + 4 * in.deviation() * (random.nextDouble() - 0.5));
      }
      rows.add(row);
    }
    return rows;
  }

  /** Returns what a program must print: for each row the bits of the outputs, and the predicted class or −1. */
  private static String expected(Model model) {
    StringBuilder s = new StringBuilder();
    Target target = model.encoding().target();
    for (List<Object> row : rows(model)) {
      Predictions p = model.predict(row);
      int outputs = target.isClass() ? target.labels().size() : target.names().size();
      for (int j = 0; j < outputs; j++) {
        double v = target.isClass() || target.isMultilabel() ? p.probability(0, j) : p.value(0, j);
        s.append(String.format(Locale.ROOT, "%016x ", Double.doubleToLongBits(v)));
      }
      s.append(target.isClass() ? p.classOf(0) : target.isMultilabel() ? p.has(0, 1) ? 1 : 0 : -1).append('\n');
    }
    return s.toString();
  }

  // ---------------------------------------------------------------- programs that call the predictors

  private static String decision(Target target, String classOf, String has) {
    return target.isClass() ? classOf + "(y)" : target.isMultilabel() ? has + "(y, 1)" : "-1";
  }

  private static List<String> cells(Model model, List<Object> row, boolean numbers) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      if (model.encoding().inputColumns().get(i).isNumber() != numbers) continue;
      if (!numbers) {
        cells.add(literal((String) row.get(i)));
      } else {
        double v = (Double) row.get(i);
        cells.add(Double.isNaN(v) ? "NAN" : Double.toHexString(v));
      }
    }
    return cells;
  }

  /** Returns a literal of both languages; C reads the source as UTF-8. */
  private static String literal(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("?", "\\077") + '"';
  }

  private String javaProgram(List<Model> models) {
    StringBuilder s = new StringBuilder("class Run {\n  static final double NAN = Double.NaN;\n");
    for (int i = 0; i < models.size(); i++) {
      Model m = models.get(i);
      s.append("  static void run" + i + "() {\n    double[] y;\n");
      for (List<Object> row : rows(m)) {
        List<String> numbers = cells(m, row, true), strings = cells(m, row, false);
        String arguments = strings.isEmpty() ? String.join(", ", numbers)
            : (numbers.isEmpty() ? "" : "new double[] {" + String.join(", ", numbers) + "}, ")
            + String.join(", ", strings);
        s.append("    y = M" + i + ".predict(" + arguments + ");\n"
            + "    for (double v : y) System.out.printf(\"%016x \", Double.doubleToLongBits(v));\n"
            + "    System.out.println("
            + decision(m.encoding().target(), "M" + i + ".classOf", "M" + i + ".has") + ");\n");
      }
      s.append("  }\n");
    }
    s.append("  public static void main(String[] a) {\n");
    for (int i = 0; i < models.size(); i++) s.append("    run" + i + "();\n");
    return s + "  }\n}\n";
  }

  private String cProgram(List<Model> models) {
    StringBuilder s = new StringBuilder("#include <stdio.h>\n");
    for (int i = 0; i < models.size(); i++) s.append("#include \"m" + i + ".h\"\n");
    s.append("""
        static void show(const double *y, int n) {
          for (int j = 0; j < n; j++) {
            uint64_t bits;
            memcpy(&bits, &y[j], 8);
            if (y[j] != y[j]) bits = 0x7ff8000000000000u;
            printf("%016llx ", (unsigned long long) bits);
          }
        }
        """);
    for (int i = 0; i < models.size(); i++) {
      Model m = models.get(i);
      boolean workspace = PredictorSource.needsWorkspace(m);
      s.append("static void run" + i + "(void) {\n  double y[M" + i + "_OUTPUTS];\n");
      if (workspace) s.append("  static double w[M" + i + "_WORKSPACE];\n");
      for (List<Object> row : rows(m)) {
        List<String> numbers = cells(m, row, true), strings = cells(m, row, false);
        s.append("  {\n");
        if (!numbers.isEmpty()) s.append("    const double numbers[] = {" + String.join(", ", numbers) + "};\n");
        if (!strings.isEmpty()) s.append("    const char *const strings[] = {" + String.join(", ", strings) + "};\n");
        s.append("    m" + i + "_predict(" + (numbers.isEmpty() ? "" : "numbers, ")
            + (strings.isEmpty() ? "" : "strings, ") + (workspace ? "y, w" : "y") + ");\n    show(y, M" + i
            + "_OUTPUTS);\n    printf(\"%d\\n\", "
            + decision(m.encoding().target(), "m" + i + "_class_of", "m" + i + "_has") + ");\n  }\n");
      }
      s.append("}\n");
    }
    s.append("int main(void) {\n");
    for (int i = 0; i < models.size(); i++) s.append("  run" + i + "();\n");
    return s + "  return 0;\n}\n";
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path out = directory.resolve("output");
    Process p = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
        .redirectOutput(out.toFile()).start();
    assertTrue(p.waitFor(120, TimeUnit.SECONDS), () -> command[0] + " does not end");
    String said = Files.readString(out).replace("\r\n", "\n");
    assertEquals(0, p.exitValue(), said);
    return said;
  }

  private static String jdk(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool).toString();
  }

  private static boolean hasCompiler() throws InterruptedException {
    try {
      return new ProcessBuilder("cc", "--version").redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String expected(List<Model> models) {
    StringBuilder s = new StringBuilder();
    for (Model m : models) s.append(expected(m));
    return s.toString();
  }

  @Test void aJavaClassPredictsTheBitsOfTheModel() throws IOException, InterruptedException {
    List<Model> models = models();
    for (int i = 0; i < models.size(); i++) PredictorSource.write(models.get(i), directory.resolve("M" + i + ".java"));
    Files.writeString(directory.resolve("Run.java"), javaProgram(models));
    assertEquals("", run(jdk("javac"), "-Xlint:all", "-Werror", "-encoding", "UTF-8", "Run.java"));
    assertEquals(expected(models), run(jdk("java"), "-XX:+UseSerialGC", "-cp", ".", "Run"));
  }

  @Test void aCHeaderPredictsTheBitsOfTheModel() throws IOException, InterruptedException {
    assumeTrue(hasCompiler(), "no C compiler named cc");
    List<Model> models = models();
    for (int i = 0; i < models.size(); i++) PredictorSource.write(models.get(i), directory.resolve("m" + i + ".h"));
    Files.writeString(directory.resolve("run.c"), cProgram(models), StandardCharsets.UTF_8);
    String expected = expected(models);
    assertEquals("", run("cc", "-std=c99", "-pedantic-errors", "-Wall", "-Wextra", "-Werror", "run.c", "-o", "strict",
        "-lm"));
    assertEquals(expected, run(directory.resolve("strict").toString()));
    assertEquals("", run("cc", "-O3", "-march=native", "run.c", "-o", "fast", "-lm")); // may contract a·b + c
    assertEquals(expected, run(directory.resolve("fast").toString()));
  }

  @Test void randomModelsOfAnyBitsCompile() throws IOException, InterruptedException {
    List<String> classes = new ArrayList<>(List.of(jdk("javac"), "-encoding", "UTF-8"));
    StringBuilder includes = new StringBuilder();
    for (int seed = 0; seed < 60; seed++) {
      Model model = RandomModel.of(seed);
      PredictorSource.write(model, directory.resolve("R" + seed + ".java"));
      classes.add("R" + seed + ".java");
      try {
        PredictorSource.write(model, directory.resolve("r" + seed + ".h"));
        includes.append("#include \"r" + seed + ".h\"\n");
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().contains("NUL character"), e.getMessage());
      }
    }
    assertEquals("", run(classes.toArray(String[]::new)));
    assumeTrue(hasCompiler(), "no C compiler named cc");
    Files.writeString(directory.resolve("all.c"), includes + "int main(void) { return 0; }\n");
    assertEquals("", run("cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "all.c", "-o", "all", "-lm"));
  }

  @Test void onlyWideModelsTakeAWorkspaceInC() throws IOException {
    int[] needed = {0, 0};
    for (int k = 0; k < 2; k++) { // x, y, p
      int hidden = PredictorSource.MOST_STACK - 2 + k;
      Model model = new Model(Network.input(1).dense(hidden, new Relu()).dense(1, new Linear()).build(1),
          Encoding.plain(1, 1), Map.of());
      assertEquals(k == 1, PredictorSource.needsWorkspace(model));
      PredictorSource.write(model, directory.resolve("a.h"));
      PredictorSource.write(model, directory.resolve("A.java"));
      assertFalse(Files.readString(directory.resolve("A.java")).contains("orkspace"));
      needed[k] = Files.readString(directory.resolve("a.h")).contains("#define A_WORKSPACE " + (hidden + 2)) ? 1 : 0;
    }
    assertEquals(List.of(0, 1), List.of(needed[0], needed[1]));
  }

  @Test void theSameModelGivesTheSameFile() throws IOException {
    Model model = models().get(0);
    for (String name : List.of("A.java", "a.h")) {
      PredictorSource.write(model, directory.resolve(name));
      byte[] first = Files.readAllBytes(directory.resolve(name));
      PredictorSource.write(model, directory.resolve(name));
      assertEquals(-1, Arrays.mismatch(first, Files.readAllBytes(directory.resolve(name))));
    }
  }

  @Test void theNameOfTheFileNamesTheFunctions() {
    assertEquals("iris", CSource.prefix("Iris.h"));
    assertEquals("my_model_2", CSource.prefix("my-model 2.h"));
    assertEquals("model2", CSource.prefix("2.h"));
    assertEquals("model_x", CSource.prefix("äx.h"));
  }

  @Test void whatCannotBeWrittenIsRefused() {
    Model model = new Model(Network.input(2).dense(2, new Softmax()).build(1),
        Encoding.plain(2, List.of("a", "b\0")), Map.of());
    refused("'iris' cannot be the name of the class. Choose a file name of letters, digits and _ that starts with a "
        + "capital, such as Iris.java.", model, "iris.java");
    refused("'Math' cannot be the name of the class. Choose a file name of letters, digits and _ that starts with a "
        + "capital, such as Iris.java.", model, "Math.java");
    refused("expected a file name ending in .h or .java, found 'iris.c'", model, "iris.c");
    refused("labels has the value \"b\\u0000\", and a string of C cannot contain a NUL character. Change it in the "
        + "data and train again, or export to FILE.java.", model, "iris.h");
    List<String> many = new ArrayList<>();
    for (int i = 0; i <= JavaSource.MOST_STRINGS; i++) many.add("c" + i);
    Model wide = new Model(Network.input(2).dense(many.size(), new Softmax()).build(1),
        Encoding.plain(2, many), Map.of());
    refused("the model has 5001 names or categories in a list, and a Java class holds at most 5000. Export to FILE.h "
        + "or FILE.onnx.", wide, "Iris.java");
  }

  private void refused(String message, Model model, String name) {
    Path file = directory.resolve(name);
    assertEquals(message,
        assertThrows(IllegalArgumentException.class, () -> PredictorSource.write(model, file)).getMessage());
    assertFalse(Files.exists(file));
  }
}
