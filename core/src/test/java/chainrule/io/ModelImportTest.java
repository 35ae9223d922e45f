// SPDX-License-Identifier: MIT
package chainrule.io;

import static chainrule.io.ForeignArrays.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.nn.Dense;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Tanh;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of PyTorch, Keras, scikit-learn and scripts, as numpy.savez writes them, and models that it saves again. */
class ModelImportTest {
  @TempDir Path directory;

  private Path file(ForeignArrays arrays) throws IOException {
    return Files.write(directory.resolve("w.npz"), arrays.bytes());
  }

  private ModelImport reader(ForeignArrays arrays) throws IOException {
    return ModelImport.of(file(arrays));
  }

  /** A network of 4 → 3 → 2 units whose weights have these names, [out × in] if transposed. */
  private static void requireWeights(Network net, boolean transposed, String... names) {
    int layers = net.layers().size();
    assertEquals(2 * layers, names.length);
    for (int l = 0; l < layers; l++) {
      Dense d = (Dense) net.layers().get(l);
      for (int i = 0; i < d.inputs(); i++) {
        for (int j = 0; j < d.outputs(); j++) {
          int at = transposed ? j * d.inputs() + i : i * d.outputs() + j;
          assertEquals(value(names[2 * l], at), net.weights(l)[i][j], names[2 * l] + " " + i + " " + j);
        }
      }
      for (int j = 0; j < d.outputs(); j++) {
        assertEquals(names[2 * l + 1] == null ? 0 : value(names[2 * l + 1], j), net.bias(l)[j]);
      }
    }
  }

  private Model read(ForeignArrays arrays) throws IOException {
    return reader(arrays).dense(3, new Relu()).dense(2, new Softmax()).read().model();
  }

  private String refusal(ModelImport reader) {
    String message = assertThrows(DataException.class, reader::read).getMessage(), file = directory + "/w.npz: ";
    assertTrue(message.replace('\\', '/').startsWith(file.replace('\\', '/')), message);
    assertEquals(1, message.lines().count());
    return message.substring(file.length());
  }

  private String refusal(ForeignArrays arrays) throws IOException {
    return refusal(reader(arrays).dense(3, new Relu()).dense(2, new Softmax()));
  }

  // ---------------------------------------------------------------- names and orders of other programs

  @Test void weightsOfPyTorchAreTransposed() throws IOException {
    Model m = read(new ForeignArrays().add("0.weight", 3, 4).add("0.bias", 3).add("2.weight", 2, 3).add("2.bias", 2));
    requireWeights(m.network(), true, "0.weight", "0.bias", "2.weight", "2.bias");
    assertEquals("4 → 3 relu → 2 softmax", m.network().toString());
    assertEquals(List.of("x1", "x2", "x3", "x4"), m.encoding().inputColumns().stream().map(c -> c.name()).toList());
    assertEquals(List.of("class"), m.encoding().target().names());
    assertEquals(List.of("0", "1"), m.encoding().target().labels());
    assertEquals(Map.of("imported", "w.npz, arrays of float32, weights [out × in]"), m.training());
  }

  @Test void weightsOfKerasAreReadAsTheyAre() throws IOException {
    Model m = read(new ForeignArrays().add("dense/kernel:0", 4, 3).add("dense/bias:0", 3)
        .add("dense_1/kernel:0", 3, 2).add("dense_1/bias:0", 2));
    requireWeights(m.network(), false, "dense/kernel:0", "dense/bias:0", "dense_1/kernel:0", "dense_1/bias:0");
  }

  @Test void arraysWithoutNamesArePairedByTheirOrder() throws IOException {
    Model m = read(new ForeignArrays().add("arr_0", 4, 3).add("arr_1", 3).add("arr_2", 3, 2).add("arr_3", 2));
    requireWeights(m.network(), false, "arr_0", "arr_1", "arr_2", "arr_3");
    Model grouped = read(new ForeignArrays().add("arr_0", 4, 3).add("arr_1", 3, 2).add("arr_2", 3).add("arr_3", 2));
    requireWeights(grouped.network(), false, "arr_0", "arr_2", "arr_1", "arr_3");
  }

  @Test void namesOfScriptsAndOfScikitLearnAreUnderstood() throws IOException {
    for (String[] n : new String[][] {{"W1", "b1", "W2", "b2"}, {"w_1", "b_1", "w_2", "b_2"},
        {"coefs_0", "intercepts_0", "coefs_1", "intercepts_1"}, {"model.fc1.weight", "model.fc1.bias", "out.weight",
            "out.bias"}, {"l1/W", "l1/b", "l2/W", "l2/b"}, {"weights_1", "biases_1", "weights_2", "biases_2"},
        {"coef0", "inter0", "coef1", "inter1"}, {"params/Dense_0/kernel", "params/Dense_0/bias",
            "params/Dense_1/kernel", "params/Dense_1/bias"}}) {
      Model m = read(new ForeignArrays().add(n[0], 4, 3).add(n[2], 3, 2).add(n[3], 2).add(n[1], 3));
      requireWeights(m.network(), false, n);
    }
  }

