// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.DataException;
import chainrule.data.Encoding;
import chainrule.io.ForeignArrays;
import chainrule.io.Model;
import chainrule.io.ModelImport;
import chainrule.io.Onnx;
import chainrule.io.OnnxBytes;
import chainrule.io.RandomModel;
import chainrule.io.Zip;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of other programs with damage: each becomes a model that predicts, or is refused in one line. */
class ImportFuzzTest {
  @TempDir Path directory;
  private final List<byte[]> arrays = new ArrayList<>(), graphs = new ArrayList<>();

  @BeforeEach
  void samples() throws IOException {
    String[][] names = {{"0.weight", "0.bias", "2.weight", "2.bias"}, {"arr_0", "arr_1", "arr_2", "arr_3"},
        {"W1", "b1", "W2", "b2"}};
    for (String[] n : names) {
      for (int form = 0; form < 3; form++) {
        ForeignArrays a = new ForeignArrays().type(new String[] {"<f4", ">f8", "<f2"}[form]);
        if (form == 1) a.columnMajor();
        if (form == 2) a.compressed();
        arrays.add(a.add(n[0], 3, 4).add(n[1], 3).add(n[2], 2, 3).add(n[3], 2).bytes());
      }
    }
    Path file = directory.resolve("m");
    for (long seed : new long[] {1, 2, 3}) {
      RandomModel.of(seed).write(file);
      arrays.add(Files.readAllBytes(file));
      Onnx.write(RandomModel.of(seed), file);
      graphs.add(Files.readAllBytes(file));
    }
    for (boolean packed : new boolean[] {false, true}) {
      OnnxBytes g = packed ? new OnnxBytes().packed() : new OnnxBytes();
      graphs.add(g.input("x", 0, 1, 4).longs("to", -1, 4).node("Div", "x,d", "s").node("Reshape", "s,to", "f")
          .node("Gemm", "f,W,b", "z", OnnxBytes.integer("transB", 1), OnnxBytes.single("beta", 1))
          .node("Sigmoid", "z", "g").node("Mul", "z,g", "a").node("MatMul", "a,V", "u").node("Add", "u,c", "v")
          .node("Softmax", "v", "p")
          .node("ai.onnx.ml:ZipMap", "p", "y", OnnxBytes.strings("classlabels_strings", "a", "b"))
          .constant("d", new double[] {255}).constant("W", 3, 4).constant("b", 3).constant("V", 3, 2).constant("c", 2)
          .output("y", 0, 2).bytes());
      OnnxBytes e = packed ? new OnnxBytes().packed() : new OnnxBytes();
      graphs.add(e.input("x", 0, 0).node("ai.onnx.ml:Scaler", "x", "s", OnnxBytes.singles("offset", packed, 1, 2),
          OnnxBytes.singles("scale", packed, 0.5f, 2)).node("Gemm", "s,W", "z", OnnxBytes.integer("transB", 1))
          .node("Mul", "z,d", "t").node("Add", "t,m", "y").constant("d", 3).constant("m", 3)
          .external("W", "weights", "8", "24", 3, 2).output("y", 0, 3).bytes());
    }
    graphs.add(new OnnxBytes().input("x", 0, 2, 2).node("Shape", "x", "s").longs("0", 0).longs("-1", -1)
        .node("Gather", "s,0", "n").node("Unsqueeze", "n,0", "u")
        .node("Concat", "u,-1", "to", OnnxBytes.integer("axis", 0)).node("Reshape", "x,to", "f")
        .node("Sqrt", "d", "r").node("Div", "f,r", "i").node("Sub", "i,r", "j").node("Gemm", "j,W,b", "z")
        .node("BatchNormalization", "z,b,b,b,v", "h").node("Selu", "h", "a").node("MatMul", "a,V", "k")
        .node("Neg", "k", "l").node("Softmax", "l", "p", OnnxBytes.integer("axis", 1))
        .node("ArgMax", "p", "q", OnnxBytes.integer("axis", 1)).node("Gather", "names,q", "label")
        .constant("d", new double[] {4}).constant("W", 4, 3).constant("b", 3).constant("v", new double[] {1, 2, 3}, 3)
        .constant("V", 3, 2).texts("names", "no", "yes").output("p", 0, 2).type(OnnxBytes.STRING).output("label", 0)
        .bytes());
    graphs.add(new OnnxBytes().input("x", 0, 2).halves("m", 2).node("Sub", "x,m", "a").node(
        "ai.onnx.ml:LinearClassifier", "a", "l,p", OnnxBytes.singles("coefficients", true, -1, 2, 1, -2),
        OnnxBytes.singles("intercepts", false, -3, 3), OnnxBytes.integers("classlabels_ints", 4, 7),
        OnnxBytes.string("post_transform", "LOGISTIC")).output("p", 0, 2).type(OnnxBytes.INT64).output("l", 0).bytes());
    Files.write(directory.resolve("weights"), new byte[40]);
  }

  private abstract class Damaged implements FuzzRunner.Subject<byte[]> {
    abstract ModelImport reader(Path file);

    @Override public String use(byte[] file) throws IOException {
      try {
        Model m = reader(Files.write(directory.resolve("f"), file)).read().model();
        assertEquals(2, m.predictEncoded(new double[2 * m.architecture().inputs()]).rows());
        return "";
      } catch (DataException e) {
        FuzzRunner.requireLine(e.getMessage());
        return e.getMessage();
      }
    }
  }

  @Test
  void anyArraysBecomeAModelOrAreRefused() throws InterruptedException {
    FuzzRunner.run("ImportFuzzTest", 2_000, 40, new Damaged() {
      private boolean noBias;
      private int orientation;

      @Override public byte[] make(FuzzRandom c) {
        noBias = c.oneIn(3);
        orientation = c.below(4);
        byte[] sample = arrays.get(c.below(arrays.size()));
        return c.oneIn(4) ? Zip.of(NpzDamage.renamed(c, sample)) : NpzDamage.damaged(c, sample);
      }

      /** A compressed file may expand to 100 times its size and a megabyte. */
      @Override public long limit(byte[] file) {
        return 8_000_000 + 1_000L * file.length;
      }

      @Override ModelImport reader(Path file) {
        ModelImport r = ModelImport.of(file);
        try {
          if (Files.size(file) % 3 > 0) r.dense(3, new Relu()).dense(2, new Softmax());
        } catch (IOException e) {
          throw new AssertionError(e);
        }
        if (noBias) r.noBias();
        return orientation < 2 ? r.transposed(orientation == 1) : r;
      }
    });
  }

  @Test
  void anyGraphBecomesAModelOrIsRefused() throws InterruptedException {
    FuzzRunner.run("ImportFuzzTest", 3_000, 40, new Damaged() {
      private boolean classes;

      @Override public byte[] make(FuzzRandom c) {
        classes = c.oneIn(3);
        byte[] sample = graphs.get(c.below(graphs.size()));
        return c.oneIn(30) ? sample : ProtobufDamage.damaged(c, sample);
      }

      @Override public long limit(byte[] file) {
        return 2_000_000 + 1_000L * file.length;
      }

      @Override ModelImport reader(Path file) {
        return classes ? ModelImport.of(file).task(Encoding.Task.CLASSIFY) : ModelImport.of(file);
      }
    });
  }
}
