// SPDX-License-Identifier: MIT
package chainrule.cli;

import static chainrule.cli.CommandLine.done;
import static chainrule.cli.CommandLine.refused;
import static chainrule.cli.CommandLine.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.ForeignArrays;
import chainrule.io.OnnxBytes;
import chainrule.io.Zip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private String arrays(ForeignArrays arrays) throws IOException {
    return Files.write(directory.resolve("w.npz"), arrays.bytes()).toString();
  }

  private String torch() throws IOException {
    return arrays(new ForeignArrays().add("0.weight", 3, 2).add("0.bias", 3).add("2.weight", 2, 3).add("2.bias", 2)
        .add("1.num_batches_tracked"));
  }

  @Test void arraysBecomeAModelForEveryCommand() throws IOException {
    String file = torch(), model = path("m.npz");
    assertEquals("""
        read      %s: arrays of float32, weights [out × in]
        network   2 → 3 relu → 2 softmax, 17 parameters
        inputs    rooms, area
        target    kind: 2 classes, flat, house
        unused    1.num_batches_tracked
        wrote     %s
        """.formatted(file, model), done("import", file, "--layers", "3:relu,2:softmax", "--features", "rooms, area",
        "--classes", "flat,house", "--target", "kind", "--out", model));
    String data = path("d.csv");
    Files.writeString(Path.of(data), "area,rooms,kind\n1.5,2,flat\n0.5,1,house\n");
    String predicted = done("predict", model, data);
    assertTrue(predicted.startsWith("class,p(flat),p(house)\n"), predicted);
    double[] h = new double[3], z = new double[2];
    for (int j = 0; j < 3; j++) {
      h[j] = Math.max(0, 2 * value("0.weight", 2 * j) + 1.5 * value("0.weight", 2 * j + 1) + value("0.bias", j));
    }
    for (int k = 0; k < 2; k++) {
      z[k] = value("2.bias", k);
      for (int j = 0; j < 3; j++) z[k] += h[j] * value("2.weight", 3 * k + j);
    }
    double p = 1 / (1 + Math.exp(z[1] - z[0]));
    assertEquals(p, Double.parseDouble(predicted.lines().toList().get(1).split(",")[1]), 1e-15);
    assertTrue(done("evaluate", model, data).contains("accuracy"));
    assertTrue(done("info", model).contains("imported     w.npz, arrays of float32, weights [out × in]\n"));
    done("export", model, path("m.onnx"));
    done("import", path("m.onnx"), "--out", path("back.npz"));
    assertArrayEquals(Files.readAllBytes(Path.of(model)), Files.readAllBytes(directory.resolve("back.npz")));
    done("train", data, "--from", model, "--test-fraction", "0", "--epochs", "1", "--out", path("next.npz"));
  }

  private static double value(String name, int i) {
    return ForeignArrays.value(name, i);
  }

  @Test void pixelsOfImagesAreInputs() throws IOException {
    String file = arrays(new ForeignArrays().add("W", 4, 3).add("b", 3)), model = path("m.npz");
    String said = done("import", file, "--layers", "3:softmax", "--images", "2x2", "--out", model);
    assertTrue(said.contains("\ninputs    images of 2 × 2 pixels, divided by 255\n"), said);
    byte[] images = new byte[16 + 4];
    System.arraycopy(new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2}, 0, images, 0, 16);
    images[16] = -1; // 255
    String idx = Files.write(directory.resolve("i.idx"), images).toString();
    String row = Files.writeString(directory.resolve("p.csv"), "pixel1,pixel2,pixel3,pixel4\n255,0,0,0\n").toString();
    assertEquals(done("predict", model, row), done("predict", model, idx));
    double[] z = new double[3];
    for (int j = 0; j < 3; j++) z[j] = value("W", j) + value("b", j);
    double p = 1 / (1 + Math.exp(z[1] - z[0]) + Math.exp(z[2] - z[0]));
    assertEquals(p, Double.parseDouble(done("predict", model, idx).lines().toList().get(1).split(",")[1]), 1e-15);
    refused(file + ": --images: 3 × 2 pixels do not fit 4 inputs", "import", file, "--layers", "3:softmax", "--images",
        "3x2", "--out", model);
    refused("--images: expected height x width, such as 28x28, found '28'", "import", file, "--images", "28", "--out",
        model);
    String scaled = arrays(new ForeignArrays().add("W", 4, 3).add("b", 3).add("m", 4)
        .add("d", new double[] {1, 1, 1, 1}, 4));
    refused(scaled + ": --images: the network scales its inputs otherwise than by 1/255, which images do not allow. "
        + "Fold the scaling into its first layer.", "import", scaled, "--layers", "3:softmax", "--images", "2x2",
        "--scaling", "m,d", "--out", model);
  }

  @Test void jsonHasWhatIsPrinted() throws IOException {
    String model = path("m.npz");
    Map<String, Object> json = CommandLine.json(done(
        "import", torch(), "--layers", "3:relu,dropout:0.5,2:linear", "--json", "--out", model));
    assertEquals(model, json.get("out"));
    assertEquals("arrays of float32, weights [out × in]", json.get("source"));
    assertEquals("2 → 3 relu → dropout 0.5 → 2 linear", json.get("network"));
    assertEquals("regress", json.get("task"));
    assertEquals(List.of("x1", "x2"), json.get("inputs"));
    assertEquals(List.of("y1", "y2"), json.get("targets"));
    assertEquals(List.of(), json.get("classes"));
    assertEquals(List.of("1.num_batches_tracked"), json.get("unused"));
    assertEquals(List.of(), json.get("notices"));
  }

  @Test void onnxNeedsNoLayersAndLogitsBecomeProbabilities() throws IOException {
    byte[] onnx = new OnnxBytes().input("x", 0, 4).node("Gemm", "x,W,b", "y", OnnxBytes.integer("transB", 1))
        .constant("W", 3, 4).constant("b", 3).output("y", 0, 3).bytes();
    String file = Files.write(directory.resolve("f.onnx"), onnx).toString(), model = path("m.npz");
    assertEquals("""
        read      %s: ONNX of pytorch 2.1
        network   4 → 3 softmax, 15 parameters
        inputs    x1, x2, x3, x4
        target    class: 3 classes, 0, 1, 2
        note      its output is linear; the model applies softmax to it, which gives the probabilities that training \
        with logits has meant
        wrote     %s
        """.formatted(file, model), done("import", file, "--task", "classify", "--out", model));
    refused(file + ": expected a model written by train --out, found an ONNX file. Convert it: ./chainrule import "
        + file + " --out MODEL.npz", "info", file);
  }

  @Test void evaluatingAnImportedModelSaysWhoseBaselineItIs() throws IOException {
    String model = path("m.npz");
    done("import", torch(), "--layers", "3:relu,2:softmax", "--classes", "a,b", "--out", model);
    String data = Files.writeString(directory.resolve("d.csv"), "x1,x2,class\n1,2,a\n2,1,b\n0,5,a\n").toString();
    String said = done("evaluate", model, data, "--quiet", "--json");
    assertEquals(List.of("the model was imported, so it does not contain the baseline of its training rows; the "
        + "baseline is that of these rows"), CommandLine.json(said).get("notices"));
  }

  @Test void anExportInFloat32SaysSoWhenItIsImported() throws IOException {
    String model = path("m.npz"), onnx = path("f.onnx"), header = path("p.h");
    done("import", torch(), "--layers", "3:relu,2:softmax", "--out", model);
    done("export", model, onnx, "--float32");
    String said = done("import", onnx, "--out", path("back.npz"));
    assertTrue(said.startsWith("read      " + onnx + ": ONNX of a Chainrule model, weights of float32\n"), said);
    assertTrue(said.contains("\nnote      the file has the weights in float32, so predictions differ from those of the "
        + "original model, which has float64\n"), said);
    done("export", model, header);
    refused(header + ": a predictor in source code, which export has written and nothing can read back. Import an "
        + ".onnx of the same model, or use the .npz.", "import", header, "--out", path("back.npz"));
  }

  @Test void aModelThatNumpyHasSavedAgainIsConverted() throws IOException {
    String own = path("own.npz"), again = path("again.npz"), back = path("back.npz");
    String data = Files.writeString(directory.resolve("d.csv"), "a,b,y\n1,2,3.5\n2,1,4.25\n0,5,1.5\n").toString();
    done("train", data, "--test-fraction", "0", "--epochs", "1", "--layers", "3:tanh", "--task", "regress", "--out",
        own, "--quiet");
    byte[] bytes = Files.readAllBytes(Path.of(own));
    List<Zip.Entry> entries = Zip.entries(bytes);
    entries.forEach(Zip.Entry::deflated);
    Files.write(Path.of(again), Zip.of(entries));
    refused(again + ": array 'model.json' is compressed, so another program has saved this file. Convert it: "
        + "./chainrule import " + again + " --out MODEL.npz", "predict", again, data);
    assertEquals("""
        read      %s: a model of Chainrule
        """.formatted(again), done("import", again, "--out", back).lines().findFirst().orElseThrow() + "\n");
    assertArrayEquals(bytes, Files.readAllBytes(Path.of(back)));
  }

  @Test void badArgumentsAreRefusedInOneLine() throws IOException {
    String file = torch(), usage = ": ./chainrule import FILE --out MODEL.npz [options]";
    refused("import requires a file" + usage, "import");
    refused("import requires --out MODEL.npz" + usage, "import", file);
    refused("none.npz: no such file; expected an .npz or .onnx file", "import", "none.npz", "--out", path("m.npz"));
    refused("--out: " + file + " is an input of this command and would be overwritten; choose another file", "import",
        file, "--out", file);
    refused("--out m.onnx: models are written as .npz; use --out m.npz, then ./chainrule export m.npz m.onnx for other "
        + "programs", "import", file, "--out", "m.onnx");
    String[] end = {"--out", path("m.npz")};
    refused("--layers: expected units:activation for each layer, such as 64:relu,3:softmax, found '64'",
        "import", file, "--layers", "64,3:softmax", end[0], end[1]);
    refused("--layers: no activation 'rleu'; expected one of linear, relu, leaky-relu, sigmoid, tanh, softmax, step, "
        + "elu, gelu, silu, softplus; did you mean relu?", "import", file, "--layers", "3:rleu", end[0], end[1]);
    refused("--layers: no activation 'logistic'; expected one of linear, relu, leaky-relu, sigmoid, tanh, softmax, "
        + "step, elu, gelu, silu, softplus; did you mean sigmoid?", "import", file, "--layers", "3:logistic", end[0],
        end[1]);
    refused("--layers: expected ≥ 1 units, found 0", "import", file, "--layers", "0:relu", end[0], end[1]);
    refused("--matrices: expected out-in or in-out, found 'x'", "import", file, "--matrices", "x", end[0], end[1]);
    refused("--classes: expected different names, found a,a", "import", file, "--classes", "a,a", end[0], end[1]);
    refused("--scaling: expected the names of two arrays, found 1", "import", file, "--scaling", "a", end[0], end[1]);
    refused(file + ": weights of 2 → 3 → 2 units, but .npz files have no activations. Pass them, such as --layers "
        + "3:relu,2:softmax", "import", file, end[0], end[1]);
    refused("--epochs does not apply to import; remove it ('./chainrule help import' lists its options)", "import",
        file, "--epochs", "1", end[0], end[1]);
    refused("--classes does not apply to train; remove it ('./chainrule help train' lists its options)", "train", file,
        "--classes", "a");
    String infinite = arrays(new ForeignArrays().type("<f8").add("W", new double[] {1, Double.POSITIVE_INFINITY}, 2, 1)
        .add("b", 1));
    refused(infinite + ": a weight is Infinity, so the model could not predict", "import", infinite, "--layers",
        "1:linear", end[0], end[1]);
    assertFalse(Files.exists(directory.resolve("m.npz")));
    assertEquals(2, run("import", file, "--layers", "3:relu,2:softmax", "--out", path("no/m.npz")).status());
  }
}