  @Test void numpysOwnNamesCount() throws IOException {
    ForeignArrays sorted = new ForeignArrays();
    for (int k : new int[] {0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9}) {
      if (k % 2 == 0) sorted.add("arr_" + k, 3, k == 10 ? 2 : 3);
      else sorted.add("arr_" + k, k == 11 ? 2 : 3);
    }
    ModelImport reader = reader(sorted);
    for (int l = 0; l < 5; l++) reader.dense(3, new Tanh());
    requireWeights(reader.dense(2, new Linear()).read().model().network(), false, "arr_0", "arr_1", "arr_2", "arr_3",
        "arr_4", "arr_5", "arr_6", "arr_7", "arr_8", "arr_9", "arr_10", "arr_11");
  }

  @Test void aSingleBiasMayHaveNoDimension() throws IOException {
    Model m = reader(new ForeignArrays().add("w", 4, 1).add("b")).dense(1, new Linear()).read().model();
    requireWeights(m.network(), false, "w", "b");
  }

  @Test void aBiasMayBeARowOrAColumn() throws IOException {
    Model m = read(new ForeignArrays().add("W1", 4, 3).add("b1", 1, 3).add("W2", 3, 2).add("b2", 2, 1));
    requireWeights(m.network(), false, "W1", "b1", "W2", "b2");
    ForeignArrays columns = new ForeignArrays().columnMajor().add("W1", 4, 3).add("b1", 1, 3).add("W2", 3, 2)
        .add("b2", 2, 1);
    requireWeights(read(columns).network(), false, "W1", "b1", "W2", "b2");
  }

  @Test void aMatrixMayHaveTheNameOfABias() throws IOException {
    ForeignArrays letters = new ForeignArrays().add("A", 4, 3).add("B", 3, 2);
    Model m = reader(letters).noBias().dense(3, new Relu()).dense(2, new Softmax()).read().model();
    requireWeights(m.network(), false, "A", null, "B", null);
  }

  @Test void everyTypeOrderAndCompressionGivesTheSameNumbers() throws IOException {
    for (String type : new String[] {"<f2", ">f2", "<f4", ">f4", "<f8", ">f8"}) {
      for (int form = 0; form < 4; form++) {
        ForeignArrays a = new ForeignArrays().type(type);
        if (form % 2 == 1) a.columnMajor();
        if (form >= 2) a.compressed();
        Model m = read(a.add("0.weight", 3, 4).add("0.bias", 3).add("2.weight", 2, 3).add("2.bias", 2));
        requireWeights(m.network(), true, "0.weight", "0.bias", "2.weight", "2.bias");
      }
    }
  }

  @Test void everyFloat16WidensExactly() {
    ByteBuffer b = ByteBuffer.allocate(2);
    assertEquals(65504, FloatFormat.FLOAT16.get(b.putShort(0, (short) 0x7bff), 0));
    assertEquals(Math.pow(2, -24), FloatFormat.FLOAT16.get(b.putShort(0, (short) 1), 0));
    assertEquals(1023 * Math.pow(2, -24), FloatFormat.FLOAT16.get(b.putShort(0, (short) 1023), 0));
    assertEquals(Math.pow(2, -14), FloatFormat.FLOAT16.get(b.putShort(0, (short) 1024), 0));
    assertEquals(-2.0, FloatFormat.FLOAT16.get(b.putShort(0, (short) 0xc000), 0));
    assertEquals(1 / -0.0, 1 / FloatFormat.FLOAT16.get(b.putShort(0, (short) 0x8000), 0));
    assertEquals(Double.NEGATIVE_INFINITY, FloatFormat.FLOAT16.get(b.putShort(0, (short) 0xfc00), 0));
    assertTrue(Double.isNaN(FloatFormat.FLOAT16.get(b.putShort(0, (short) 0x7c01), 0)));
    assertEquals(-1.5, FloatFormat.BFLOAT16.get(b.putShort(0, (short) 0xbfc0), 0));
    for (int bits = 0x400; bits < 0x7c00; bits++) { // all normal numbers, against the writer of these tests
      double v = FloatFormat.FLOAT16.get(b.putShort(0, (short) bits), 0);
      assertEquals(bits, ForeignArrays.half(v));
    }
  }

  // ---------------------------------------------------------------- the order of layers

  @Test void layersCountByTheirNumbersIfOnlyThatFits() throws IOException {
    ForeignArrays sorted = new ForeignArrays().add("net.10.weight", 2, 3).add("net.10.bias", 2)
        .add("net.2.weight", 3, 4).add("net.2.bias", 3);
    requireWeights(read(sorted).network(), true, "net.2.weight", "net.2.bias", "net.10.weight", "net.10.bias");
  }

