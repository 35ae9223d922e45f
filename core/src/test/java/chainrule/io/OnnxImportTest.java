// SPDX-License-Identifier: MIT
package chainrule.io;

import static chainrule.io.ForeignArrays.value;
import static chainrule.io.OnnxBytes.integer;
import static chainrule.io.OnnxBytes.single;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX files with the graphs that PyTorch, tf2onnx, skl2onnx and Chainrule write. */
class OnnxImportTest {
  private static final String INEXACT = "the model computes (x − mean) / deviation of its inputs and y · deviation + "
      + "mean of its outputs; the file does it in another form, so the last bits can differ";

  @TempDir Path directory;

  private ModelImport reader(OnnxBytes onnx) throws IOException {
    return reader(onnx.bytes());
  }

  private ModelImport reader(byte[] bytes) throws IOException {
    return ModelImport.of(Files.write(directory.resolve("f.onnx"), bytes));
  }

  private Model read(OnnxBytes onnx) throws IOException {
    return reader(onnx).read().model();
  }

  private String refusal(ModelImport reader) {
    String message = assertThrows(DataException.class, reader::read).getMessage();
    String file = directory.resolve("f.onnx") + ": ";
    assertTrue(message.startsWith(file), message);
    assertEquals(1, message.lines().count());
    return message.substring(file.length());
  }

  private String refusal(OnnxBytes onnx) throws IOException {
    return refusal(reader(onnx));
  }

  private static void requireWeights(Network net, int layer, String weights, boolean transposed, String bias) {
    double[][] w = net.weights(layer);
    for (int i = 0; i < w.length; i++) {
      for (int j = 0; j < w[i].length; j++) {
        assertEquals(value(weights, transposed ? j * w.length + i : i * w[i].length + j), w[i][j]);
      }
    }
    for (int j = 0; j < net.bias(layer).length; j++) {
      assertEquals(bias == null ? 0 : value(bias, j), net.bias(layer)[j]);
    }
  }

  // ---------------------------------------------------------------- what exporters write

  private static OnnxBytes torch(OnnxBytes onnx) {
    return onnx.input("in", 0, 4).node("Gemm", "in,0.weight,0.bias", "h", single("alpha", 1), single("beta", 1),
        integer("transB", 1)).node("Relu", "h", "r").node("Dropout", "r", "d").node("MatMul", "d,onnx::MatMul_9", "m")
        .node("Identity", "m", "i").node("Softmax", "i", "out", integer("axis", 1)).constant("0.weight", 3, 4)
        .constant("0.bias", 3).constant("onnx::MatMul_9", 3, 2).output("out", 0, 2);
  }

  @Test void graphsOfPyTorchAreRead() throws IOException {
    for (int type : new int[] {OnnxBytes.FLOAT, OnnxBytes.DOUBLE, OnnxBytes.FLOAT16}) {
      for (boolean packed : new boolean[] {false, type != OnnxBytes.FLOAT16}) {
        OnnxBytes onnx = new OnnxBytes().type(type);
        ImportedModel m = reader(torch(packed ? onnx.packed() : onnx)).read();
        assertEquals("4 → 3 relu → 2 softmax", m.model().network().toString());
        requireWeights(m.model().network(), 0, "0.weight", true, "0.bias");
        requireWeights(m.model().network(), 1, "onnx::MatMul_9", false, null);
        assertEquals("ONNX of pytorch 2.1", m.source());
        assertEquals(List.of(), m.notes());
        assertEquals(List.of("0", "1"), m.model().encoding().target().labels());
      }
    }
  }

  @Test void matMulAndAddAreALayerAsTf2onnxWritesIt() throws IOException {
    Model m = read(new OnnxBytes().input("x", 0, 4).node("MatMul", "x,W", "a").node("Add", "a,b", "z")
        .node("Tanh", "z", "t").node("Transpose", "V", "Vt", OnnxBytes.integers("perm", 1, 0))
        .node("MatMul", "t,Vt", "c")
        .node("Add", "c0,c", "out").constant("W", 4, 3).constant("b", 1, 3).constant("V", 1, 3).constant("c0", 1)
        .output("out", 0, 1));
    assertEquals("4 → 3 tanh → 1 linear", m.network().toString());
    requireWeights(m.network(), 0, "W", false, "b");
    requireWeights(m.network(), 1, "V", true, "c0");
    assertEquals(List.of("y"), m.encoding().target().names());
  }

  @Test void constantsMayBeNodesOrListedAsInputs() throws IOException {
    OnnxBytes onnx = new OnnxBytes().input("x", 0, 2).input("b", 3);
    Model m = read(onnx.node("Constant", "", "W", onnx.value("", new double[] {1, 2, 3, 4, 5, 6}, 2, 3))
        .node("Gemm", "x,W,b", "y").constant("b", 3).output("y", 0, 3));
    assertArrayEquals(new double[][] {{1, 2, 3}, {4, 5, 6}}, m.network().weights(0));
    assertEquals(value("b", 2), m.network().bias(0)[2]);
  }

  @Test void imagesAreFlattenedToRows() throws IOException {
    for (boolean packed : new boolean[] {false, true}) {
      OnnxBytes flat = new OnnxBytes();
      if (packed) flat.packed();
      assertEquals("12 → 2 softmax", read(flat.input("x", 0, 1, 3, 4).node("Flatten", "x", "f", integer("axis", 1))
          .node("Gemm", "f,W", "z").node("LogSoftmax", "z", "y", integer("axis", -1)).constant("W", 12, 2)
          .output("y", 0, 2)).network().toString());
      for (long[] to : new long[][] {{-1, 12}, {0, 12}, {0, -1}, {5, 12}, {5, -1}}) {
        OnnxBytes shaped = new OnnxBytes();
        if (packed) shaped.packed();
        assertEquals("12 → 2 linear", read(shaped.input("x", 5, 3, 4).longs("to", to).node("Reshape", "x,to", "f")
            .node("Gemm", "f,W", "z").constant("W", 12, 2).output("z", 0, 2)).network().toString());
      }
    }
    OnnxBytes other = new OnnxBytes().input("x", 0, 3, 4).longs("to", -1, 4).node("Reshape", "x,to", "f")
        .node("Gemm", "f,W", "z").constant("W", 4, 2).output("z", 0, 2);
    assertEquals("node '/f' (Reshape): reshapes to [-1, 4]; expected rows of 12 columns", refusal(other));
    OnnxBytes missing = new OnnxBytes().input("x", 0, 3, 4).node("Gemm", "x,W", "z").constant("W", 4, 2)
        .output("z", 0, 2);
    assertEquals("node '/z' (Gemm): its input has 3 dimensions; expected rows, as after Flatten", refusal(missing));
  }

