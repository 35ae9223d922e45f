// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.ColumnType;
import chainrule.data.DataException;
import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Target;
import chainrule.kernels.Kernels;
import chainrule.metrics.ConformalScores;
import chainrule.metrics.TrivialBaseline;
import chainrule.nn.Dense;
import chainrule.nn.Dropout;
import chainrule.nn.Initialization;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Writes and reads a {@link Model} as an {@code .npz}, in the format that its Javadoc defines. */
final class ModelFormat {
  private ModelFormat() {}

  static final String JSON = "model.json";
  private static final String FORMAT = "chainrule";
  private static final int VERSION = 1, ENSEMBLE_VERSION = 2, PIECES_VERSION = 3;
  /** Limit on the bytes of JSON read; enough for thousands of columns of 1,000 categories each. */
  static final int MOST_JSON = 1 << 28;

  // ---------------------------------------------------------------- writing

  static SafeFile.Content content(Model model) {
    String json = Json.text(describe(model));
    return out -> {
      try (Npz.Writer npz = new Npz.Writer(out)) {
        write(npz, model, json, model.networks().stream().map(Network::parameters).toList());
      }
    };
  }

  /** @param theta the parameters of each network */
  static void write(Npz.Writer npz, Model model, String json, List<double[]> theta) throws IOException {
    npz.text(JSON, json);
    for (int m = 0; m < theta.size(); m++) {
      String prefix = prefix(m, theta.size());
      for (int l = 0; l < model.architecture().layers().size(); l++) {
        if (model.architecture().layers().get(l) instanceof Dense d) {
          npz.doubles(weight(prefix, l), theta.get(m), d.offset(), d.inputs(), d.outputs());
          npz.doubles(bias(prefix, l), theta.get(m), d.offset() + d.weights(), d.outputs());
        }
      }
    }
  }

  /** Returns what the names of a network's arrays begin with. */
  static String prefix(int member, int members) {
    return members == 1 ? "" : "member" + member + ".";
  }

  private static String weight(String prefix, int layer) {
    return prefix + "layer" + layer + ".weight";
  }

  private static String bias(String prefix, int layer) {
    return prefix + "layer" + layer + ".bias";
  }