  @Test void anOrderThatNamesAndFileStateDifferentlyIsAmbiguous() throws IOException {
    ForeignArrays square = new ForeignArrays().add("l10.weight", 3, 3).add("l10.bias", 3).add("l9.weight", 3, 3)
        .add("l9.bias", 3);
    assertEquals("the file has the layers 'l10.weight', 'l9.weight', but their numbers count 'l9.weight', "
        + "'l10.weight', and both orders fit. Pass --arrays with the names in the order of the layers.",
        refusal(reader(square).dense(3, new Relu()).dense(3, new Softmax()).transposed(true)));
    Model m = reader(square).dense(3, new Relu()).dense(3, new Softmax()).transposed(true)
        .arrays(List.of("l9.weight", "l9.bias", "l10.weight", "l10.bias")).read().model();
    requireWeights(m.network(), true, "l9.weight", "l9.bias", "l10.weight", "l10.bias");
  }

  @Test void chosenArraysHaveTheirOrderAndOthersAreUnused() throws IOException {
    ForeignArrays all = new ForeignArrays().add("b", 2).add("q", 3, 2).add("other", 7, 7).add("a", 3).add("p", 4, 3);
    ImportedModel m = reader(all).arrays(List.of("p", "a", "q", "b")).dense(3, new Tanh()).dense(2, new Linear())
        .read();
    requireWeights(m.model().network(), false, "p", "a", "q", "b");
    assertEquals(List.of("other"), m.unused());
    assertEquals(List.of("y1", "y2"), m.model().encoding().target().names());
    ModelImport partly = reader(all).noBias().arrays(List.of("p", "q", "b")).dense(3, new Tanh())
        .dense(2, new Linear());
    requireWeights(partly.read().model().network(), false, "p", null, "q", "b");
    assertEquals("--arrays: the vector 'a' does not follow a matrix; expected W1,b1,W2,b2",
        refusal(reader(all).arrays(List.of("a", "p", "q")).dense(3, new Tanh()).dense(2, new Linear())));
    assertEquals("no array 'none'; the entries are b.npy, q.npy, other.npy, a.npy, p.npy",
        refusal(reader(all).arrays(List.of("none")).dense(3, new Tanh())));
  }

  // ---------------------------------------------------------------- shapes

  @Test void squareMatricesNeedTheirOrientation() throws IOException {
    ForeignArrays square = new ForeignArrays().add("W1", 3, 3).add("b1", 3).add("W2", 3, 3).add("b2", 3);
    assertEquals("the shapes of the weights fit as [in × out] and as [out × in]: 'W1' (3 × 3), 'W2' (3 × 3). Pass "
        + "--matrices in-out for Keras and x·W in numpy, or --matrices out-in for PyTorch.",
        refusal(reader(square).dense(3, new Relu()).dense(3, new Softmax())));
    for (boolean outIn : new boolean[] {false, true}) {
      Model m = reader(square).dense(3, new Relu()).dense(3, new Softmax()).transposed(outIn).read().model();
      requireWeights(m.network(), outIn, "W1", "b1", "W2", "b2");
    }
  }

  @Test void oneMatrixThatIsNotSquareDecidesForAll() throws IOException {
    ForeignArrays mixed = new ForeignArrays().add("W1", 3, 3).add("b1", 3).add("W2", 2, 3).add("b2", 2);
    requireWeights(read(mixed).network(), true, "W1", "b1", "W2", "b2");
  }

  @Test void layersAndFeaturesDecideWithoutABias() throws IOException {
    ForeignArrays one = new ForeignArrays().add("W", 4, 3);
    Model m = reader(one).noBias().dense(3, new Softmax()).read().model();
    requireWeights(m.network(), false, "W", null);
    Model n = reader(one).noBias().dense(4, new Softmax()).features(List.of("a", "b", "c")).read().model();
    requireWeights(n.network(), true, "W", null);
    assertEquals("array 'W' has the shape (4 × 3), as [in × out] 4 inputs, but --features names 5",
        refusal(reader(one).noBias().dense(3, new Softmax()).features(List.of("a", "b", "c", "d", "e"))));
  }