  @Test void theLogarithmOfSoftmaxIsLeftOutWithANote() throws IOException {
    ImportedModel m = reader(new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W", "z").node("LogSoftmax", "z", "y")
        .constant("W", 4, 2).output("y", 0, 2)).read();
    assertEquals(List.of("its last operation is LogSoftmax; the model has Softmax, so its outputs are probabilities "
        + "instead of their logarithms"), m.notes());
    assertEquals("node '/v' (Gemm): a layer after the outputs", refusal(new OnnxBytes().input("x", 0, 4)
        .node("Gemm", "x,W", "z").node("LogSoftmax", "z", "y").node("Gemm", "y,V", "v").constant("W", 4, 2)
        .constant("V", 2, 2).output("v", 0, 2)));
  }

  // ---------------------------------------------------------------- activations

  private static OnnxBytes after(String operator, byte[]... attributes) {
    return new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W", "z").node(operator, "z", "y", attributes)
        .constant("W", 4, 2).output("y", 0, 2);
  }

  private String name(OnnxBytes onnx) throws IOException {
    return read(onnx).network().output().activation().name();
  }

  @Test void everyActivationHasItsOperator() throws IOException {
    assertEquals("relu", name(after("Relu")));
    assertEquals("sigmoid", name(after("Sigmoid")));
    assertEquals("tanh", name(after("Tanh")));
    assertEquals("softplus", name(after("Softplus")));
    assertEquals("softmax", name(after("Softmax")));
    assertEquals("softmax", name(after("Softmax", integer("axis", -1))));
    assertEquals("elu", name(after("Elu")));
    assertEquals("elu:0.5", name(after("Elu", single("alpha", 0.5f))));
    assertEquals("leaky-relu:0.25", name(after("LeakyRelu", single("alpha", 0.25f))));
    assertEquals("leaky-relu:" + (double) 0.01f, name(after("LeakyRelu")));
    assertEquals("gelu", name(after("Gelu")));
    assertEquals("silu", name(after("Swish")));
    assertEquals("elu", name(after("Celu")));
    assertEquals("relu", name(after("Clip", single("min", 0))));
    assertEquals("relu", name(layer().constant("0", new double[] {0}).node("Max", "z,0", "y")));
    assertEquals("leaky-relu:0.25", name(layer().constant("a", new double[] {0.25}, 1).node("PRelu", "z,a", "y")));
    assertEquals("node '/y' (Celu): expected alpha = 1", refusal(after("Celu", single("alpha", 2))));
    assertEquals("node '/y' (Clip): expected a lower bound of 0 alone, as in Relu",
        refusal(after("Clip", single("min", 0), single("max", 6))));
    assertEquals("node '/y' (Softmax): expected axis = 1, found 0", refusal(after("Softmax", integer("axis", 0))));
    assertEquals("node '/y' (Gelu): expected approximate = none, the exact GELU, found tanh; export the model with the "
        + "exact one",
        refusal(after("Gelu", OnnxBytes.string("approximate", "tanh"))));
    assertEquals("node '/y' (Swish): expected alpha = 1", refusal(after("Swish", single("alpha", 2))));
    assertTrue(refusal(after("Mish")).startsWith("node '/y' (Mish) is not supported; supported are Gemm, "));
    assertTrue(refusal(after("my.domain:Relu")).startsWith("node '/y' (my.domain.Relu) is not supported; "));
  }

  private static OnnxBytes layer() {
    return new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W", "z").constant("W", 4, 2).output("y", 0, 2);
  }

  @Test void activationsOfSeveralNodesAreRecognized() throws IOException {
    assertEquals("silu", name(layer().node("Sigmoid", "z", "s").node("Mul", "z,s", "y")));
    assertEquals("silu", name(layer().node("Sigmoid", "z", "s").node("Mul", "s,z", "y")));
    double root = (float) Math.sqrt(2), inverse = (float) Math.sqrt(0.5);
    OnnxBytes torch = layer().constant("r", new double[] {root}).constant("1", new double[] {1})
        .constant("h", new double[] {0.5}).node("Div", "z,r", "a").node("Erf", "a", "e").node("Add", "e,1", "p")
        .node("Mul", "z,p", "q").node("Mul", "q,h", "y");
    assertEquals("gelu", name(torch));
    OnnxBytes keras = layer().constant("r", new double[] {inverse}).constant("1", new double[] {1}, 1)
        .constant("h", new double[] {0.5}).node("Mul", "z,r", "a").node("Erf", "a", "e").node("Add", "1,e", "p")
        .node("Mul", "h,z", "q").node("Mul", "p,q", "y");
    assertEquals("gelu", name(keras));
    OnnxBytes half = layer().constant("r", new double[] {root}).constant("1", new double[] {1})
        .constant("h", new double[] {0.5}).node("Div", "z,r", "a").node("Erf", "a", "e").node("Add", "e,1", "p")
        .node("Mul", "p,h", "q").node("Mul", "z,q", "y");
    assertEquals("gelu", name(half));
    assertEquals("softplus", name(layer().constant("t", new double[] {20}).node("Softplus", "z", "s")
        .node("Greater", "z,t", "g").node("Where", "g,z,s", "y")));
    Model beta = read(layer().constant("t", new double[] {20}).constant("2", new double[] {2})
        .constant("h", new double[] {0.5}).node("Mul", "z,2", "b").node("Softplus", "b", "s").node("Mul", "s,h", "m")
        .node("Greater", "b,t", "g").node("Where", "g,z,m", "y"));
    assertEquals(Math.log1p(Math.exp(2 * value("W", 0))) / 2, beta.predict(1.0, 0.0, 0.0, 0.0).value(0, 0), 1e-15);
    for (OnnxBytes other : List.of(layer().node("Tanh", "z", "s").node("Mul", "z,s", "y"),
        layer().constant("t", new double[] {0}).node("Softplus", "z", "s").node("Greater", "z,t", "g")
            .node("Where", "g,z,s", "y"),
        layer().node("Sigmoid", "z", "s").node("Mul", "s,s", "y"), layer().node("Erf", "z", "y"),
        layer().constant("t", new double[] {20}).node("Tanh", "z", "s").node("Greater", "z,t", "g")
            .node("Where", "g,z,s", "y"),
        layer().constant("2", new double[] {2}).constant("r", new double[] {root}).node("Div", "z,r", "a")
            .node("Erf", "a", "e").node("Add", "e,2", "y"))) {
      assertTrue(refusal(other).contains("is not supported in this place; expected dense layers, one after the other"));
    }
    OnnxBytes doubled = layer().constant("r", new double[] {root}).constant("1", new double[] {1})
        .node("Div", "z,r", "a").node("Erf", "a", "e").node("Add", "e,1", "p").node("Mul", "z,p", "y");
    assertEquals("output 'y' is not that of a network of dense layers", refusal(doubled));
  }

