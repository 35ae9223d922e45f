// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Target;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a model as source code that predicts one row at a time and needs nothing else: a C99 header or a Java class.
 * <pre>{@code
 * PredictorSource.write(Model.read(Path.of("iris.npz")), Path.of("iris.h"));      // or Path.of("Iris.java")
 *
 *   double outputs[IRIS_OUTPUTS];                          double[] outputs = Iris.predict(5.1, 3.5, 1.4, 0.2);
 *   iris_predict(numbers, outputs);                        String label = Iris.label(outputs);
 *   puts(iris_label(outputs));
 * }</pre>
 * The code contains preprocessing, networks, and class labels; weights are hexadecimal. It repeats the arithmetic of
 * {@link chainrule.kernels.Kernels}, so predictions have the bits of Chainrule's, for all activations. It requires
 * IEEE 754 doubles and a correct {@code fma}, which C99 and Java specify.
 * <pre>
 *   numbers   the numeric columns, in the model's order, not standardized; NaN is missing; dates are days since
 *             1970-01-01; for images the pixels, row by row
 *   strings     the columns of categories, without spaces around them, in C as UTF-8; empty or null is missing
 *   outputs   the probability of each class or label, or each target in its own unit
 * </pre>
 * The code does not check numbers: where Chainrule refuses an infinite one, it computes with it. Each call is
 * independent of others, so threads may call at once. In C the arrays of a call are on the stack if they have at most
 * {@value #MOST_STACK} numbers (32 KiB) together. The predictor of a wider model has one more parameter, after the
 * outputs: a workspace of {@code IRIS_WORKSPACE} doubles that the call overwrites, a different one for each thread.
 */
public final class PredictorSource {
  /** The most numbers that a C predictor has on the stack. */
  static final int MOST_STACK = 4096;
  /** Names that the Java code uses, which a class of that name would hide. */
  private static final Set<String> USED_BY_JAVA =
      Set.of("Math", "Double", "Integer", "String", "IllegalArgumentException");

  private final Model model;
  private final SourceLanguage language;
  private final Appendable out;
  /** The numbers that the arrays of a call hold. */
  private final int workspace;
  private final boolean onStack;
  private final List<InputColumn> numbers = new ArrayList<>();
  private final List<InputColumn> strings = new ArrayList<>();
  private final List<Integer> numberPlaces = new ArrayList<>(), stringPlaces = new ArrayList<>();

  private PredictorSource(Model model, SourceLanguage language, Appendable out) {
    this.model = model;
    this.language = language;
    this.out = out;
    int place = 0;
    for (InputColumn in : model.encoding().inputColumns()) {
      (in.isNumber() ? numbers : strings).add(in);
      (in.isNumber() ? numberPlaces : stringPlaces).add(place);
      place += in.width();
    }
    workspace = hiddenPlace() + model.networks().stream().mapToInt(
        n -> hidden(n).values().stream().mapToInt(v -> v).sum()).max().orElseThrow();
    onStack = language instanceof JavaSource || workspace <= MOST_STACK;
  }

  /** Returns the numbers of the arrays x, y and member, which precede those of hidden layers. */
  private int hiddenPlace() {
    return model.encoding().inputs() + model.architecture().outputs() * Math.min(2, model.networks().size());
  }

  /**
   * {@return whether the C predictor of a model takes a workspace from its caller}
   *
   * @param model the model
   */
  public static boolean needsWorkspace(Model model) {
    return !new PredictorSource(model, new CSource("model.h"), null).onStack;
  }

  /**
   * Writes the whole file or nothing ({@link SafeFile}).
   *
   * @param model the model
   * @param file a name that ends in {@code .h} or {@code .java}
   * @throws IllegalArgumentException for another name, a name that is not a Java class, an activation that is not built
   *     in, or strings that Java cannot hold; no file is written
   * @throws UncheckedIOException if the file cannot be written
   */
  public static void write(Model model, Path file) {
    String name = file.getFileName().toString();
    SourceLanguage language = language(name);
    for (Network network : model.networks()) {
      for (Layer layer : network.layers()) new SourceFunctions().apply(layer.activation(), "z", 1);
    }
    try {
      SafeFile.write(file, stream -> {
        BufferedWriter writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.US_ASCII));
        new PredictorSource(model, language, writer).write();
        writer.flush();
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return the prefix of the functions in a C header: {@code iris} for {@code iris.h}}
   *
   * @param header the name of the file
   */
  public static String prefix(String header) {
    return CSource.prefix(header);
  }

  private static SourceLanguage language(String name) {
    if (name.endsWith(".h")) return new CSource(name);
    if (!name.endsWith(".java")) {
      throw new IllegalArgumentException("expected a file name ending in .h or .java, found '" + name + "'");
    }
    String type = name.substring(0, name.length() - ".java".length());
    if (!type.matches("[A-Z][A-Za-z0-9_]*") || USED_BY_JAVA.contains(type)) {
      throw new IllegalArgumentException("'" + type + "' cannot be the name of the class. Choose a file name of "
          + "letters, digits and _ that starts with a capital, such as Iris.java.");
    }
    return new JavaSource(type);
  }

  private void write() throws IOException {
    Target target = model.encoding().target();
    language.begin(out, description(target));
    if (!numbers.isEmpty()) language.number(out, "numbers", numbers.size());
    if (!strings.isEmpty()) language.number(out, "strings", strings.size());
    language.number(out, "outputs", target.isClass() ? target.labels().size() : target.names().size());
    if (!onStack) language.number(out, "workspace", workspace);
    names("number_names", numbers);
    names("string_names", strings);
    language.strings(out, target.isClass() ? "labels" : "output_names",
        target.isClass() ? target.labels() : target.names());
    encodingTables();
    parameters();

    SourceFunctions functions = new SourceFunctions();
    functions.use("dense");
    List<String> networks = new ArrayList<>();
    for (int m = 0; m < model.networks().size(); m++) networks.add(network(functions, m));
    member(language.bitFunctions());
    if (!strings.isEmpty()) member(language.categoryFunction());
    for (String f : functions.sources()) member(f);
    member(encode());
    for (String n : networks) member(n);
    member(predict(target));
    member(decision(target));
    language.end(out);
  }

  private void member(String code) throws IOException {
    if (!code.isEmpty()) out.append('\n').append(language.member(language.render(code)));
  }

  private List<String> description(Target target) {
    List<String> lines = new ArrayList<>();
    String network = model.describeLayers().replace("→", "->").replace("×", "x").replaceAll("[^ -~]", "?");
    lines.add("Predicts one row: " + network + ", written by " + Version.PRODUCER + ".");
    lines.add("");
    if (!numbers.isEmpty()) {
      lines.add("numbers: the numeric columns (" + numbers.size() + "), in the order of " + shown("number_names")
          + "; NaN is missing; dates are days since 1970-01-01");
    }
    if (!strings.isEmpty()) {
      lines.add("strings: the columns of categories (" + strings.size() + "), in the order of " + shown("string_names")
          + ", without spaces around them; empty is missing");
    }
    lines.add("outputs: " + switch (target.task()) {
      case CLASSIFY -> "the probability of each class, in the order of " + shown("labels");
      case REGRESS -> "each target in its own unit, in the order of " + shown("output_names");
      case MULTILABEL -> "the probability of each label, in the order of " + shown("output_names");
    });
    if (!onStack) {
      lines.add("workspace: an array that the call overwrites, since " + workspace + " numbers may exceed the stack; "
          + "each thread needs its own");
    }
    return lines;
  }

  private String shown(String constant) {
    return language.constant(constant);
  }

  private void names(String name, List<InputColumn> columns) throws IOException {
    if (columns.isEmpty() || model.encoding().imageSize().isPresent()) return;
    language.strings(out, name, columns.stream().map(InputColumn::name).toList());
  }

  // ---------------------------------------------------------------- preprocessing

  private boolean hasPieces() {
    return numbers.stream().anyMatch(in -> in.pieces().count() > 0);
  }

  private boolean hasIndicators() {
    return numbers.stream().anyMatch(InputColumn::indicator);
  }

  private void encodingTables() throws IOException {
    if (!numbers.isEmpty()) {
      doubles("medians", numbers.stream().mapToDouble(InputColumn::median).toArray());
      doubles("means", numbers.stream().mapToDouble(InputColumn::mean).toArray());
      doubles("deviations", numbers.stream().mapToDouble(InputColumn::deviation).toArray());
      integers("places", numberPlaces);
    }
    if (hasPieces()) {
      List<Integer> pieces = new ArrayList<>(List.of(0));
      List<Double> knots = new ArrayList<>(), widths = new ArrayList<>(), means = new ArrayList<>();
      for (InputColumn in : numbers) {
        PiecewiseLinear p = in.pieces();
        for (int k = 0; k < p.count(); k++) {
          knots.add(p.knot(k));
          widths.add(p.knot(k + 1) - p.knot(k));
          means.add(p.mean(k));
        }
        pieces.add(knots.size());
      }
      integers("pieces", pieces);
      doubles("piece_knots", knots.stream().mapToDouble(v -> v).toArray());
      doubles("piece_widths", widths.stream().mapToDouble(v -> v).toArray());
      doubles("piece_means", means.stream().mapToDouble(v -> v).toArray());
    }
    if (hasIndicators()) integers("indicators", numbers.stream().map(in -> in.indicator() ? 1 : 0).toList());
    for (int i = 0; i < strings.size(); i++) language.strings(out, "categories" + i, strings.get(i).categories());
  }

  private void doubles(String name, double[] values) throws IOException {
    language.doubles(out, name, values, 0, values.length);
  }

  private void integers(String name, List<Integer> values) throws IOException {
    language.integers(out, name, values.stream().mapToInt(v -> v).toArray());
  }

  private String arguments() {
    return (numbers.isEmpty() ? "" : "numbers, ") + (strings.isEmpty() ? "" : "strings, ");
  }

  /** Returns the function from raw cells to the network's inputs x. */
  private String encode() {
    StringBuilder s = new StringBuilder("@fn void @encode(" + (numbers.isEmpty() ? "" : "@in numbers, ")
        + (strings.isEmpty() ? "" : "@strings strings, ") + "@out x) {\n");
    if (!numbers.isEmpty()) {
      s.append("  for (int i = 0; i < " + numbers.size() + "; i++) {\n"
          + "    double v = numbers[i] != numbers[i] ? @@medians[i] : numbers[i];\n"
          + "    int at = @@places[i];\n"
          + "    x[at++] = (v - @@means[i]) / @@deviations[i];\n");
      if (hasPieces()) {
        s.append("    for (int k = @@pieces[i]; k < @@pieces[i + 1]; k++) {\n"
            + "      double part = (v - @@piece_knots[k]) / @@piece_widths[k];\n"
            + "      x[at++] = " + SourceLanguage.hex(PiecewiseLinear.scale())
            + " * ((part > 0 ? part < 1 ? part : 1 : 0) - @@piece_means[k]);\n"
            + "    }\n");
      }
      if (hasIndicators()) s.append("    if (@@indicators[i] == 1) x[at] = numbers[i] != numbers[i] ? 1 : 0;\n");
      s.append("  }\n");
    }
    if (!strings.isEmpty()) s.append("  int c;\n");
    for (int i = 0; i < strings.size(); i++) {
      InputColumn in = strings.get(i);
      int n = in.categories().size(), place = stringPlaces.get(i);
      s.append("  for (int k = 0; k < " + in.width() + "; k++) x[" + place + " + k] = 0;\n"
          + "  c = @category(@@categories" + i + ", " + n + ", strings[" + i + "], "
          + (in.missingCategory() ? n : in.categories().lastIndexOf("")) + ");\n"
          + "  if (c >= 0) x[" + place + " + c] = 1;\n");
    }
    return s.append("}\n").toString();
  }

  // ---------------------------------------------------------------- networks

  private String prefix(int m) {
    return model.networks().size() == 1 ? "" : "member" + m + "_";
  }

  private void parameters() throws IOException {
    for (int m = 0; m < model.networks().size(); m++) {
      Network network = model.networks().get(m);
      for (int l = 0; l < network.layers().size(); l++) {
        if (!(network.layers().get(l) instanceof Dense d)) continue;
        double[] theta = network.parameters();
        language.doubles(out, prefix(m) + "layer" + l + "_weights", theta, d.offset(), d.weights());
        language.doubles(out, prefix(m) + "layer" + l + "_bias", theta, d.offset() + d.weights(), d.outputs());
      }
    }
  }

  /** Returns the sizes of p and q, in which the hidden layers of a network are, in turns. */
  private static Map<String, Integer> hidden(Network network) {
    Map<String, Integer> sizes = new TreeMap<>();
    String a = "x";
    for (Layer layer : network.layers().subList(0, network.layers().size() - 1)) {
      if (layer instanceof Dropout) continue;
      a = next(a);
      sizes.merge(a, layer.outputs(), Math::max);
    }
    return sizes;
  }

  private static String next(String array) {
    return array.equals("p") ? "q" : "p";
  }

  /** Returns a statement that declares an array of a call, on the stack or at a place in the workspace. */
  private String local(String name, int n, int place) {
    return onStack ? language.local(name, n) : "  double *" + name + " = workspace + " + place + ";\n";
  }

  /** Returns the last parameter or argument of a function of networks; empty if their arrays are on the stack. */
  private String workspace(String text) {
    return onStack ? "" : ", " + text;
  }

  /** Returns the function from x to the outputs y of one network. */
  private String network(SourceFunctions functions, int m) {
    Network network = model.networks().get(m);
    StringBuilder s = new StringBuilder();
    String a = "x";
    int last = network.layers().size() - 1;
    for (int l = 0; l <= last; l++) {
      Layer layer = network.layers().get(l);
      if (layer instanceof Dropout) continue; // has no effect on predictions
      String z = l == last ? "y" : next(a);
      if (layer instanceof Dense d) {
        String name = "@@" + prefix(m) + "layer" + l;
        s.append("  @dense(" + d.inputs() + ", " + d.outputs() + ", " + name + "_weights, " + name + "_bias, " + a
            + ", " + z + ");\n");
      } else {
        s.append("  for (int j = 0; j < " + layer.outputs() + "; j++) " + z + "[j] = " + a + "[j];\n");
      }
      s.append(functions.apply(layer.activation(), z, layer.outputs()));
      a = z;
    }
    StringBuilder locals = new StringBuilder();
    int place = 0;
    for (Map.Entry<String, Integer> e : hidden(network).entrySet()) {
      locals.append(local(e.getKey(), e.getValue(), place));
      place += e.getValue();
    }
    boolean unused = !onStack && place == 0;
    return "@fn void @" + prefix(m) + "network(@in x, @out y" + workspace("@out workspace") + ") {\n" + locals
        + (unused ? "  (void) workspace;\n" : "") + s + "}\n";
  }

  /** Returns the function from raw cells to outputs: the mean of the networks in their order, then decoded. */
  private String predict(Target target) {
    int n = model.architecture().outputs(), count = model.networks().size(), inputs = model.encoding().inputs();
    StringBuilder s = new StringBuilder(
        language.beginPredict(!numbers.isEmpty(), !strings.isEmpty(), workspace("@out workspace")));
    s.append(local("x", inputs, 0)).append(local("y", n, inputs));
    if (count > 1) s.append(local("member", n, inputs + n));
    String rest = workspace("workspace + " + hiddenPlace());
    s.append("  @encode(" + arguments() + "x);\n  @" + prefix(0) + "network(x, y" + rest + ");\n");
    for (int m = 1; m < count; m++) {
      s.append("  @" + prefix(m) + "network(x, member" + rest + ");\n"
          + "  for (int j = 0; j < " + n + "; j++) y[j] = y[j] + member[j];\n");
    }
    if (count > 1) s.append("  for (int j = 0; j < " + n + "; j++) y[j] = y[j] / " + count + ";\n");
    if (target.isClass() && n == 1) {
      s.append("  outputs[0] = 1 - y[0];\n  outputs[1] = y[0];\n");
    } else if (target.isClass() || target.isMultilabel()) {
      s.append("  for (int j = 0; j < " + n + "; j++) outputs[j] = y[j];\n");
    } else {
      for (int j = 0; j < n; j++) {
        s.append("  outputs[" + j + "] = y[" + j + "] * " + SourceLanguage.hex(target.deviation(j)) + " + "
            + SourceLanguage.hex(target.mean(j)) + ";\n");
      }
    }
    return s.append(language.endPredict()).toString();
  }

  /** Returns the functions that decide from probabilities; empty for regression. */
  private String decision(Target target) {
    if (target.isMultilabel()) {
      return """
          /* Returns 1 if the row has the label, else 0. */
          @api int @has(@in outputs, int label) {
            return outputs[label] >= 0.5 ? 1 : 0;
          }
          """;
    }
    if (!target.isClass()) return "";
    double threshold = model.calibration().threshold();
    boolean one = model.architecture().outputs() == 1;
    String head = "/* Returns the index of the predicted class. */\n@api int @class_of(@in outputs) {\n";
    if (one || !Double.isNaN(threshold)) {
      return head + "  return outputs[1] >= " + SourceLanguage.hex(one && Double.isNaN(threshold) ? 0.5 : threshold)
          + " ? 1 : 0;\n}\n" + language.labelFunction();
    }
    return head + "  int best = 0;\n  for (int j = 1; j < " + target.labels().size()
        + "; j++) if (outputs[j] > outputs[best]) best = j;\n  return best;\n}\n" + language.labelFunction();
  }
}