  @Test void shapesThatDoNotFollowOneAnotherAreRefused() throws IOException {
    assertEquals("array 'W2' has the shape (5 × 2), as [in × out] 5 inputs, but the layer before it has 3 outputs. "
        + "Layers are read in the order of the file, 'W1', 'W2'; pass --arrays for another.",
        refusal(new ForeignArrays().add("W1", 4, 3).add("b1", 3).add("W2", 5, 2).add("b2", 2)));
    assertEquals("array 'W2' has the shape (3 × 2), as [in × out] 2 outputs, but its bias 'b2' has the shape (7). "
        + "Layers are read in the order of the file, 'W1', 'W2'; pass --arrays for another.",
        refusal(new ForeignArrays().add("W1", 4, 3).add("b1", 3).add("W2", 3, 2).add("b2", 7)));
    ForeignArrays good = new ForeignArrays().add("W1", 4, 3).add("b1", 3).add("W2", 3, 2).add("b2", 2);
    assertEquals("array 'W2' has the shape (3 × 2), as [in × out] 2 outputs, but --layers has 5",
        refusal(reader(good).dense(3, new Relu()).dense(5, new Softmax())));
    assertEquals("array 'W1' has the shape (4 × 3), as [out × in] 4 outputs, but its bias 'b1' has the shape (3). "
        + "Layers are read in the order of the file, 'W1', 'W2'; pass --arrays for another.",
        refusal(reader(good).transposed(true).dense(3, new Relu()).dense(2, new Softmax())));
  }

  // ---------------------------------------------------------------- what files lack

  @Test void activationsAreRequired() throws IOException {
    ForeignArrays good = new ForeignArrays().add("W1", 4, 3).add("b1", 3).add("W2", 3, 2).add("b2", 2);
    assertEquals("weights of 4 → 3 → 2 units, but .npz files have no activations. Pass them, such as --layers "
        + "3:relu,2:softmax", refusal(reader(good)));
    assertEquals("weights of 4 → 1 units, but .npz files have no activations. Pass them, such as --layers 1:sigmoid",
        refusal(reader(new ForeignArrays().add("W1", 4, 1).add("b1", 1))));
    assertEquals("--layers has 1 layers with units, but the file has weights for 2: 4 → 3 → 2",
        refusal(reader(good).dense(2, new Softmax())));
    Model m = reader(good).dense(3, new Relu()).dropout(0.5).dense(2, new Softmax()).read().model();
    assertEquals("4 → 3 relu → dropout 0.5 → 2 softmax", m.network().toString());
    assertEquals("dropout is the last layer, where it would drop outputs: add a dense layer after it",
        refusal(reader(good).dense(3, new Relu()).dense(2, new Softmax()).dropout(0.5)));
  }

  @Test void aMissingBiasIsZeroOnlyOnRequest() throws IOException {
    ForeignArrays without = new ForeignArrays().add("0.weight", 3, 4).add("2.weight", 2, 3).add("2.bias", 2);
    assertEquals("the layer of '0.weight' has no bias. Pass --no-bias if it has none, or choose arrays with --arrays.",
        refusal(without));
    ImportedModel m = reader(without).noBias().dense(3, new Relu()).dense(2, new Softmax()).read();
    requireWeights(m.model().network(), true, "0.weight", null, "2.weight", "2.bias");
    assertEquals(List.of("1 of 2 layers have no bias in the file, and get biases of 0"), m.notes());
    assertEquals("2 matrices and 1 vector; expected a vector, the bias, for each matrix. Choose arrays with --arrays "
        + "W1,b1,W2,b2: 'arr_0' (4 × 3), 'arr_1' (3 × 2), 'arr_2' (2)",
        refusal(new ForeignArrays().add("arr_0", 4, 3).add("arr_1", 3, 2).add("arr_2", 2)));
    assertEquals("array 'b3' is a bias by its name, but no weights belong to it. Choose arrays with --arrays.",
        refusal(new ForeignArrays().add("W1", 4, 3).add("b1", 3).add("b3", 3)));
  }

  @Test void namesOfColumnsAndClassesAreTaken() throws IOException {
    ForeignArrays good = new ForeignArrays().add("W1", 2, 3).add("b1", 3);
    Model m = reader(good).dense(3, new Softmax()).features(List.of("rooms", "area")).classes(List.of("a", "b", "c"))
        .targets(List.of("kind")).read().model();
    assertEquals("2 → 3 softmax, 2 input columns, target 'kind' with 3 classes", m.toString());
    assertEquals("a", m.predict(Map.of("rooms", 0, "area", 0)).target().labels().get(0));
    assertEquals("--classes names 2 classes; the network has 3",
        refusal(reader(good).dense(3, new Softmax()).classes(List.of("a", "b"))));
    assertEquals("--target names 2 columns; expected 1",
        refusal(reader(good).dense(3, new Softmax()).targets(List.of("a", "b"))));
    assertEquals("'a' is both an input and a target; choose another --target",
        refusal(reader(good).dense(3, new Softmax()).targets(List.of("a")).features(List.of("a", "b"))));
    assertEquals("--classes: expected different names, found a,a",
        assertThrows(IllegalArgumentException.class, () -> reader(good).classes(List.of("a", "a"))).getMessage());
  }