  @Test void anActivationMayFollowAnother() throws IOException {
    assertEquals("4 → 2 tanh → relu → 2 softmax", read(layer().node("Tanh", "z", "t").node("Relu", "t", "r")
        .node("Gemm", "r,V", "v").node("Softmax", "v", "y").constant("V", 2, 2)).network().toString());
  }

  // ---------------------------------------------------------------- scaling

  @Test void inputsAreScaledByTheEncoding() throws IOException {
    Model m = read(new OnnxBytes().input("x", 0, 2).node("Sub", "x,m", "a").node("Div", "a,d", "b")
        .node("Gemm", "b,W", "y").constant("m", new double[] {5, -1}, 1, 2).constant("d", new double[] {2, 4}, 2)
        .constant("W", 2, 1).output("y", 0, 1));
    assertEquals((7 - 5) / 2.0 * value("W", 0) + (3 + 1) / 4.0 * value("W", 1), m.predict(7.0, 3.0).value(0, 0));
    Model pixels = read(new OnnxBytes().input("x", 0, 1, 2).node("Div", "x,d", "a").node("Flatten", "a", "b")
        .node("Gemm", "b,W", "y").constant("d", new double[] {255}).constant("W", 2, 1).output("y", 0, 1));
    assertEquals(255, pixels.encoding().inputColumns().get(1).deviation());
    ImportedModel scaler = reader(new OnnxBytes().input("x", 0, 0).node("ai.onnx.ml:Scaler", "x", "a",
        OnnxBytes.singles("offset", true, 5, -1), OnnxBytes.singles("scale", false, 0.5f, 0.3f)).node("Cast", "a", "b",
        integer("to", 11)).node("Gemm", "b,W", "y").constant("W", 2, 1).output("y", 0, 1)).read();
    InputColumn second = scaler.model().encoding().inputColumns().get(1);
    assertEquals(-1, second.mean());
    assertEquals(1 / (double) 0.3f, second.deviation());
    assertEquals(List.of(INEXACT), scaler.notes());
    ImportedModel exact = reader(new OnnxBytes().input("x", 0, 2).node("Add", "x,m", "a").node("Mul", "a,d", "b")
        .node("Gemm", "b,W", "y").constant("m", new double[] {5}).constant("d", new double[] {0.25}).constant("W", 2, 1)
        .output("y", 0, 1)).read();
    assertEquals(-5, exact.model().encoding().inputColumns().get(0).mean());
    assertEquals(4, exact.model().encoding().inputColumns().get(0).deviation());
    assertEquals(List.of(), exact.notes());
    assertEquals("node '/a' (Div): expected finite numbers, and no division by 0", refusal(new OnnxBytes()
        .input("x", 0, 2).node("Div", "x,d", "a").node("Gemm", "a,W", "y").constant("d", new double[] {2, 0}, 2)
        .constant("W", 2, 1).output("y", 0, 1)));
    assertEquals("node '/a' (ai.onnx.ml.Scaler): expected an offset and a scale for all columns, or for each",
        refusal(new OnnxBytes().input("x", 0, 2).node("ai.onnx.ml:Scaler", "x", "a",
            OnnxBytes.singles("scale", true, 1, 2, 3)).node("Gemm", "a,W", "y").constant("W", 2, 1).output("y", 0, 1)));
  }

  @Test void outputsAreScaledByTheTarget() throws IOException {
    OnnxBytes price = new OnnxBytes().input("x", 0, 2).node("Gemm", "x,W", "z").node("Mul", "z,d", "s")
        .node("Add", "s,m", "y").constant("W", 2, 1).constant("d", new double[] {3}, 1)
        .constant("m", new double[] {7}, 1).output("y", 0, 1);
    Model m = read(price);
    assertEquals((2 * value("W", 0) - value("W", 1)) * 3 + 7, m.predict(2.0, -1.0).value(0, 0));
    Model two = read(new OnnxBytes().input("x", 0, 2).node("Gemm", "x,W", "z").node("Sigmoid", "z", "p")
        .node("Mul", "p,d", "y").constant("W", 2, 2).constant("d", new double[] {3, 4}, 2).output("y", 0, 2));
    assertEquals(List.of(3.0, 4.0), two.encoding().target().deviations());
    assertEquals(Task.REGRESS, two.encoding().target().task(), "scaled outputs are no probabilities");
    ImportedModel classes = reader(price).task(Task.CLASSIFY).read();
    double logit = (2 * value("W", 0) - value("W", 1)) * 3 + 7;
    assertEquals(1 / (1 + Math.exp(-logit)), classes.model().predict(2.0, -1.0).probability(0, 1), 1e-15);
    assertEquals("its outputs are scaled, so they are not probabilities; pass --task regress", refusal(reader(layer()
        .node("Sigmoid", "z", "p").node("Mul", "p,d", "y").constant("d", new double[] {3})).task(Task.MULTILABEL)));
    assertEquals("node '/y' (Mul): expected finite factors > 0 of the outputs", refusal(layer()
        .node("Tanh", "z", "t").node("Mul", "t,d", "y").constant("d", new double[] {-1})));
  }

