// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.io.ForeignNetwork.ForeignLayer;
import chainrule.io.ForeignNetwork.Scale;
import chainrule.io.NpzLayers.WeightShape;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.text.Excerpt;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Reads networks of dense layers that other programs have saved, as {@link Model}s:
 * <pre>{@code
 * Model model = ModelImport.of(Path.of("torch.npz")).dense(64, new Relu()).dense(3, new Softmax())
 *     .classes(List.of("setosa", "versicolor", "virginica")).read().model();
 * Model same = ModelImport.of(Path.of("iris.onnx")).read().model();
 * }</pre>
 * Three kinds of file are read:
 * <ul>
 *   <li><b>numpy's .npz</b>, with the weights and biases of each layer as arrays of float16, float32 or float64, from
 *       PyTorch, Keras, scikit-learn or a script. Such a file has no activations: {@link #dense} gives them. The order
 *       and the shapes of the arrays decide the rest; where they leave two readings, an error names the option.
 *   <li><b>ONNX</b>, if its graph is a network of dense layers with Chainrule's activations, and at most scales its
 *       inputs and outputs. The weights may be in a second file in the same directory, as PyTorch writes them. A file
 *       of {@link Onnx#write} gives the same model, to the bit.
 *   <li><b>a model of Chainrule</b> whose arrays numpy has saved again, as float32, compressed or in Fortran order.
 * </ul>
 * All numbers widen to double exactly. Everything else is refused with one line that names the array or the node, in
 * memory in proportion to the size of the file. Spec: ModelImportTest, OnnxImportTest.
 */
public final class ModelImport {
  /** The key in {@link Model#training} that says what a model was imported from. */
  public static final String IMPORTED = "imported";
  /** The largest value of a pixel. */
  private static final double WHITE = 255;

  private final Path file;
  private final List<ForeignLayer> layers = new ArrayList<>();
  private List<String> arrays = List.of();
  private WeightShape shape;
  private boolean noBias;
  private List<String> scaling = List.of();
  private Task task;
  private List<String> targets = List.of();
  private List<String> classes = List.of();
  private List<String> features = List.of();
  private Encoding.ImageSize images;
  private Kernels kernels;

  private ModelImport(Path file) {
    this.file = file;
  }

  /**
   * Starts to read a file; the other methods add what it does not contain.
   *
   * @param file the file
   * @return an import
   */
  public static ModelImport of(Path file) {
    return new ModelImport(file);
  }

  /**
   * Adds a layer with weights in the {@code .npz}.
   *
   * @param units its units, ≥ 1
   * @param activation its activation
   * @return this import
   */
  public ModelImport dense(int units, Activation activation) {
    if (units < 1) throw new IllegalArgumentException("expected ≥ 1 units, found " + units);
    layers.add(ForeignLayer.dense(units, activation, null, null));
    return this;
  }

  /**
   * Adds dropout between the layers of the {@code .npz}, for further training.
   *
   * @param rate the share of units to drop, in [0, 1)
   * @return this import
   */
  public ModelImport dropout(double rate) {
    layers.add(ForeignLayer.dropout(rate));
    return this;
  }

  /**
   * Sets the arrays of the {@code .npz} that are the network.
   *
   * @param names the names of W1, b1, W2, b2, and so on, all different
   * @return this import
   */
  public ModelImport arrays(List<String> names) {
    arrays = distinct("--arrays", names);
    return this;
  }

  /**
   * Sets the shape of the matrices of the {@code .npz}.
   *
   * @param outIn true for [out × in], as in PyTorch; false for [in × out], as in Keras
   * @return this import
   */
  public ModelImport transposed(boolean outIn) {
    shape = outIn ? WeightShape.OUT_IN : WeightShape.IN_OUT;
    return this;
  }

  /**
   * Says that layers without a bias in the {@code .npz} have none.
   *
   * @return this import
   */
  public ModelImport noBias() {
    noBias = true;
    return this;
  }

  /**
   * Sets two arrays of the {@code .npz} that standardize the inputs.
   *
   * @param names the names of the means and of the deviations; a prefix {@code sqrt:} takes the square roots, as in
   *     {@code sqrt:variance}
   * @return this import
   */
  public ModelImport scaling(List<String> names) {
    if (names.size() != 2) {
      throw new IllegalArgumentException("--scaling: expected the names of two arrays, found " + names.size());
    }
    scaling = distinct("--scaling", names);
    return this;
  }

  /**
   * Sets what the outputs are; without it, the activation of the output decides.
   *
   * @param outputs classes, numbers or labels
   * @return this import
   */
  public ModelImport task(Task outputs) {
    task = outputs;
    return this;
  }

  /**
   * Names the target, or each of several numbers or labels; otherwise class, y, or y1, y2, ….
   *
   * @param names one name, or one for each output; all different
   * @return this import
   */
  public ModelImport targets(List<String> names) {
    targets = distinct("--target", names);
    return this;
  }

  /**
   * Names the classes; otherwise 0, 1, ….
   *
   * @param labels the names in the order of the outputs, all different
   * @return this import
   */
  public ModelImport classes(List<String> labels) {
    classes = distinct("--classes", labels);
    return this;
  }

  /**
   * Names the columns of the inputs; otherwise x1, x2, ….
   *
   * @param names one name for each input, all different
   * @return this import
   */
  public ModelImport features(List<String> names) {
    features = distinct("--features", names);
    return this;
  }

  /**
   * Says that the inputs are the pixels of images, row by row, divided by 255, in columns pixel1, pixel2, ….
   *
   * @param height the rows of pixels, ≥ 1
   * @param width the pixels of a row, ≥ 1
   * @return this import
   */
  public ModelImport images(int height, int width) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("expected images of ≥ 1 × 1 pixels, found " + height + " × " + width);
    }
    images = new Encoding.ImageSize(height, width);
    return this;
  }

  /**
   * Sets the kernels that the network computes with; the best ones by default.
   *
   * @param chosen the kernels
   * @return this import
   */
  public ModelImport kernels(Kernels chosen) {
    kernels = chosen;
    return this;
  }

  private static List<String> distinct(String option, List<String> names) {
    if (new HashSet<>(names).size() < names.size() || names.contains("")) {
      throw new IllegalArgumentException(option + ": expected different names, found " + String.join(",", names));
    }
    return List.copyOf(names);
  }

  /**
   * Reads the file.
   *
   * @return the model, with notes on how it was read
   * @throws DataException naming the file, what is wrong with it or not known, and what to do
   */
  public ImportedModel read() {
    Kernels chosen = kernels == null ? Kernels.best() : kernels;
    try {
      return ForeignKind.of(file) == ForeignKind.ONNX ? readOnnx(chosen) : readNpz(chosen);
    } catch (IllegalArgumentException e) {
      throw error(e.getMessage());
    } catch (NoSuchFileException e) {
      throw error("no such file");
    } catch (IOException e) {
      throw error("cannot be read (" + e.getMessage() + ")");
    }
  }

  private DataException error(String what) {
    return new DataException(file + ": " + what);
  }

  // ---------------------------------------------------------------- the three kinds

  private ImportedModel readNpz(Kernels chosen) {
    try (Npz.Reader npz = Npz.Reader.openForeign(file)) {
      if (npz.has(ModelFormat.JSON)) {
        refuseArrayOptions("a model of Chainrule");
        refuseMeanings("a model of Chainrule");
        Model model = ModelFormat.read(npz, chosen);
        String type = npz.names().stream().filter(n -> !n.equals(ModelFormat.JSON)).findFirst()
            .map(n -> npz.header(n).typeName()).orElse(FloatFormat.FLOAT64.word());
        return ownModel(model, "a model of Chainrule", type);
      }
      ForeignNetwork n = new NpzLayers(
          npz, new NpzLayers.Knowledge(layers, arrays, shape, noBias, scaling, features.size())).read();
      return imported(n, chosen);
    }
  }

  private ImportedModel readOnnx(Kernels chosen) {
    OnnxFile onnx = OnnxFile.read(file);
    refuseArrayOptions("an ONNX file");
    OnnxArrays own = OnnxArrays.of(onnx);
    if (own != null) {
      refuseMeanings("a model of Chainrule");
      Model model = ModelFormat.read(own, chosen);
      return ownModel(model, "ONNX of a Chainrule model", own.typeName());
    }
    try {
      return imported(OnnxLayers.read(onnx), chosen);
    } catch (DataException e) {
      if (onnx.metadata(Onnx.MODEL) == null) throw e;
      throw new DataException(e.getMessage() + ". Chainrule has exported this file, but another program has changed "
          + "its nodes since: import the original.");
    }
  }

  /** Returns a model that Chainrule has written; a note says whether its weights have been rounded since. */
  private static ImportedModel ownModel(Model model, String source, String type) {
    boolean rounded = !type.endsWith("float64");
    return new ImportedModel(model, source + (rounded ? ", weights of " + type : ""), rounded ? List.of("the file has "
        + "the weights in " + type + ", so predictions differ from those of the original model, which has float64")
        : List.of(), List.of());
  }

  private void refuseArrayOptions(String kind) {
    refuse(!layers.isEmpty(), "--layers", kind);
    refuse(!arrays.isEmpty(), "--arrays", kind);
    refuse(shape != null, "--matrices", kind);
    refuse(noBias, "--no-bias", kind);
    refuse(!scaling.isEmpty(), "--scaling", kind);
  }

  private void refuseMeanings(String kind) {
    refuse(task != null, "--task", kind);
    refuse(!targets.isEmpty(), "--target", kind);
    refuse(!classes.isEmpty(), "--classes", kind);
    refuse(!features.isEmpty(), "--features", kind);
    refuse(images != null, "--images", kind);
  }

  private void refuse(boolean given, String option, String kind) {
    if (given) throw error(option + " does not apply to " + kind + ", which contains it; remove " + option);
  }

  // ---------------------------------------------------------------- the model

  private ImportedModel imported(ForeignNetwork n, Kernels chosen) {
    List<String> notes = new ArrayList<>(n.notes());
    ForeignNetwork complete = withProbabilities(n, notes);
    Network network = complete.network(chosen);
    Encoding encoding = new Encoding(inputs(n, network.inputs()), target(complete, network));
    if (images != null) encoding = encoding.withImageSize(images);
    for (InputColumn in : encoding.inputColumns()) {
      if (encoding.target().names().contains(in.name())) {
        throw error("'" + Excerpt.of(in.name()) + "' is both an input and a target; choose another --target");
      }
    }
    Map<String, String> about = new LinkedHashMap<>();
    about.put(IMPORTED, file.getFileName() + ", " + n.source());
    return new ImportedModel(new Model(network, encoding, about), n.source(), notes, n.unused());
  }

  /** Returns the network with an output of probabilities if its output is linear, but classes or labels are wanted. */
  private ForeignNetwork withProbabilities(ForeignNetwork n, List<String> notes) {
    boolean forClasses = task == Task.CLASSIFY || task == null && !(classes.isEmpty() && n.labels().isEmpty());
    ForeignLayer last = n.layers().get(n.layers().size() - 1);
    boolean linear = last.activation() instanceof Linear && (last.isDense() || n.outputScale().isNone());
    if (!linear || !(forClasses || task == Task.MULTILABEL)) return n;
    Activation output = last.units() == 1 || task == Task.MULTILABEL ? new Sigmoid() : new Softmax();
    notes.add("its output is linear; the model applies " + output.name() + " to it, which gives the probabilities that "
        + "training with logits has meant");
    List<ForeignLayer> all = new ArrayList<>(n.layers());
    if (last.isDense() && !n.outputScale().isNone()) {
      last = last.scaledOutputs(n.width(all.size() - 1), n.outputScale().deviations(), n.outputScale().means());
    }
    all.set(all.size() - 1, last.isDense() ? ForeignLayer.dense(last.units(), output, last.weights(), last.bias())
        : ForeignLayer.activation(output));
    return new ForeignNetwork(
        n.inputs(), all, n.scale(), Scale.NONE, n.labels(), n.source(), n.notes(), n.unused());
  }

  private List<InputColumn> inputs(ForeignNetwork n, int inputs) {
    if (!features.isEmpty() && features.size() != inputs) {
      throw error("--features names " + features.size() + " columns, but the network has " + inputs + " inputs");
    }
    Scale s = images == null ? n.scale() : pixels(n, inputs);
    String usual = images == null ? "x" : "pixel";
    List<InputColumn> columns = new ArrayList<>();
    for (int j = 0; j < inputs; j++) {
      String name = features.isEmpty() ? usual + (j + 1) : features.get(j);
      columns.add(InputColumn.number(name, s.mean(j), s.deviation(j)));
    }
    return columns;
  }

  /** Returns the scale of pixels that images are read with; a network that scales its inputs must do the same. */
  private Scale pixels(ForeignNetwork n, int inputs) {
    if ((long) images.height() * images.width() != inputs) {
      throw error("--images: " + images.height() + " × " + images.width() + " pixels do not fit " + inputs + " inputs");
    }
    double[] means = new double[inputs], deviations = new double[inputs];
    Arrays.fill(deviations, WHITE);
    boolean same = n.scale().isNone()
        || Arrays.equals(n.scale().means(), means) && Arrays.equals(n.scale().deviations(), deviations);
    if (same) return new Scale(means, deviations);
    throw error("--images: the network scales its inputs otherwise than by 1/255, which images do not allow. Fold the "
        + "scaling into its first layer.");
  }

  private Target target(ForeignNetwork n, Network network) {
    Activation output = network.output().activation();
    int outputs = network.outputs();
    boolean distribution = output instanceof Softmax && outputs > 1, sigmoid = output instanceof Sigmoid;
    Task found = !n.outputScale().isNone() ? Task.REGRESS : distribution || sigmoid && outputs == 1 ? Task.CLASSIFY
        : sigmoid ? Task.MULTILABEL : Task.REGRESS;
    Task wanted = task != null ? task : classes.isEmpty() ? found : Task.CLASSIFY;
    if (wanted != Task.REGRESS && !n.outputScale().isNone()) {
      throw error("its outputs are scaled, so they are not probabilities; pass --task regress");
    }
    if (wanted == Task.CLASSIFY && found != Task.CLASSIFY || wanted == Task.MULTILABEL && !sigmoid) {
      throw error("the output has " + outputs + " " + output.name() + (outputs == 1 ? " unit" : " units") + ", which "
          + "gives no probabilities of " + (wanted == Task.CLASSIFY ? "classes; expected softmax, or one sigmoid"
          : "labels; expected sigmoid"));
    }
    if (wanted != Task.CLASSIFY && !classes.isEmpty()) throw error("--classes applies to classes; remove it or --task");
    return switch (wanted) {
      case CLASSIFY -> Target.classes(names(1, "class").get(0), labels(n, outputs == 1 ? 2 : outputs));
      case MULTILABEL -> Target.multilabel(names(outputs, "y"), Collections.nCopies(outputs, List.of("0", "1")));
      case REGRESS -> numbers(names(outputs, "y"), n.outputScale());
    };
  }

  private static Target numbers(List<String> names, Scale s) {
    if (names.size() == 1 || s.isNone()) return Target.numbers(names, s.mean(0), s.deviation(0));
    return Target.numbers(names, IntStream.range(0, names.size()).mapToObj(s::mean).toList(),
        IntStream.range(0, names.size()).mapToObj(s::deviation).toList());
  }

  private List<String> names(int n, String usual) {
    if (!targets.isEmpty() && targets.size() != n) {
      throw error("--target names " + targets.size() + (targets.size() == 1 ? " column" : " columns") + "; expected "
          + n);
    }
    return !targets.isEmpty() ? targets : n == 1 ? List.of(usual)
        : IntStream.rangeClosed(1, n).mapToObj(j -> usual + j).toList();
  }

  private List<String> labels(ForeignNetwork n, int count) {
    List<String> labels = !classes.isEmpty() ? classes : n.labels();
    if (labels.isEmpty()) return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    if (labels.size() == count) return labels;
    throw error((classes.isEmpty() ? "the file names " : "--classes names ") + labels.size()
        + " classes; the network has " + count);
  }
}