  @Test void theActivationOfTheOutputDecidesTheTask() throws IOException {
    ForeignArrays three = new ForeignArrays().add("W1", 2, 3).add("b1", 3), one = new ForeignArrays().add("W1", 2, 1)
        .add("b1", 1);
    assertEquals(Task.CLASSIFY, task(reader(three).dense(3, new Softmax())));
    assertEquals(Task.MULTILABEL, task(reader(three).dense(3, new Sigmoid())));
    assertEquals(Task.REGRESS, task(reader(three).dense(3, new Linear())));
    assertEquals(Task.REGRESS, task(reader(three).dense(3, new Sigmoid()).task(Task.REGRESS)));
    assertEquals(Task.CLASSIFY, task(reader(one).dense(1, new Sigmoid())));
    assertEquals(Task.MULTILABEL, task(reader(one).dense(1, new Sigmoid()).task(Task.MULTILABEL)));
    assertEquals(Task.REGRESS, task(reader(one).dense(1, new Softmax())));
    assertEquals("the output has 3 sigmoid units, which gives no probabilities of classes; expected softmax, or one "
        + "sigmoid", refusal(reader(three).dense(3, new Sigmoid()).classes(List.of("a", "b", "c"))));
    assertEquals("the output has 3 softmax units, which gives no probabilities of labels; expected sigmoid",
        refusal(reader(three).dense(3, new Softmax()).task(Task.MULTILABEL)));
    assertEquals("--classes applies to classes; remove it or --task",
        refusal(reader(three).dense(3, new Softmax()).task(Task.REGRESS).classes(List.of("a", "b", "c"))));
  }

  private static Task task(ModelImport reader) {
    return reader.read().model().encoding().target().task();
  }

  @Test void logitsBecomeProbabilitiesIfClassesAreWanted() throws IOException {
    ForeignArrays three = new ForeignArrays().add("W1", 2, 3).add("b1", 3), one = new ForeignArrays().add("W1", 2, 1)
        .add("b1", 1);
    ImportedModel m = reader(three).dense(3, new Linear()).classes(List.of("a", "b", "c")).read();
    assertEquals("2 → 3 softmax", m.model().network().toString());
    assertEquals(List.of("its output is linear; the model applies softmax to it, which gives the probabilities that "
        + "training with logits has meant"), m.notes());
    assertEquals("2 → 1 sigmoid", reader(one).dense(1, new Linear()).task(Task.CLASSIFY).read().model().network()
        .toString());
    assertEquals("2 → 3 sigmoid", reader(three).dense(3, new Linear()).task(Task.MULTILABEL).read().model().network()
        .toString());
  }

  @Test void inputsAreStandardizedWithArraysOfTheFile() throws IOException {
    ForeignArrays scaled = new ForeignArrays().add("W1", 2, 1).add("b1", 1).add("mean", new double[] {5, -1}, 2)
        .add("std", new double[] {2, 4}, 1, 2);
    Model m = reader(scaled).scaling(List.of("mean", "std")).dense(1, new Linear()).read().model();
    double z = (7 - 5) / 2.0 * value("W1", 0) + (3 + 1) / 4.0 * value("W1", 1) + value("b1", 0);
    assertEquals(z, m.predict(7.0, 3.0).value(0, 0));
    assertEquals("--scaling: array 'b1' has the shape (1) and the type float32; expected 2 real numbers, one for each "
        + "input", refusal(reader(scaled).scaling(List.of("b1", "std")).arrays(List.of("W1")).noBias()
            .dense(1, new Linear())));
    assertTrue(refusal(reader(scaled).scaling(List.of("mean", "b1")).arrays(List.of("W1")).noBias()
        .dense(1, new Linear())).startsWith("--scaling: array 'b1'"));
    ForeignArrays zero = new ForeignArrays().add("W1", 2, 1).add("b1", 1).add("m", new double[2], 2)
        .add("s", new double[2], 2);
    assertTrue(refusal(reader(zero).scaling(List.of("m", "s")).dense(1, new Linear())).startsWith(
        "encoding: column 'x1': expected a finite mean and a finite deviation > 0"));
  }