  private static final double EPSILON = 1e-5f;

  /** Adds a batch normalization of n columns, in which variances are ≥ ½ and a factor is negative. */
  private static OnnxBytes normalized(OnnxBytes onnx, String from, String to, int n) {
    double[] variance = new double[n], gamma = new double[n];
    for (int j = 0; j < n; j++) {
      variance[j] = 0.5 + j;
      gamma[j] = j == 0 ? -1.5 : 0.5 + j;
    }
    return onnx.node("BatchNormalization", from + ",gamma,beta,mean,variance", to, single("epsilon", 1e-5f))
        .constant("gamma", gamma, n).constant("beta", n).constant("mean", n).constant("variance", variance, n);
  }

  private static double normalized(double z, int j) {
    double gamma = j == 0 ? -1.5 : 0.5 + j;
    return (z - value("mean", j)) / Math.sqrt(0.5 + j + EPSILON) * gamma + value("beta", j);
  }

  private static double dense(String w, double[] x, int j, int outputs) {
    double z = 0;
    for (int i = 0; i < x.length; i++) z += x[i] * value(w, i * outputs + j);
    return z;
  }

  @Test void batchNormalizationIsFoldedIntoTheLayerNextToIt() throws IOException {
    double[] x = {0.5, -2, 1.25, 3};
    // weights and inputs of at most 4 in magnitude give sums below 300; each rounding is at most 2⁻⁵³ of that
    double tolerance = 300 * 0x1p-53 * 20;
    OnnxBytes after = normalized(new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W,b", "z"), "z", "n", 3)
        .node("Relu", "n", "r").node("Gemm", "r,V", "y").constant("W", 4, 3).constant("b", 3).constant("V", 3, 2)
        .output("y", 0, 2);
    ImportedModel m = reader(after).read();
    assertEquals("4 → 3 relu → 2 linear", m.model().network().toString());
    assertEquals(List.of("the scaling of node '/n' (BatchNormalization) is folded into the weights of the layer next "
        + "to it, which can change the last bits"), m.notes());
    double[] h = new double[3];
    for (int j = 0; j < 3; j++) h[j] = Math.max(0, normalized(dense("W", x, j, 3) + value("b", j), j));
    for (int k = 0; k < 2; k++) {
      assertEquals(dense("V", h, k, 2), m.model().predict(x).value(0, k), tolerance);
    }
    OnnxBytes before = normalized(new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W", "z").node("Relu", "z", "r"), "r",
        "n", 3).node("MatMul", "n,V", "y").constant("W", 4, 3).constant("V", 3, 2).output("y", 0, 2);
    for (int j = 0; j < 3; j++) h[j] = normalized(Math.max(0, dense("W", x, j, 3)), j);
    for (int k = 0; k < 2; k++) assertEquals(dense("V", h, k, 2), read(before).predict(x).value(0, k), tolerance);
    OnnxBytes first = normalized(new OnnxBytes().input("x", 0, 4), "x", "n", 4).node("Gemm", "n,V", "y")
        .constant("V", 4, 2).output("y", 0, 2);
    double[] n = new double[4];
    for (int j = 0; j < 4; j++) n[j] = normalized(x[j], j);
    for (int k = 0; k < 2; k++) assertEquals(dense("V", n, k, 2), read(first).predict(x).value(0, k), tolerance);
    OnnxBytes last = normalized(layer(), "z", "y", 2);
    for (int k = 0; k < 2; k++) {
      assertEquals(normalized(dense("W", x, k, 2), k), read(last).predict(x).value(0, k), tolerance);
    }
    assertEquals("node '/n' (BatchNormalization): a scaling between two activations; expected it before or after a "
        + "dense layer", refusal(normalized(layer().node("Relu", "z", "r"), "r", "n", 2).node("Tanh", "n", "y")));
    assertTrue(refusal(layer().node("BatchNormalization", "z,W,W,W,W", "y")).startsWith("node '/y' (BatchNorm"));
  }

  @Test void seluAndSoftminAreScaledActivations() throws IOException {
    double[] x = {0.5, -0.25, 0.125, 0.25};
    double scale = 1.05070102214813232421875, alpha = 1.67326319217681884765625; // of the ONNX standard
    Model selu = read(layer().node("Selu", "z", "s").node("Gemm", "s,V", "y").constant("V", 2, 1));
    double[] s = new double[2];
    for (int j = 0; j < 2; j++) {
      double z = dense("W", x, j, 2);
      s[j] = scale * (z > 0 ? z : alpha * Math.expm1(z));
    }
    assertEquals(dense("V", s, 0, 1), selu.predict(x).value(0, 0), 1e-14);
    Model softmin = read(layer().node("Neg", "z", "n").node("Softmax", "n", "y", integer("axis", 1)));
    double e0 = Math.exp(-dense("W", x, 0, 2)), e1 = Math.exp(-dense("W", x, 1, 2));
    assertEquals(e1 / (e0 + e1), softmin.predict(x).probability(0, 1), 1e-15);
  }

  @Test void severalScalingsOfTheInputsAreOne() throws IOException {
    ImportedModel pixels = reader(new OnnxBytes().input("x", 0, 1, 2).node("Div", "x,white", "a")
        .node("Sub", "a,m", "b").node("Div", "b,d", "c").node("Flatten", "c", "f").node("Gemm", "f,W", "y")
        .constant("W", 2, 1)
        .constant("white", new double[] {255}).constant("m", new double[] {0.125}).constant("d", new double[] {0.5})
        .output("y", 0, 1)).read();
    assertEquals(List.of(INEXACT), pixels.notes());
    InputColumn column = pixels.model().encoding().inputColumns().get(1);
    assertEquals(0.125 * 255, column.mean());
    assertEquals(0.5 * 255, column.deviation());
    ImportedModel minMax = reader(new OnnxBytes().input("x", 0, 2).node("Mul", "x,scale", "a").node("Add", "a,min", "b")
        .node("Gemm", "b,W", "y").constant("W", 2, 1).constant("scale", new double[] {0.5, 0.25}, 2)
        .constant("min", new double[] {-1, 0.5}, 2).output("y", 0, 1)).read();
    assertEquals((7 * 0.5 - 1) * value("W", 0) + (3 * 0.25 + 0.5) * value("W", 1),
        minMax.model().predict(7.0, 3.0).value(0, 0));
    Model channels = read(new OnnxBytes().input("x", 0, 2, 1, 2).node("Sub", "x,m", "a").node("Flatten", "a", "f")
        .node("Gemm", "f,W", "y").constant("W", 4, 1).constant("m", new double[] {3, 5}, 2, 1, 1).output("y", 0, 1));
    assertEquals(List.of(3.0, 3.0, 5.0, 5.0), channels.encoding().inputColumns().stream().map(c -> c.mean()).toList());
    assertTrue(refusal(new OnnxBytes().input("x", 0, 2, 1, 2).node("Sub", "x,m", "a").node("Flatten", "a", "f")
        .node("Gemm", "f,W", "y").constant("W", 4, 1).constant("m", 3, 1, 1).output("y", 0, 1)).startsWith(
        "node '/a' (Sub) is not supported in this place"));
  }

  @Test void oneConstantInManyScalingsCannotMultiplyTheMemory() throws IOException {
    OnnxBytes many = new OnnxBytes().input("a0", 0, 1000).constant("c", 1000);
    for (int i = 0; i < 40; i++) many.node("Add", "a" + i + ",c", "a" + (i + 1));
    assertTrue(refusal(many.output("a40", 0, 1000)).contains("(Add) is not supported in this place"));
  }

  // ---------------------------------------------------------------- shapes and constants

  @Test void computedShapesAreFollowed() throws IOException {
    OnnxBytes view = new OnnxBytes().input("x", 0, 3, 4).node("Shape", "x", "s").longs("0", 0).longs("-1", -1)
        .node("Gather", "s,0", "n").node("Unsqueeze", "n,0", "u").node("Concat", "u,-1", "to", integer("axis", 0))
        .node("Reshape", "x,to", "f").node("Gemm", "f,W", "y").constant("W", 12, 2).output("y", 0, 2);
    assertEquals("12 → 2 linear", read(view).network().toString());
    OnnxBytes product = new OnnxBytes().input("x", 0, 3, 4).node("Shape", "x", "s").longs("0", 0).longs("1", 1)
        .longs("2", 2).longs("9", 9).node("Slice", "s,0,1,0", "n").node("Slice", "s,1,2", "a")
        .node("Slice", "s,2,9", "b").node("Mul", "a,b", "ab").node("Concat", "n,ab", "to", integer("axis", 0))
        .node("Reshape", "x,to", "f").node("Gemm", "f,W", "y").constant("W", 12, 2).output("y", 0, 2);
    assertEquals("12 → 2 linear", read(product).network().toString());
    OnnxBytes other = new OnnxBytes().input("x", 0, 3, 4).node("Shape", "x", "s").longs("0", 1).longs("-1", -1)
        .node("Gather", "s,0", "n").node("Concat", "n,-1", "to", integer("axis", 0)).node("Reshape", "x,to", "f")
        .node("Gemm", "f,W", "y").constant("W", 4, 2).output("y", 0, 2);
    assertEquals("node '/f' (Reshape): reshapes to [3, -1]; expected rows of 12 columns", refusal(other));
  }

  @Test void aSingleOutputMayLoseItsDimension() throws IOException {
    OnnxBytes one = new OnnxBytes().input("x", 0, 2).node("Gemm", "x,W", "z").longs("-1", -1)
        .node("Squeeze", "z,-1", "s").node("Mul", "s,d", "y").constant("W", 2, 1).constant("d", new double[] {3})
        .output("y", 0);
    assertEquals((2 * value("W", 0) - value("W", 1)) * 3, read(one).predict(2.0, -1.0).value(0, 0));
    assertTrue(refusal(layer().longs("-1", -1).node("Squeeze", "z,-1", "y")).startsWith("node '/y' (Squeeze) is not"));
  }

  @Test void constantsMayBeComputedAndOfOtherForms() throws IOException {
    Model m = read(new OnnxBytes().input("x", 0, 2).node("Constant", "", "m", OnnxBytes.singles("value_floats", true, 5,
        -1)).node("Constant", "", "v", single("value_float", 16)).node("Sqrt", "v", "d").node("Reciprocal", "d", "r")
        .node("Sub", "x,m", "a").node("Mul", "a,r", "b").node("Gemm", "b,W", "y").constant("W", 2, 1)
        .output("y", 0, 1));
    assertEquals(-1, m.encoding().inputColumns().get(1).mean());
    assertEquals(4, m.encoding().inputColumns().get(1).deviation());
    Model half = read(new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W,b", "y").halves("W", 4, 3).halves("b", 3)
        .output("y", 0, 3));
    requireWeights(half.network(), 0, "W", false, "b");
    Model later = read(new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W", "z").node("Add", "z,b", "y")
        .constant("W", 4, 3).constant("b", 3).output("y", 0, 3));
    requireWeights(later.network(), 0, "W", false, "b");
  }

  // ---------------------------------------------------------------- classes

  @Test void labelsOfZipMapAreTheClasses() throws IOException {
    for (boolean numbers : new boolean[] {false, true}) {
      byte[] labels = numbers ? OnnxBytes.integers("classlabels_int64s", 4, 7)
          : OnnxBytes.strings("classlabels_strings", "no", "yes");
      OnnxBytes onnx = new OnnxBytes().input("x", 0, 2).node("Gemm", "x,W", "z").node("Softmax", "z", "p")
          .node("ArgMax", "p", "i", integer("axis", 1)).node("Unknown", "p", "label")
          .node("ai.onnx.ml:ZipMap", "p", "probabilities", labels).constant("W", 2, 2).type(OnnxBytes.INT64)
          .output("label", 0).output("probabilities");
      ImportedModel m = reader(onnx).read();
      assertEquals(numbers ? List.of("4", "7") : List.of("no", "yes"), m.model().encoding().target().labels());
      assertEquals(List.of("label"), m.unused());
      assertEquals(List.of("a", "b"), reader(onnx).classes(List.of("a", "b")).read().model().encoding().target()
          .labels());
    }
  }

  @Test void twoProbabilitiesOfOneSigmoidAreTwoClasses() throws IOException {
    OnnxBytes onnx = new OnnxBytes().input("x", 0, 2).node("Gemm", "x,W", "z").node("Sigmoid", "z", "p")
        .node("Sub", "1,p", "q").node("Concat", "q,p", "y", integer("axis", 1)).constant("W", 2, 1)
        .constant("1", new double[] {1}).output("y", 0, 2);
    Model m = read(onnx);
    assertEquals("2 → 1 sigmoid", m.network().toString());
    assertEquals(List.of("0", "1"), m.encoding().target().labels());
  }

  @Test void linearOutputsAreNumbersUnlessClassesAreWanted() throws IOException {
    OnnxBytes logits = new OnnxBytes().input("x", 0, 2).node("Gemm", "x,W", "y").constant("W", 2, 3).output("y", 0, 3);
    assertEquals(List.of("y1", "y2", "y3"), read(logits).encoding().target().names());
    ImportedModel m = reader(logits).task(Task.CLASSIFY).read();
    assertEquals("2 → 3 softmax", m.model().network().toString());
    assertEquals(1, m.notes().size());
    assertEquals("--layers does not apply to an ONNX file, which contains it; remove --layers",
        refusal(reader(logits).dense(3, new Relu())));
  }

  @Test void theGraphsOfSkl2onnxKeepTheirClassesWithAndWithoutZipMap() throws IOException {
    for (boolean zipMap : new boolean[] {false, true}) {
      OnnxBytes many = new OnnxBytes().input("X", 0, 4).node("ai.onnx.ml:Scaler", "X", "s",
          OnnxBytes.singles("offset", true, 1, 2, 3, 4), OnnxBytes.singles("scale", true, 0.5f, 2, 1, 4))
          .node("MatMul", "s,coefficient", "m").node("Add", "m,intercepts", "a").node("Relu", "a", "r")
          .node("MatMul", "r,coefficient1", "m1").node("Add", "m1,intercepts1", "a1")
          .node("Softmax", "a1", "o", integer("axis", 1)).node("Identity", "o", "p");
      Model m = read(withLabels(many, zipMap, "setosa", "versicolor", "virginica").constant("coefficient", 4, 5)
          .constant("intercepts", 1, 5).constant("coefficient1", 5, 3).constant("intercepts1", 1, 3));
      assertEquals("4 → 5 relu → 3 softmax", m.network().toString());
      assertEquals(List.of("setosa", "versicolor", "virginica"), m.encoding().target().labels());
      assertEquals(0.25, m.encoding().inputColumns().get(3).deviation());
      OnnxBytes two = new OnnxBytes().input("X", 0, 4).node("MatMul", "X,coefficient", "m")
          .node("Add", "m,intercepts", "a").node("Sigmoid", "a", "o").node("Sub", "unity,o", "q")
          .node("Concat", "q,o", "p", integer("axis", 1)).constant("unity", new double[] {1});
      Model binary = read(withLabels(two, zipMap, "no", "yes").constant("coefficient", 4, 1)
          .constant("intercepts", 1, 1));
      assertEquals("4 → 1 sigmoid", binary.network().toString());
      assertEquals(List.of("no", "yes"), binary.encoding().target().labels());
    }
  }

  private static OnnxBytes withLabels(OnnxBytes onnx, boolean zipMap, String... labels) {
    onnx.texts("classes", labels).longs("shape_tensor", -1).node("ArgMax", "p", "argmax_output", integer("axis", 1))
        .node("ai.onnx.ml:ArrayFeatureExtractor", "classes,argmax_output", "extracted")
        .node("Reshape", "extracted,shape_tensor", "output_label").type(OnnxBytes.STRING).output("output_label", 0)
        .type(OnnxBytes.FLOAT);
    if (!zipMap) return onnx.node("Identity", "p", "output_probability").output("output_probability", 0, 2);
    return onnx.node("ai.onnx.ml:ZipMap", "p", "output_probability", OnnxBytes.strings("classlabels_strings", labels))
        .type(0).output("output_probability").type(OnnxBytes.FLOAT);
  }

  @Test void linearModelsAreNetworksOfOneLayer() throws IOException {
    byte[] two = OnnxBytes.singles("coefficients", true, -1, 2, 1, -2), zero = OnnxBytes.singles("intercepts", true,
        -3, 3);
    byte[] labels = OnnxBytes.integers("classlabels_ints", 4, 7);
    Model logistic = read(new OnnxBytes().input("x", 0, 2).node("ai.onnx.ml:LinearClassifier", "x", "l,s", two, zero,
        labels, OnnxBytes.string("post_transform", "LOGISTIC")).node("ai.onnx.ml:Normalizer", "s", "p",
        OnnxBytes.string("norm", "L1")).output("p", 0, 2).type(OnnxBytes.INT64).output("l", 0));
    assertEquals("2 → 1 sigmoid", logistic.network().toString());
    assertArrayEquals(new double[][] {{1}, {-2}}, logistic.network().weights(0));
    assertArrayEquals(new double[] {3}, logistic.network().bias(0));
    assertEquals(List.of("4", "7"), logistic.encoding().target().labels());
    Model softmax = read(new OnnxBytes().input("x", 0, 2).node("ai.onnx.ml:LinearClassifier", "x", "l,p",
        OnnxBytes.singles("coefficients", true, 1, 2, 3, 4, 5, 6), OnnxBytes.singles("intercepts", true, 7, 8, 9),
        OnnxBytes.strings("classlabels_strings", "a", "b", "c"), OnnxBytes.string("post_transform", "SOFTMAX"))
        .output("p", 0, 3));
    assertArrayEquals(new double[][] {{1, 3, 5}, {2, 4, 6}}, softmax.network().weights(0));
    assertEquals("2 → 3 softmax", softmax.network().toString());
    Model regression = read(new OnnxBytes().input("x", 0, 2).node("ai.onnx.ml:LinearRegressor", "x", "y",
        OnnxBytes.singles("coefficients", true, 1, 2), OnnxBytes.singles("intercepts", true, 7)).output("y", 0, 1));
    assertEquals(7 + 3 + 2 * 5, regression.predict(3.0, 5.0).value(0, 0));
    assertEquals("node '/l,p' (ai.onnx.ml.LinearClassifier): expected post_transform = SOFTMAX, or LOGISTIC of two "
        + "opposite classes; found NONE", refusal(new OnnxBytes().input("x", 0, 2)
            .node("ai.onnx.ml:LinearClassifier", "x", "l,p", two, zero, labels).output("p", 0, 2)));
  }

  @Test void anOutputOfClassesAloneIsRefused() throws IOException {
    assertEquals("it outputs classes without their probabilities; export it with the probabilities as another output",
        refusal(new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W", "z").node("ArgMax", "z", "y", integer("axis", 1))
            .constant("W", 4, 2).type(OnnxBytes.INT64).output("y", 0, 1)));
  }

  // ---------------------------------------------------------------- weights in a second file

  private OnnxBytes external(String location, String offset, String length) {
    return new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W", "y", integer("transB", 1)).output("y", 0, 3)
        .external("W", location, offset, length, 3, 4);
  }

  @Test void weightsMayBeInASecondFile() throws IOException {
    byte[] data = new ForeignArrays().add("W", 3, 4).bytes();
    byte[] numbers = Arrays.copyOfRange(Zip.entries(data).get(0).content, 128, 128 + 48);
    byte[] padded = Arrays.copyOf(new byte[64], 64 + 48);
    System.arraycopy(numbers, 0, padded, 64, 48);
    Files.write(directory.resolve("f.onnx.data"), padded);
    requireWeights(read(external("f.onnx.data", "64", "48")).network(), 0, "W", true, null);
    requireWeights(read(external("./f.onnx.data", "64", "48")).network(), 0, "W", true, null);
    assertEquals("damaged (tensor 'W' has 40 bytes of numbers, its shape (3 × 4) requires 48)",
        refusal(external("f.onnx.data", "64", "40")));
    assertEquals("damaged (tensor 'W' has 32 bytes of numbers, its shape (3 × 4) requires 48)",
        refusal(external("f.onnx.data", "80", "48")));
    assertEquals("no such file '" + directory.resolve("gone.data") + "', which has its weights. Copy both files.",
        refusal(external("gone.data", "0", "48")));
    for (String elsewhere : new String[] {"../f.onnx.data", "/etc/passwd", "a/b", "", "..", "a\\b", "C:x"}) {
      assertEquals("not an ONNX file, or damaged (tensor 'W' is in the file '" + elsewhere
          + "'; expected a file in the same directory)", refusal(external(elsewhere, "0", "48")));
    }
    assertEquals("not an ONNX file, or damaged (the place of a tensor in its file is 'x')",
        refusal(external("f.onnx.data", "x", "48")));
    Files.createDirectory(directory.resolve("d"));
    assertEquals("not an ONNX file, or damaged ('d', which has its weights, is not a file)",
        refusal(external("d", "0", "48")));
  }

  // ---------------------------------------------------------------- Chainrule's own files

  @Test void anExportedModelComesBackToTheBit() throws IOException {
    for (int seed = 0; seed < 60; seed++) requireSame(RandomModel.of(seed));
    Target price = Target.numbers(List.of("lat", "lon"), List.of(50.0, 8.5), List.of(1.25, 0.5));
    List<InputColumn> inputs = List.of(InputColumn.number("size", 10, 4, 7, true),
        InputColumn.categories("layer0_weight", List.of("a", "b"), true),
        InputColumn.date("day", 19_000, 300, 1, true));
    List<Network> three = List.of(net(7, 1), net(7, 2), net(7, 3));
    requireSame(new Model(three, new Encoding(inputs, price).withDecimal(',').withMissing(List.of("-9")),
        Map.of("loss", "mse")));
    requireSame(new Model(Network.input(4).dense(1, new Sigmoid()).build(1), Encoding.pixels(2, 2, List.of("a", "b")),
        Map.of()).withCalibration(new Calibration(0.25, List.of())));
  }

  private static Network net(int inputs, long seed) {
    return Network.input(inputs).dense(5, new Relu()).dropout(0.5).dense(2, new Linear()).build(seed);
  }

  private void requireSame(Model model) throws IOException {
    Path own = directory.resolve("own.npz"), onnx = directory.resolve("own.onnx"), back = directory.resolve("back.npz");
    model.write(own);
    Onnx.write(model, onnx);
    ImportedModel m = ModelImport.of(onnx).read();
    assertEquals("ONNX of a Chainrule model", m.source());
    m.model().write(back);
    assertArrayEquals(Files.readAllBytes(own), Files.readAllBytes(back));
  }

  @Test void anExportInFloat32SaysThatTheWeightsAreRounded() throws IOException {
    Model model = new Model(net(3, 1), Encoding.plain(3, 2), Map.of());
    Path onnx = directory.resolve("f.onnx");
    Onnx.writeFloat32(model, onnx);
    ImportedModel m = ModelImport.of(onnx).read();
    assertEquals("ONNX of a Chainrule model, weights of float32", m.source());
    assertEquals(List.of("the file has the weights in float32, so predictions differ from those of the original model, "
        + "which has float64"), m.notes());
    double[] original = model.network().parameters(), read = m.model().network().parameters();
    for (int i = 0; i < original.length; i++) assertEquals((float) original[i], read[i]);
  }

  @Test void anExportedModelWhoseGraphHasChangedIsReadFromItsGraph() throws IOException {
    Path onnx = directory.resolve("f.onnx");
    Model model = new Model(Network.input(2).dense(3, new Relu()).dense(2, new Softmax()).build(1),
        Encoding.plain(2, List.of("a", "b")), Map.of());
    Onnx.write(model, onnx);
    byte[] bytes = Files.readAllBytes(onnx);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertEquals("--classes does not apply to a model of Chainrule, which contains it; remove --classes",
        refusal(ModelImport.of(onnx).classes(List.of("c", "d"))));
    byte[] changed = text.replace("Relu", "Tanh").getBytes(StandardCharsets.ISO_8859_1);
    String refused = refusal(reader(changed));
    assertTrue(refused.startsWith("node 'input_IsNaN' (IsNaN) is not supported; "), refused);
    assertTrue(refused.endsWith(". Chainrule has exported this file, but another program has changed its nodes since: "
        + "import the original."), refused);
    byte[] damaged = text.replace("\"units\":3", "\"units\":4").getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("constant 'layer0_weight': expected shape (2 × 4), found (2 × 3)", refusal(reader(damaged)));
  }

  // ---------------------------------------------------------------- refusals

  @Test void graphsOfOtherNetworksAreRefusedByTheirNode() throws IOException {
    assertTrue(refusal(new OnnxBytes().input("x", 0, 1, 8, 8).node("Conv", "x,W", "y").constant("W", 2, 1, 3, 3)
        .output("y", 0, 2)).startsWith("node '/y' (Conv) is not supported; supported are Gemm, "));
    assertEquals("2 inputs: 'a', 'b'; expected one, with the numbers of a row", refusal(new OnnxBytes().input("a", 0, 1)
        .input("b", 0, 1).node("Add", "a,b", "y").output("y", 0, 1)));
    assertEquals("input 'x' has the element type 8 of ONNX; expected real or whole numbers, such as float32",
        refusal(new OnnxBytes().type(OnnxBytes.STRING).input("x", 0, 1).output("x", 0, 1)));
    assertEquals("input 'x' is not a tensor; expected one, with the numbers of a row",
        refusal(new OnnxBytes().type(0).input("x", 0, 1).output("x", 0, 1)));
    assertEquals("it computes nothing that is a layer of a network", refusal(new OnnxBytes().input("x", 0, 1)
        .node("Identity", "x", "y").output("y", 0, 1)));
    assertEquals("it has no output", refusal(new OnnxBytes().input("x", 0, 1)));
    assertEquals("several outputs that are networks: 'z', 'y'. Export the model with one of them.",
        refusal(new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W", "z").node("Relu", "z", "y").constant("W", 4, 2)
            .output("z", 0, 2).output("y", 0, 2)));
    assertTrue(refusal(new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W", "z").node("LayerNormalization", "z", "y")
        .constant("W", 4, 2).output("z", 0, 2).output("y", 0, 2)).startsWith("node '/y' (LayerNormalization) is not "));
    assertTrue(refusal(layer().node("Add", "z,x", "y")).startsWith("node '/y' (Add) is not supported in this place; "));
    assertEquals("node '/y' (Gemm): weights of 3 inputs follow 2 columns",
        refusal(layer().node("Gemm", "z,V", "y").constant("V", 3, 2)));
    assertEquals("node '/y' (Gemm): expected a matrix of real numbers, found the constant 'V' (3)",
        refusal(layer().node("Gemm", "z,V", "y").constant("V", 3)));
    assertEquals("node '/y' (Gemm): a bias of the shape (3) for 2 outputs",
        refusal(layer().node("Gemm", "z,V,c", "y").constant("V", 2, 2).constant("c", 3)));
    assertEquals("node '/y' (Gemm): expected alpha = 1, beta = 1 and transA = 0",
        refusal(layer().node("Gemm", "z,V", "y", single("alpha", 2)).constant("V", 2, 2)));
    assertEquals("no node before computes 'later'", refusal(layer().node("Relu", "later", "y")));
  }

  @Test void theAdviceFitsWhatIsFound() throws IOException {
    assertEquals("node '/y' (DequantizeLinear) is not supported; import the file of the model before it was quantized",
        refusal(after("DequantizeLinear")));
    assertEquals("node '/y' (com.microsoft.FusedGemm) is not supported; import the file before ONNX Runtime has "
        + "optimized it", refusal(after("com.microsoft:FusedGemm")));
  }

  @Test void sharedWeightsCannotMultiplyTheMemory() throws IOException {
    OnnxBytes shared = new OnnxBytes().input("a0", 0, 100).constant("V", 100, 100);
    for (int i = 0; i < 20; i++) shared.node("Gemm", "a" + i + ",V", "a" + (i + 1));
    assertEquals("layers share their weights; expected weights for each layer", refusal(shared.output("a20", 0, 100)));
  }

  @Test void anythingElseIsNotAnOnnxFile() throws IOException {
    for (String text : new String[] {"", "PK", "\0\0\0\0"}) {
      String message = refusal(reader(text.getBytes(StandardCharsets.UTF_8)));
      assertTrue(message.startsWith("not an") && message.contains("or damaged ("), message);
    }
    for (String text : new String[] {"x,y\n1,2\n", "{}", "some\ttext"}) {
      assertEquals("a text file; expected weights as an .npz of numpy or an .onnx file",
          refusal(reader(text.getBytes(StandardCharsets.UTF_8))));
    }
    byte[] many = new byte[2_000_001];
    Arrays.fill(many, (byte) 0x08); // a million varint fields
    assertEquals("not an ONNX file, or damaged (more than 1000000 fields)", refusal(reader(many)));
  }

  @Test void damageIsRefusedInOneLine() throws IOException {
    byte[] bytes = torch(new OnnxBytes()).bytes();
    for (int i = 0; i < bytes.length; i++) {
      for (int bit : new int[] {1, 2, 4, 0x80}) {
        byte[] bad = bytes.clone();
        bad[i] ^= (byte) bit;
        try {
          reader(bad).read();
        } catch (DataException e) {
          assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
      }
      byte[] truncated = Arrays.copyOf(bytes, i);
      assertTrue(refusal(reader(truncated)).length() > 0);
    }
  }
}
