// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.format.Formatting;
import chainrule.io.ImportedModel;
import chainrule.io.Json;
import chainrule.io.Model;
import chainrule.io.ModelImport;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code import FILE --out MODEL.npz}: converts weights that another program has saved into a model. */
final class ImportCommand {
  /** The most names of inputs, classes and unused arrays that are printed. */
  private static final int MOST_SHOWN = 12;
  private static final int MOST_CHARACTERS = 100;

  /** Names of activations in other programs, in small letters without separators. */
  private static final Map<String, String> FOREIGN = Map.of("logistic", "sigmoid", "identity", "linear", "none",
      "linear", "swish", "silu", "leakyrelu", "leaky-relu", "logsoftmax", "softmax");
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4})[x×]([1-9]\\d{0,4})");

  private final PrintStream out;

  ImportCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.IMPORT, args);
    String name = a.operands(Command.IMPORT, "a file").get(0);
    Path file = InputFiles.path(name);
    if (!Files.exists(file)) throw new UsageException(name + ": no such file; expected an .npz or .onnx file");
    InputFiles.requireReadable(file);
    String to = a.value(Option.OUT).orElseThrow(() -> new UsageException(
        "import requires --out MODEL.npz: ./chainrule " + Command.IMPORT.usage));
    InputFiles.refuseOverwriting(a, Option.OUT, List.of(name));
    OutputNames.requireSuffixes(Command.IMPORT, a);
    ImportedModel imported = reader(a, file).read();
    requireFinite(name, imported.model());
    imported.model().write(InputFiles.path(to));
    print(name, to, imported);
    if (a.has(Option.JSON)) out.println(Json.text(json(to, imported)));
  }

  private static ModelImport reader(Arguments a, Path file) {
    ModelImport reader = ModelImport.of(file).kernels(TrainingRequest.kernels(a, 1));
    a.value(Option.LAYERS).ifPresent(spec -> addLayers(reader, spec));
    if (a.has(Option.NO_BIAS)) reader.noBias();
    a.value(Option.MATRICES).ifPresent(shape -> {
      if (!List.of("out-in", "in-out").contains(shape)) {
        throw new UsageException(Option.MATRICES.flag + ": expected out-in or in-out, found '" + shape + "'");
      }
      reader.transposed(shape.equals("out-in"));
    });
    a.value(Option.IMAGES).ifPresent(size -> addImages(reader, size));
    TableColumns.task(a).ifPresent(reader::task);
    try {
      a.value(Option.ARRAYS).ifPresent(names -> reader.arrays(names(names)));
      a.value(Option.SCALING).ifPresent(names -> reader.scaling(names(names)));
      a.value(Option.CLASSES).ifPresent(names -> reader.classes(names(names)));
      a.value(Option.FEATURES).ifPresent(names -> reader.features(names(names)));
      a.value(Option.TARGET).ifPresent(names -> reader.targets(names(names)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
    return reader;
  }

  private static List<String> names(String list) {
    return List.of(list.split(",", -1)).stream().map(String::strip).toList();
  }

  private static void addImages(ModelImport reader, String size) {
    Matcher m = SIZE.matcher(size.strip());
    if (!m.matches()) {
      throw new UsageException(Option.IMAGES.flag + ": expected height x width, such as 28x28, found '" + size + "'");
    }
    reader.images(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
  }

  private static void addLayers(ModelImport reader, String spec) {
    for (String layer : spec.split(",", -1)) {
      int colon = layer.indexOf(':');
      String units = (colon < 0 ? layer : layer.substring(0, colon)).strip();
      String rest = colon < 0 ? "" : layer.substring(colon + 1).strip();
      try {
        if (colon < 0) throw new NumberFormatException();
        if (units.equals("dropout")) reader.dropout(Double.parseDouble(rest));
        else reader.dense(Integer.parseInt(units), activation(rest));
      } catch (NumberFormatException e) {
        throw new UsageException("--layers: expected units:activation for each layer, such as 64:relu,3:softmax, "
            + "found '"
            + layer + "'");
      } catch (IllegalArgumentException e) {
        throw new UsageException("--layers: " + e.getMessage());
      }
    }
  }

  private static Activation activation(String spec) {
    try {
      return Activations.parse(spec);
    } catch (IllegalArgumentException e) {
      String name = spec.split(":", 2)[0];
      boolean known = Activations.names().contains(name);
      String here = FOREIGN.get(name.toLowerCase(Locale.ROOT).replaceAll("[_-]", ""));
      throw new IllegalArgumentException(e.getMessage() + (known ? "" : here != null ? "; did you mean " + here + "?"
          : SpellingHint.of(name, Activations.names())));
    }
  }

  /** Refuses weights that no prediction can use. */
  private static void requireFinite(String name, Model model) {
    for (Network network : model.networks()) {
      for (double weight : network.parameters()) {
        if (!Double.isFinite(weight)) {
          throw new DataException(name + ": a weight is " + weight + ", so the model could not predict");
        }
      }
    }
  }

  // ---------------------------------------------------------------- output

  private void print(String name, String to, ImportedModel imported) {
    Model model = imported.model();
    Target t = model.encoding().target();
    out.println("read      " + name + ": " + Formatting.line(imported.source(), MOST_CHARACTERS));
    out.printf(Locale.ROOT, "network   %s, %,d parameters%n", model.describeLayers(), model.parameters());
    List<String> inputs = model.encoding().inputColumns().stream().map(InputColumn::name).toList();
    out.println("inputs    " + model.encoding().imageSize().map(
        s -> "images of " + s.height() + " × " + s.width() + " pixels, divided by 255").orElse(listed(inputs)));
    out.println((t.names().size() > 1 ? "targets   " : "target    ") + listed(t.names())
        + (t.isClass() ? ": " + t.labels().size() + " classes, " + listed(t.labels()) : ""));
    if (!imported.unused().isEmpty()) out.println("unused    " + listed(imported.unused()));
    Notices.print(out, imported.notes(), "--json lists all");
    out.println("wrote     " + to);
  }

  private static String listed(List<String> names) {
    List<String> shown = names.stream().limit(MOST_SHOWN).map(n -> Formatting.line(n, MOST_CHARACTERS)).toList();
    return String.join(", ", shown) + (names.size() > MOST_SHOWN ? ", … (" + names.size() + ")" : "");
  }

  private static Map<String, Object> json(String to, ImportedModel imported) {
    Model model = imported.model();
    Target t = model.encoding().target();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("out", to);
    json.put("source", imported.source());
    json.put("network", model.describeLayers());
    json.put("parameters", model.parameters());
    json.put("inputs", model.encoding().inputColumns().stream().map(InputColumn::name).toList());
    json.put("task", t.task().name().toLowerCase(Locale.ROOT));
    json.put("targets", t.names());
    json.put("classes", t.labels());
    json.put("unused", imported.unused());
    json.put("notices", imported.notes());
    return json;
  }
}