  static Map<String, Object> describe(Model model) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("format", FORMAT);
    m.put("version", hasPieces(model.encoding()) ? PIECES_VERSION : model.isEnsemble() ? ENSEMBLE_VERSION : VERSION);
    m.put("producer", Version.PRODUCER);
    if (model.isEnsemble()) m.put("members", model.networks().size());
    m.put("inputs", model.architecture().inputs());
    m.put("layers", layers(model.architecture()));
    m.put("preprocessing", describe(model.encoding()));
    Target t = model.encoding().target();
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("names", t.names());
    target.put("labels", t.labels());
    if (t.isMultilabel()) {
      target.put("values", t.values());
    } else if (t.names().size() == 1) {
      target.put("mean", t.mean(0));
      target.put("deviation", t.deviation(0));
    } else {
      target.put("means", t.means());
      target.put("deviations", t.deviations());
    }
    m.put("target", target);
    m.put("training", model.training());
    if (!model.calibration().equals(Calibration.NONE)) m.put("calibration", describe(model.calibration()));
    model.baseline().ifPresent(b -> m.put("baseline", Arrays.stream(b.means()).boxed().toList()));
    return m;
  }

  /** Returns whether a reader that does not know pieces would encode inputs incorrectly. */
  private static boolean hasPieces(Encoding e) {
    return e.inputColumns().stream().anyMatch(in -> in.pieces().count() > 0);
  }

  private static Map<String, Object> describe(Calibration c) {
    Map<String, Object> m = new LinkedHashMap<>();
    if (!Double.isNaN(c.threshold())) m.put("threshold", c.threshold());
    List<Object> scores = new ArrayList<>();
    for (ConformalScores s : c.scores()) {
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("rows", s.rows());
      o.put("kept", Arrays.stream(s.kept()).boxed().toList());
      scores.add(o);
    }
    m.put("scores", scores);
    return m;
  }

  /** Describes the layers; two networks are the same but for their weights if this and their inputs are equal. */
  static List<Object> layers(Network network) {
    List<Object> layers = new ArrayList<>();
    for (Layer layer : network.layers()) layers.add(describe(layer));
    return layers;
  }

  private static Map<String, Object> describe(Layer layer) {
    Map<String, Object> m = new LinkedHashMap<>();
    if (layer instanceof Dense d) {
      m.put("type", "dense");
      m.put("units", d.outputs());
      m.put("activation", nameOf(d.activation()));
    } else if (layer instanceof Dropout d) {
      m.put("type", "dropout");
      m.put("rate", d.rate());
    } else {
      m.put("type", "activation");
      m.put("activation", nameOf(layer.activation()));
    }
    return m;
  }

  /** @throws IllegalArgumentException if a layer's activation cannot be stored by its name */
  static void requireStorable(Network network) {
    for (Layer layer : network.layers()) nameOf(layer.activation());
  }

  /**
   * Returns the name from which {@link Activations#parse} restores this activation.
   * @throws IllegalArgumentException if the activation is not registered, or its name stands for another one
   */
  static String nameOf(Activation a) {
    if (!Activations.isKnown(a.name())) {
      throw new IllegalArgumentException(
          "the activation " + a.name() + " cannot be stored in a file: it is not built in. "
          + "Call Activations.register before building the model");
    }
    if (!Activations.parse(a.name()).equals(a)) {
      throw new IllegalArgumentException(
          "the activation " + a.name() + " cannot be stored in a file: its name stands for "
          + "an activation that is not equal to it. Give it a name of its own, and make it a record or implement "
          + "equals");
    }
    return a.name();
  }

  private static Map<String, Object> describe(Encoding e) {
    Map<String, Object> m = new LinkedHashMap<>();
    e.imageSize().ifPresent(size -> m.put("picture", List.of(size.height(), size.width())));
    if (e.decimal() != 0) m.put("decimal", String.valueOf(e.decimal()));
    if (!e.missing().isEmpty()) m.put("missing", e.missing());
    List<Object> columns = new ArrayList<>();
    for (InputColumn in : e.inputColumns()) columns.add(describe(in));
    m.put("columns", columns);
    return m;
  }

  private static Map<String, Object> describe(InputColumn in) {
    Map<String, Object> c = new LinkedHashMap<>();
    c.put("name", in.name());
    if (in.isNumber()) {
      if (in.type() == ColumnType.DATE) c.put("type", in.type().word());
      c.put("mean", in.mean());
      c.put("deviation", in.deviation());
      if (in.median() != in.mean()) c.put("median", in.median());
      if (in.pieces().count() > 0) {
        c.put("knots", numbers(in.pieces().count() + 1, in.pieces()::knot));
        c.put("piece_means", numbers(in.pieces().count(), in.pieces()::mean));
      }
      if (in.indicator()) c.put("indicator", true);
    } else {
      c.put("categories", in.categories());
      if (in.missingCategory()) c.put("missing", true);
    }
    return c;
  }

  private static List<Double> numbers(int n, IntToDoubleFunction number) {
    return IntStream.range(0, n).mapToDouble(number).boxed().toList();
  }

  // ---------------------------------------------------------------- reading

  static Model read(ModelArrays file, Kernels kernels) {
    String source = file.source();
    if (!file.has(JSON)) {
      throw new DataException(source + ": not a Chainrule model: it has no '" + JSON + "'. If another program has "
          + "saved these weights, convert them: " + Npz.importCommand(source));
    }
    JsonObject json = JsonObject.parse(source, JSON, file.text(JSON, MOST_JSON));
    if (!json.string("format").equals(FORMAT)) throw json.error("format", "'" + FORMAT + "'");
    int version = json.whole("version");
    if (version < VERSION || version > PIECES_VERSION) {
      throw new DataException(source + ": expected model format version " + VERSION + " to " + PIECES_VERSION
          + ", found " + version + ". Use the version of Chainrule that wrote it, or a newer one.");
    }
    boolean ensemble = version == ENSEMBLE_VERSION || version == PIECES_VERSION && json.has("members");
    int members = ensemble ? json.whole("members") : 1;
    if (ensemble && (members < 2 || members > Model.MOST_NETWORKS)) {
      throw json.error("members", "2 to " + Model.MOST_NETWORKS);
    }
    try {
      List<Network> networks = new ArrayList<>();
      for (int m = 0; m < members; m++) networks.add(network(file, json, kernels, m, members));
      return new Model(networks, encoding(json), json.object("training").strings(), calibration(json),
          baseline(json));
    } catch (IllegalArgumentException e) {
      throw new DataException(source + ": inconsistent " + JSON + ": " + e.getMessage());
    }
  }

  private static Network network(ModelArrays file, JsonObject json, Kernels kernels, int member, int members) {
    Network.Builder builder = Network.input(json.whole("inputs")).kernels(kernels);
    List<JsonObject> layers = json.objects("layers");
    String prefix = prefix(member, members);
    long width = json.whole("inputs"), parameters = 0;
    for (int l = 0; l < layers.size(); l++) {
      JsonObject layer = layers.get(l);
      switch (layer.string("type")) {
        case "dense" -> {
          int units = layer.whole("units");
          parameters += width * units + units;
          if (parameters > file.mostNumbers() / members) { // before allocating them
            file.requireOwnForm(weight(prefix, l));
            throw new DataException(file.source() + ": " + JSON + " describes more parameters than the file contains");
          }
          builder.dense(units, activation(file, layer), Initialization.ZEROS);
          width = units;
        }
        case "dropout" -> builder.dropout(layer.number("rate"));
        case "activation" -> builder.activation(activation(file, layer));
        default -> throw layer.error("type", "dense, dropout or activation");
      }
    }
    Network network;
    try {
      network = builder.build(0);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(e.getMessage());
    }
    for (int l = 0; l < network.layers().size(); l++) {
      if (network.layers().get(l) instanceof Dense d) {
        file.doubles(weight(prefix, l), network.parameters(), d.offset(), d.inputs(), d.outputs());
        file.doubles(bias(prefix, l), network.parameters(), d.offset() + d.weights(), d.outputs());
      }
    }
    return network;
  }

  private static Activation activation(ModelArrays file, JsonObject layer) {
    String spec = layer.string("activation");
    if (Activations.isKnown(spec)) return Activations.parse(spec);
    throw new DataException(file.source() + ": no activation '" + spec + "'; only a program that registers it "
        + "(Activations.register) can read this model");
  }

  private static Calibration calibration(JsonObject json) {
    if (!json.has("calibration")) return Calibration.NONE;
    JsonObject c = json.object("calibration");
    List<ConformalScores> scores = new ArrayList<>();
    for (JsonObject s : c.objects("scores")) {
      scores.add(new ConformalScores(
          s.whole("rows"), doubles(s.numberList("kept"))));
    }
    return new Calibration(c.has("threshold") ? c.number("threshold") : Double.NaN, scores);
  }

  private static Optional<TrivialBaseline> baseline(JsonObject json) {
    if (!json.has("baseline")) return Optional.empty();
    double[] means = json.numberList("baseline").stream().mapToDouble(Double::doubleValue).toArray();
    return Optional.of(TrivialBaseline.ofMeans(means));
  }

  private static Encoding encoding(JsonObject json) {
    JsonObject preprocessing = json.object("preprocessing");
    List<InputColumn> inputs = new ArrayList<>();
    for (JsonObject c : preprocessing.objects("columns")) inputs.add(input(c));
    Encoding encoding = new Encoding(inputs, target(json.object("target")));
    if (preprocessing.has("decimal")) {
      String mark = preprocessing.string("decimal");
      if (!mark.equals(".") && !mark.equals(",")) throw preprocessing.error("decimal", "'.' or ','");
      encoding = encoding.withDecimal(mark.charAt(0));
    }
    if (preprocessing.has("missing")) encoding = encoding.withMissing(preprocessing.stringList("missing"));
    if (!preprocessing.has("picture")) return encoding;
    int[] size = preprocessing.wholeList("picture");
    if (size.length != 2) throw preprocessing.error("picture", "height and width");
    return encoding.withImageSize(new Encoding.ImageSize(size[0], size[1]));
  }

  private static InputColumn input(JsonObject c) {
    String name = c.string("name");
    if (c.has("categories")) {
      return InputColumn.categories(name, c.stringList("categories"), c.has("missing") && c.bool("missing"));
    }
    double mean = c.number("mean"), deviation = c.number("deviation");
    double median = c.has("median") ? c.number("median") : mean;
    boolean indicator = c.has("indicator") && c.bool("indicator");
    boolean date = c.has("type");
    if (date && !c.string("type").equals(ColumnType.DATE.word())) {
      throw c.error("type", "'" + ColumnType.DATE.word() + "'");
    }
    InputColumn in = date ? InputColumn.date(name, mean, deviation, median, indicator)
        : InputColumn.number(name, mean, deviation, median, indicator);
    return c.has("knots") ? in.withPieces(pieces(c)) : in;
  }

  private static PiecewiseLinear pieces(JsonObject c) {
    return new PiecewiseLinear(doubles(c.numberList("knots")), doubles(c.numberList("piece_means")));
  }

  private static double[] doubles(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Target target(JsonObject t) {
    List<String> names = t.stringList("names");
    if (t.has("values")) return Target.multilabel(names, t.stringLists("values"));
    if (!t.has("means")) {
      return new Target(names, t.stringList("labels"), t.number("mean"), t.number("deviation"));
    }
    return Target.numbers(names, t.numberList("means"), t.numberList("deviations"));
  }
}