  @Test void variancesAreTakenWithTheirRoots() throws IOException {
    double[] mean = {5, -1}, variance = {4, 16};
    ForeignArrays keras = new ForeignArrays().add("arr_0", mean, 2).add("arr_1", variance, 2)
        .type("<i8").add("arr_2").type("<f4").add("arr_3", 2, 1).add("arr_4", 1);
    Model m = reader(keras).scaling(List.of("arr_0", "sqrt:arr_1")).dense(1, new Linear()).read().model();
    assertEquals(2, m.encoding().inputColumns().get(0).deviation());
    assertEquals(-1, m.encoding().inputColumns().get(1).mean());
    assertEquals("1 matrix and 3 vectors; expected a vector, the bias, for each matrix. If the first two standardize "
        + "the inputs, pass --scaling arr_0,arr_1, with sqrt: before a variance, as in Keras. Otherwise choose arrays "
        + "with --arrays W1,b1,W2,b2: 'arr_0' (2), 'arr_1' (2), 'arr_2' (), 'arr_3' (2 × 1), 'arr_4' (1)",
        refusal(reader(keras).dense(1, new Linear())));
    ForeignArrays named = new ForeignArrays().add("normalization/mean:0", 2).add("normalization/variance:0",
        variance, 2).add("dense/kernel:0", 2, 1).add("dense/bias:0", 1);
    assertEquals("array 'normalization/mean:0' belongs to a layer that standardizes the inputs. Pass --scaling with "
        + "its means and deviations, or sqrt: and its variances, such as --scaling normalization/mean,"
        + "sqrt:normalization/variance.", refusal(reader(named).dense(1, new Linear())));
    assertEquals("--scaling: array 'normalization/variance:0' has variances by its name; pass "
        + "sqrt:normalization/variance:0 for their roots, the deviations", refusal(reader(named)
            .scaling(List.of("normalization/mean:0", "normalization/variance:0")).dense(1, new Linear())));
    Model n = reader(named).scaling(List.of("normalization/mean:0", "sqrt:normalization/variance:0"))
        .dense(1, new Linear()).read().model();
    assertEquals(4, n.encoding().inputColumns().get(1).deviation());
  }

  @Test void unusedArraysThatMayStandardizeTheInputsAreNoted() throws IOException {
    ForeignArrays a = new ForeignArrays().add("W1", 2, 1).add("b1", 1).add("mean_", 2).add("scale_", 2).add("mean", 3);
    assertEquals(List.of("not used: 'mean_', 'scale_', with a number for each input. If the network expects "
        + "standardized inputs, pass --scaling MEANS,DEVIATIONS."), reader(a).dense(1, new Linear()).read().notes());
  }

  // ---------------------------------------------------------------- other arrays

  @Test void countersAndOptimizersAreUnused() throws IOException {
    ForeignArrays a = new ForeignArrays().add("fc1.weight", 3, 4).add("fc1.bias", 3).add("fc2.weight", 2, 3)
        .add("fc2.bias", 2).add("optimizer.fc1.weight.exp_avg", 3, 4).add("adam/dense_kernel_momentum", 3, 4)
        .add("mean", 4).type("<i8").add("step", 1).add("bn.num_batches_tracked").add("classes", 2);
    ImportedModel m = reader(a).dense(3, new Relu()).dense(2, new Softmax()).read();
    requireWeights(m.model().network(), true, "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");
    assertEquals(List.of("optimizer.fc1.weight.exp_avg", "adam/dense_kernel_momentum", "step", "bn.num_batches_tracked",
        "classes", "mean"), m.unused());
  }

  @Test void otherLayersAreRefusedByTheNameOfTheirArray() throws IOException {
    assertEquals("array '1.running_mean' belongs to a batch normalization; Chainrule has dense layers only. Fold it "
        + "into the layer next to it before saving, or export ONNX.", refusal(new ForeignArrays()
            .add("0.weight", 3, 4).add("0.bias", 3).add("1.weight", 3).add("1.bias", 3).add("1.running_mean", 3)));
    assertEquals("array 'batch_normalization/gamma:0' belongs to a batch normalization; Chainrule has dense layers "
        + "only. Fold it into the layer next to it before saving, or export ONNX.",
        refusal(new ForeignArrays().add("batch_normalization/gamma:0", 3)));
    assertEquals("array 'lstm.weight_ih_l0' belongs to a recurrent layer; Chainrule has dense layers only",
        refusal(new ForeignArrays().add("lstm.weight_ih_l0", 12, 4)));
    assertEquals("array 'conv1.weight' has the shape (16 × 3 × 3 × 3), which no dense layer has, and Chainrule has no "
        + "others. Choose arrays with --arrays if it is not part of the network.",
        refusal(new ForeignArrays().add("conv1.weight", 16, 3, 3, 3).add("conv1.bias", 16)));
    assertEquals("array 'norm.weight' has the shape (3); expected a matrix of weights. Save a single column with "
        + ".reshape(-1, 1), or choose arrays with --arrays; layer normalization and PReLU are not supported.",
        refusal(new ForeignArrays().add("fc.weight", 3, 4).add("fc.bias", 3).add("norm.weight", 3)));
  }

