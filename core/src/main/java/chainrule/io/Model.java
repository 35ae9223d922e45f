// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Table;
import chainrule.data.Target;
import chainrule.kernels.Kernels;
import chainrule.metrics.ClassOutputs;
import chainrule.metrics.TrivialBaseline;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import chainrule.nn.loss.Loss;
import chainrule.train.ConfusionMatrix;
import chainrule.train.Evaluation;
import chainrule.train.Trainer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A trained network, or an ensemble of several, with its preprocessing, the meaning of its outputs, and a record of its
 * training. An ensemble predicts the mean of its networks' outputs, see {@link chainrule.nn.EnsembleMean}.
 * <pre>{@code
 * new Model(net, encoding, Map.of()).write(Path.of("iris.npz"));
 *
 * Model model = Model.read(Path.of("iris.npz"));
 * Predictions p = model.predict(Table.read(Path.of("new.csv"), model.encoding().tableOptions()));
 * System.out.println(p.label(0) + " with probability " + p.probability(0, p.classOf(0)));
 * System.out.println(model.predict(5.1, 3.5, 1.4, 0.2).label(0));       // a raw row, in column order
 * }</pre>
 * <b>The file</b>, format version 1, is an {@code .npz}, a zip of arrays that {@code numpy.load} opens:
 * <pre>
 *   model.json         [bytes]        {"format":"chainrule","version":1,"producer":"chainrule 1.2.3","inputs":4,
 *                                      "layers":[…],"preprocessing":{…},"target":{…},"training":{…}}, UTF-8
 *   layerL.weight      [in × out]     W of the dense layer at index L of "layers", from 0
 *   layerL.bias        [out]          b
 * </pre>
 * Each of "layers" is {"type":"dense","units":64,"activation":"relu"}, {"type":"dropout","rate":0.2} or
 * {"type":"activation","activation":"tanh"}. A prediction is a = x, then a = φ(a·W + b) for each dense layer. The file
 * contains no date and nothing about the machine: identical runs give identical files.
 *
 * <p>An ensemble has format version 2, with the number of its networks, which all have these layers:
 * <pre>
 *   model.json                {"format":"chainrule","version":2,"producer":"chainrule 1.2.3","members":5,"inputs":4,…}
 *   memberM.layerL.weight     [in × out]     of network M, from 0
 *   memberM.layerL.bias       [out]
 * </pre>
 * A prediction is the sum of the networks' outputs, in their order, divided by their number.
 *
 * <p>A model that encodes a number with pieces has format version 3, and "members" if it is an ensemble.
 *
 * <p>"preprocessing" defines x. Keys in brackets are left out where they do not apply:
 * <pre>
 *   "columns"      in the order of x: {"name", ["type":"date",] "mean", "deviation" [, "median"]
 *                  [, "knots":[q_0, …, q_n], "piece_means":[m_0, …]] [, "indicator":true]}
 *                  or {"name", "categories":[…] [, "missing":true]}
 *                  a number becomes (v − mean) / deviation, with v = median (or the mean) where it is missing, then
 *                  0.7 · (clip((v − q_k) / (q_{k+1} − q_k), 0, 1) − m_k) for each piece k = 0, 1, …, see {@link
 *                  chainrule.data.PiecewiseLinear}, and with an indicator an input that is 1 where it is missing; a
 *                  date is in days since 1970-01-01
 *                  a category becomes one input for each of "categories", and with "missing" one more; 1 for its own
 *   ["picture"]    height and width of images, whose pixels are the columns
 *   ["decimal"]    the decimal mark of the training file, "." or ","
 *   ["missing"]    the strings that meant a missing value in it, besides the usual ones
 * </pre>
 * "target" has "names", the columns, and "labels", the names of classes in the order of the outputs, else []. A class
 * has the mean 0 and the deviation 1. A number is ŷ · deviation + mean, with "mean" and "deviation" for one target, and
 * "means" and "deviations" for several. Labels that a row has or lacks have, instead of these, "values": for each the
 * two strings that mean no and yes.
 *
 * <p>"calibration", if there is one, has a "threshold" for the second of two classes, and "scores", a list with one
 * element per number or one for classes: {"rows":812,"kept":[…]}, the conformal scores of 812 held-out rows in
 * ascending order, at most 1000 of them; see {@link chainrule.metrics.ConformalScores}.
 *
 * <p>"baseline", if there is one, lists for each output its mean over the training rows, such as the frequency of the
 * class: the {@link TrivialBaseline}, which the model has to beat.
 *
 * <p>Unknown versions are refused, and so are damaged, truncated and inconsistent files. Reading takes memory in
 * proportion to the size of the file. Weights keep their bits, including NaN and ∞. Training never ends in such
 * weights, and the command line refuses to predict with them.
 *
 * <p>One model may predict on many threads at once, as long as its network is not being trained. To predict single rows
 * without allocating, use {@link Encoding#encodeRow(double[], int, double[], int)} and one {@link #predictor} per
 * thread.
 *
 * @param networks the networks, one or several with the same layers
 * @param encoding the preprocessing of the inputs, and the meaning of the outputs
 * @param training how the model was trained: names and values for people to read
 * @param calibration the threshold of two classes, and the scores for intervals
 * @param baseline the prediction that ignores the inputs, from the training rows; empty if it is not known
 */
public record Model(
    List<Network> networks, Encoding encoding, Map<String, String> training, Calibration calibration,
    Optional<TrivialBaseline> baseline) {
  /** The largest number of networks in a model. */
  public static final int MOST_NETWORKS = 1000;

  /**
   * Checks that the parts fit, and copies the list and the map.
   *
   * @param networks 1 to 1000 networks with the same layers
   * @param encoding the preprocessing, with the inputs and outputs of the networks; the networks may have two outputs
   *     for two classes
   * @param training names and values, not null
   * @param calibration the threshold and the scores; {@link Calibration#NONE} for none
   * @param baseline the mean of each of the network's outputs over the training rows; empty if it is not known
   * @throws IllegalArgumentException for no or more than 1000 networks, or networks with different layers; if the
   *     numbers of inputs or outputs of network and encoding differ; or if an activation is neither built in nor
   *     registered ({@link chainrule.nn.activation.Activations#register})
   * @throws NullPointerException for a name or value in {@code training} that is null
   */
  public Model {
    networks = List.copyOf(networks);
    requireSameLayers(networks);
    Network network = networks.get(0);
    ModelFormat.requireStorable(network);
    training = Collections.unmodifiableMap(new LinkedHashMap<>(training));
    training.forEach((name, value) -> {
      Objects.requireNonNull(name, "a name in training");
      Objects.requireNonNull(value, name);
    });
    boolean two = encoding.target().labels().size() == 2 && network.outputs() == 2;
    if (network.inputs() != encoding.inputs() || network.outputs() != encoding.outputs() && !two) {
      throw new IllegalArgumentException(
          "the network " + network + " does not fit an encoding with " + encoding.inputs()
          + " inputs and " + encoding.outputs() + " outputs");
    }
    calibration.requireFit(encoding.target());
    baseline.ifPresent(b -> requireFit(b, network, encoding.target()));
  }

  /**
   * Creates a model without a calibration and a baseline: see {@link #Model(List, Encoding, Map, Calibration,
   * Optional)}.
   *
   * @param networks 1 to 1000 networks with the same layers
   * @param encoding the preprocessing
   * @param training names and values, not null
   */
  public Model(List<Network> networks, Encoding encoding, Map<String, String> training) {
    this(networks, encoding, training, Calibration.NONE, Optional.empty());
  }

  /**
   * Creates a model of one network: see {@link #Model(List, Encoding, Map)}.
   *
   * @param network the network
   * @param encoding the preprocessing
   * @param training names and values, not null
   */
  public Model(Network network, Encoding encoding, Map<String, String> training) {
    this(List.of(Objects.requireNonNull(network, "network")), encoding, training);
  }

  private static void requireSameLayers(List<Network> networks) {
    if (networks.isEmpty() || networks.size() > MOST_NETWORKS) {
      throw new IllegalArgumentException(
          "a model has 1 to " + MOST_NETWORKS + " networks, found " + networks.size());
    }
    Network first = networks.get(0);
    for (Network n : networks) {
      if (n.inputs() == first.inputs() && ModelFormat.layers(n).equals(ModelFormat.layers(first))) continue;
      throw new IllegalArgumentException("the networks of an ensemble have the same layers, found " + first + " and "
          + n);
    }
  }

  private static void requireFit(TrivialBaseline baseline, Network network, Target target) {
    double[] means = baseline.means();
    if (means.length != network.outputs()) {
      throw new IllegalArgumentException(
          "expected the baseline of " + network.outputs() + " outputs, found " + means.length);
    }
    boolean shares = target.isClass() || target.isMultilabel();
    for (double m : means) {
      if (Double.isFinite(m) && !(shares && (m < 0 || m > 1))) continue;
      throw new IllegalArgumentException("baseline: expected " + (shares ? "shares from 0 to 1" : "finite means")
          + ", found " + m);
    }
  }

  /**
   * {@return the same model with another calibration}
   *
   * @param value the calibration; {@link Calibration#NONE} for none
   */
  public Model withCalibration(Calibration value) {
    return new Model(networks, encoding, training, value, baseline);
  }

  /**
   * {@return the same model with another baseline}
   *
   * @param value the baseline of the training rows, in the form of the network's outputs
   * @throws IllegalArgumentException if it does not fit the outputs
   */
  public Model withBaseline(TrivialBaseline value) {
    return new Model(networks, encoding, training, calibration, Optional.of(value));
  }

  /** {@return whether this model has several networks} */
  public boolean isEnsemble() {
    return networks.size() > 1;
  }

  /**
   * {@return the network of a model that has only one}
   *
   * @throws IllegalStateException if this is an ensemble, whose predictions are not those of one network
   */
  public Network network() {
    if (!isEnsemble()) return networks.get(0);
    throw new IllegalStateException("this model is an ensemble of " + networks.size()
        + " networks; use networks(), or outputs(x) and predictor(capacity) for their mean");
  }

  /** {@return a network with the layers of the model: the only one, or the first of an ensemble} */
  public Network architecture() {
    return networks.get(0);
  }

  /** {@return the layers, for people: {@code 4 → 16 relu → 3 softmax}, or {@code 5 networks 4 → …}} */
  public String describeLayers() {
    return (isEnsemble() ? networks.size() + " networks " : "") + architecture();
  }

  /** {@return the number of parameters of all networks together} */
  public long parameters() {
    return (long) networks.size() * architecture().parameters().length;
  }

  /**
   * Writes the model, completely or not at all ({@link SafeFile}).
   *
   * @param file the file, which is replaced if it exists
   * @throws UncheckedIOException if the file cannot be written
   */
  public void write(Path file) {
    try {
      SafeFile.write(file, ModelFormat.content(this));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes the model to a stream, and leaves the stream open.
   *
   * @param out the stream
   * @throws UncheckedIOException if the stream cannot be written
   */
  public void write(OutputStream out) {
    try {
      ModelFormat.content(this).writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the model in a file, which may be a checkpoint, and may be in a jar's file system.
   *
   * @param file the file
   * @return the model, which computes with the {@linkplain Kernels#best best kernels}
   * @throws DataException naming the file and what is wrong with it
   */
  public static Model read(Path file) {
    return read(file, Kernels.best());
  }

  /**
   * Reads the model in a file, as {@link #read(Path)}.
   *
   * @param file the file
   * @param kernels what the model computes with
   * @return the model
   * @throws DataException naming the file and what is wrong with it
   */
  public static Model read(Path file, Kernels kernels) {
    try (Npz.Reader npz = Npz.Reader.open(file)) {
      return ModelFormat.read(npz, kernels);
    }
  }

  /**
   * Reads a model from a stream, such as a class path resource, to its end. Leaves the stream open. The content goes
   * through a temporary file.
   *
   * @param in the stream
   * @return the model, which computes with the {@linkplain Kernels#best best kernels}
   * @throws DataException saying what is wrong with it
   */
  public static Model read(InputStream in) {
    return read(in, Kernels.best());
  }

  /**
   * Reads a model from a stream, as {@link #read(InputStream)}.
   *
   * @param in the stream
   * @param kernels what the model computes with
   * @return the model
   * @throws DataException saying what is wrong with it
   */
  public static Model read(InputStream in, Kernels kernels) {
    try (Npz.Reader npz = Npz.Reader.open(in)) {
      return ModelFormat.read(npz, kernels);
    }
  }

  /**
   * Predicts the rows of a table. Its columns are found by name.
   *
   * @param table the table; {@link Encoding#tableOptions} reads a file like the training file
   * @return the predictions, in the order of the rows
   * @throws DataException naming a column that is missing, or the place of a cell that does not fit
   */
  public Predictions predict(Table table) {
    return predictEncoded(encoding.encodeInputs(table));
  }

  /**
   * Predicts one row, given by column name.
   *
   * @param row a {@link Number} for a column of numbers, a {@link String} for one of categories, null for a missing
   *     value; other columns may be present
   * @return the prediction, as row 0
   * @throws IllegalArgumentException naming a column that is missing or whose value does not fit
   */
  public Predictions predict(Map<String, ?> row) {
    return predictEncoded(encoding.encodeRow(row));
  }

  /**
   * Predicts one row, given as a list of values.
   *
   * @param row in the order of {@link Encoding#inputColumns}: a {@link Number} for a column of numbers, a {@link
   *     String} for one of categories, null for a missing value
   * @return the prediction, as row 0
   * @throws IllegalArgumentException if there are too few or too many values, or naming the column whose value does not
   *     fit
   */
  public Predictions predict(List<?> row) {
    return predictEncoded(encoding.encodeRow(row));
  }

  /**
   * Predicts one row: {@code model.predict(5.1, 3.5, 1.4, 0.2)}.
   *
   * @param row the values, as in {@link #predict(List)}
   * @return the prediction, as row 0
   * @throws IllegalArgumentException if there are too few or too many values, or naming the column whose value does not
   *     fit
   */
  public Predictions predict(Object... row) {
    return predict(Arrays.asList(row));
  }

  /**
   * Predicts rows of raw numbers.
   *
   * @param rows [n × columns], in the order of {@link Encoding#inputColumns}; NaN means missing
   * @return the predictions
   * @throws IllegalArgumentException if the array does not hold whole rows, or naming a column of categories or whose
   *     value does not fit
   */
  public Predictions predict(double[] rows) {
    return predictEncoded(encoding.encodeRows(rows));
  }

  /**
   * Predicts rows that are encoded already.
   *
   * @param x [n × inputs], standardized and one-hot, as {@link Encoding} returns them
   * @return the predictions
   * @throws IllegalArgumentException if the array does not hold whole rows
   */
  public Predictions predictEncoded(double[] x) {
    return new Predictions(encoding.target(), architecture().outputs(), outputs(x), calibration.threshold());
  }

  /**
   * {@return the outputs ŷ [n × out] for encoded rows: those of the network, or the mean of those of an ensemble}
   *
   * @param x [n × inputs]
   * @throws IllegalArgumentException if the array does not hold whole rows
   */
  public double[] outputs(double[] x) {
    return Predictor.mean(networks, x);
  }

  /**
   * {@return a predictor of {@link #outputs} that allocates nothing}
   *
   * @param capacity the number of rows that its buffers hold, ≥ 1
   */
  public Predictor predictor(int capacity) {
    return Predictor.ofMean(networks, capacity);
  }

  /**
   * {@return the metrics of some rows} The loss of one network is computed from its logits where the loss can be fused
   * with the output, the loss of an ensemble from the mean ŷ.
   *
   * @param loss the loss
   * @param data the encoded rows, {@linkplain #adapt adapted} to this network
   * @throws IllegalArgumentException if the data or the loss does not fit the network
   */
  public Evaluation evaluate(Loss loss, Dataset data) {
    if (!isEnsemble()) return Trainer.of(network()).loss(loss).evaluate(data);
    Trainer.requireFit("test", architecture(), data);
    return Evaluation.of(loss, outputs(data.x()), data);
  }

  /**
   * {@return the rows in the form of this network: for two classes it may have one output or two}
   *
   * @param data the encoded rows
   */
  public Dataset adapt(Dataset data) {
    return data.outputs() == architecture().outputs() ? data : data.oneHot();
  }

  /**
   * {@return the confusion matrix of some rows, with the threshold of the calibration}
   *
   * @param data the encoded rows with their classes
   */
  public ConfusionMatrix confusion(Dataset data) {
    Dataset rows = adapt(data);
    Trainer.requireFit("test", architecture(), rows);
    double t = calibration.threshold();
    if (Double.isNaN(t)) return ConfusionMatrix.ofPredictions(outputs(rows.x()), rows);
    return ConfusionMatrix.of(rows.labels(), rows.classes(),
        ClassOutputs.predicted(rows.outputs(), outputs(rows.x()), t));
  }

  /**
   * Returns the layers, the number of input columns and the target, for a log line:
   * {@code 4 → 16 relu → 3 softmax, 4 input columns, target 'species' with 3 classes}. Control characters in the
   * target's name become question marks.
   */
  @Override public String toString() {
    int columns = encoding.inputColumns().size(), targets = encoding.target().names().size();
    Target target = encoding.target();
    String line = describeLayers() + ", " + columns + (columns == 1 ? " input column, " : " input columns, ");
    if (targets > 1) return line + targets + (target.isMultilabel() ? " labels" : " targets");
    line += "target '" + target.names().get(0).replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?") + "'";
    return target.isClass() ? line + " with " + target.labels().size() + " classes" : line;
  }
}