  @Test void integersAndOtherTypesAreRefused() throws IOException {
    assertEquals("array 'W1': expected float16, float32 or float64, found int64. Convert it with "
        + ".astype('float64'), or choose others with --arrays.",
        refusal(new ForeignArrays().type("<i8").add("W1", 2, 3).add("b1", 3)));
    assertEquals("array 'arr_0': expected float16, float32 or float64, found uint8. Convert it with "
        + ".astype('float64'), or choose others with --arrays.",
        refusal(new ForeignArrays().type("|u1").add("arr_0", 2, 3)));
    String each = ". Save each matrix and vector as an array of its own, such as numpy.savez('weights.npz', "
        + "*clf.coefs_, *clf.intercepts_)";
    assertEquals("array 'coefs': expected float16, float32 or float64, found Python objects" + each,
        refusal(new ForeignArrays().type("|O").add("coefs", new double[2], 2)));
    assertEquals("no matrix of real numbers, so no weights; the arrays are 'arr_0' (2)" + each,
        refusal(new ForeignArrays().type("|O").add("arr_0", new double[2], 2)));
    assertEquals("array 'W1': expected float16, float32 or float64, found '<V2', perhaps of bfloat16. Convert it with "
        + ".astype('float32').", refusal(new ForeignArrays().type("<V2").add("W1", 2, 3)));
    assertEquals("array 'parametrizations.weight.original0' belongs to a weight normalization; Chainrule has dense "
        + "layers only. Save the weights that it computes.",
        refusal(new ForeignArrays().add("bias", 3).add("parametrizations.weight.original0", 3, 1)));
    assertEquals("array 'W1': expected float16, float32 or float64, found bool. Choose others with --arrays.",
        refusal(new ForeignArrays().type("|b1").add("W1", 2, 3)));
    assertEquals("no matrix of real numbers, so no weights; the arrays are 'x' (3). Save a single column of weights "
        + "with .reshape(-1, 1).",
        refusal(new ForeignArrays().add("x", 3)));
    assertEquals("a zip file without arrays of numpy. Save its arrays with numpy: numpy.savez('weights.npz', **{k: "
        + "v.numpy() for k, v in model.state_dict().items()})", refusal(new ForeignArrays()));
    assertEquals("array 'W1' has the shape (0 × 3); expected numbers", refusal(new ForeignArrays().add("W1", 0, 3)));
  }

  // ---------------------------------------------------------------- models saved again

  @Test void aModelThatNumpyHasSavedAgainIsReadToTheBit() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Model model = RandomModel.of(seed);
      Path own = directory.resolve("own.npz"), again = directory.resolve("w.npz"), back = directory.resolve("back.npz");
      model.write(own);
      for (String type : new String[] {"<f8", ">f8"}) {
        for (boolean compressed : new boolean[] {false, true}) {
          Files.write(again, saved(model, own, type, compressed));
          ImportedModel m = ModelImport.of(again).read();
          assertEquals("a model of Chainrule", m.source());
          m.model().write(back);
          assertArrayEquals(Files.readAllBytes(own), Files.readAllBytes(back));
        }
      }
    }
  }

  /** Returns the file with its arrays in another type and in Fortran order. */
  private static byte[] saved(Model model, Path own, String type, boolean compressed) throws IOException {
    ForeignArrays arrays = new ForeignArrays().type(type).columnMajor();
    if (compressed) arrays.compressed();
    List<Network> networks = model.networks();
    for (int k = 0; k < networks.size(); k++) {
      String prefix = networks.size() == 1 ? "" : "member" + k + ".";
      for (int l = 0; l < networks.get(k).layers().size(); l++) {
        if (!(networks.get(k).layers().get(l) instanceof Dense d)) continue;
        double[] theta = networks.get(k).parameters();
        arrays.add(prefix + "layer" + l + ".weight", Arrays.copyOfRange(theta, d.offset(), d.offset()
            + d.weights()), d.inputs(), d.outputs());
        arrays.add(prefix + "layer" + l + ".bias", Arrays.copyOfRange(theta, d.offset() + d.weights(),
            d.offset() + d.parameters()), d.outputs());
      }
    }
    List<Zip.Entry> entries = Zip.entries(Files.readAllBytes(own));
    Zip.Entry json = entries.stream().filter(e -> new String(e.name, StandardCharsets.UTF_8).equals("model.json.npy"))
        .findFirst().orElseThrow();
    return arrays.add(compressed ? json.deflated() : json).bytes();
  }

  @Test void aModelThatNumpyHasSavedAsFloat32SaysThatItIsRounded() throws IOException {
    Model model = RandomModel.of(3);
    Path own = directory.resolve("own.npz"), again = directory.resolve("w.npz");
    model.write(own);
    Files.write(again, saved(model, own, "<f4", true));
    ImportedModel m = ModelImport.of(again).read();
    assertEquals("a model of Chainrule, weights of float32", m.source());
    assertEquals(List.of("the file has the weights in float32, so predictions differ from those of the original model, "
        + "which has float64"), m.notes());
  }

  @Test void readingAModelThatNumpyHasSavedAgainNamesImport() throws IOException {
    Model model = new Model(Network.input(2).dense(3, new Tanh()).dense(1, new Linear()).build(1), Encoding.plain(2, 1),
        Map.of());
    Path own = directory.resolve("own.npz");
    model.write(own);
    String advice = ", so another program has saved this file. Convert it: ./chainrule import "
        + directory.resolve("w.npz") + " --out MODEL.npz";
    for (Object[] c : new Object[][] {{"<f4", false, "array 'layer0.weight' has the type float32"},
        {">f8", false, "array 'layer0.weight' has the type big-endian float64"},
        {"<f8", false, "array 'layer0.weight' is in Fortran order"},
        {"<f4", true, "array 'model.json' is compressed"}}) {
      Path file = Files.write(directory.resolve("w.npz"), saved(model, own, (String) c[0], (boolean) c[1]));
      assertEquals(file + ": " + c[2] + advice,
          assertThrows(DataException.class, () -> Model.read(file)).getMessage());
    }
    Path weights = file(new ForeignArrays().add("W1", 2, 3));
    assertEquals(weights + ": not a Chainrule model: it has no 'model.json'. If another program has saved these "
        + "weights, convert them: ./chainrule import " + weights + " --out MODEL.npz",
        assertThrows(DataException.class, () -> Model.read(weights)).getMessage());
    Path spaced = Files.write(directory.resolve("a b.npz"), saved(model, own, "<f4", false));
    assertTrue(assertThrows(DataException.class, () -> Model.read(spaced)).getMessage().endsWith(
        "./chainrule import '" + spaced + "' --out MODEL.npz"));
    InputStream stream = Files.newInputStream(spaced);
    assertTrue(assertThrows(DataException.class, () -> Model.read(stream)).getMessage().endsWith(
        "./chainrule import FILE --out MODEL.npz"));
    stream.close();
    Files.write(directory.resolve("w.npz"), Files.readAllBytes(own));
    assertEquals("--layers does not apply to a model of Chainrule, which contains it; remove --layers",
        refusal(ModelImport.of(directory.resolve("w.npz")).dense(3, new Relu())));
  }

  // ---------------------------------------------------------------- other formats and damage

  @Test void otherFormatsAreNamedWithAWayToConvertThem() throws IOException {
    String torch = ". Save its arrays with numpy: numpy.savez('weights.npz', **{k: v.numpy() for k, v in "
        + "model.state_dict().items()})";
    for (String[] c : new String[][] {{"PK\3\4 model/data.pkl", "a PyTorch file" + torch},
        {"\u0080\2}q", "a Python pickle" + torch + ", or those of scikit-learn: numpy.savez('weights.npz', "
            + "*clf.coefs_, *clf.intercepts_)"},
        {"\20\0\0\0\0\0\0\0{\"a\": {}}           ", "a safetensors file" + torch},
        {"\u0089HDF\r\n", "an HDF5 file. Save its arrays with numpy: numpy.savez('weights.npz', *model.get_weights())"},
        {"PK\3\4 metadata.json", "a Keras file. Save its arrays with numpy: numpy.savez('weights.npz', "
            + "*model.get_weights())"},
        {"\30\0\0\0TFL3\0", "a TensorFlow Lite file. Save its arrays with numpy: numpy.savez('weights.npz', "
            + "*model.get_weights())"},
        {"/* SPDX-License-Identifier: MIT\n * Predicts one row: 2 -> 1", "a predictor in source code, which export has "
            + "written and nothing can read back. Import an .onnx of the same model, or use the .npz."},
        {"\u0093NUMPY\1\0", "a single array of numpy. Save all in one file: numpy.savez"}}) {
      Path file = Files.write(directory.resolve("w.npz"), c[0].getBytes(StandardCharsets.ISO_8859_1));
      assertEquals(c[1], refusal(ModelImport.of(file)));
    }
    Files.delete(directory.resolve("w.npz"));
    assertEquals("no such file", refusal(ModelImport.of(directory.resolve("w.npz"))));
    assertTrue(assertThrows(DataException.class, () -> ModelImport.of(directory).read()).getMessage().endsWith(
        ": expected a file, found a directory. Name a file in it."));
    Files.createFile(directory.resolve("saved_model.pb"));
    assertTrue(assertThrows(DataException.class, () -> ModelImport.of(directory).read()).getMessage().contains(
        ": a TensorFlow SavedModel. Save its arrays with numpy"));
  }

  @Test void anArchiveThatExpandsTooMuchIsRefused() throws IOException {
    ForeignArrays bomb = new ForeignArrays().compressed().add("W1", new double[1000 * 1000], 1000, 1000);
    int size = bomb.bytes().length;
    assertEquals("its " + size + " bytes expand to 4000128, the limit is " + (100 * size + (1 << 20))
        + ". Save it with numpy.savez instead of savez_compressed.", refusal(bomb));
  }

  @Test void damageIsRefusedInOneLine() throws IOException {
    ForeignArrays good = new ForeignArrays().compressed().add("W1", 40, 30).add("b1", 30);
    byte[] bytes = good.bytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] bad = bytes.clone();
      bad[i] ^= 0x10;
      Path file = Files.write(directory.resolve("w.npz"), bad);
      try {
        ModelImport.of(file).dense(30, new Relu()).read();
      } catch (DataException e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      }
    }
  }
}
