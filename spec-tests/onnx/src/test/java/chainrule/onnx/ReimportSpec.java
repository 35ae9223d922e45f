// SPDX-License-Identifier: MIT
package chainrule.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.io.Float32Error;
import chainrule.io.Model;
import chainrule.io.ModelImport;
import chainrule.io.Onnx;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.nn.activation.Softmax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models imported from exported files, against ONNX Runtime, which computes the same files. */
class ReimportSpec {
  private static final int ROWS = 300;
  /** ONNX Runtime adds in another order than {@link Float32Error}, and its functions have errors of a few ulps. */
  private static final double MARGIN = 4;

  @TempDir Path directory;

  private static Model model(Activation hidden) {
    List<InputColumn> inputs = List.of(InputColumn.number("age", 38.6, 13.5), InputColumn.number("size", -3000, 4.5));
    Network net = Network.input(2).dense(20, hidden).dense(7, hidden).dense(3, new Softmax()).build(5);
    return new Model(net, new Encoding(inputs, Target.classes("y", List.of("a", "b", "c"))), Map.of());
  }

  /** Returns rows of numbers that float32 has. */
  private static double[] rows(Model model) {
    SplittableRandom random = new SplittableRandom(1);
    double[] x = new double[2 * ROWS];
    for (int i = 0; i < x.length; i++) {
      InputColumn in = model.encoding().inputColumns().get(i % 2);
      x[i] = (float) (in.mean() + in.deviation() * random.nextDouble(-2, 2));
    }
    return x;
  }

  private static double[] encoded(Model model, double[] x) {
    double[] encoded = new double[x.length];
    for (int r = 0; r < ROWS; r++) model.encoding().encodeRow(x, 2 * r, encoded, 2 * r);
    return encoded;
  }

  @Test void anImportedModelComputesWhatOnnxRuntimeComputesFromTheFile() throws IOException {
    for (String name : Activations.names()) {
      if (name.equals("step")) continue; // may jump within the bound; OnnxActivationSpec has it
      Model original = model(Activations.parse(name));
      Path file = directory.resolve("m.onnx"), again = directory.resolve("again.onnx");
      Onnx.write(original, file);
      Model imported = ModelImport.of(file).read().model();
      Onnx.write(imported, again);
      assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
      double[] x = rows(imported), inputs = encoded(imported, x), predicted = imported.predict(x).yhat();
      Differences differences = new Differences("imported, " + name);
      try (OnnxRuntimeModel runtime = new OnnxRuntimeModel(original)) {
        double[] y = runtime.run(ROWS, x).numbers("probabilities");
        for (int r = 0; r < ROWS; r++) {
          differences.compareRow(
              3, predicted, y, 3 * r, RoundingBounds.bound(imported.network(), inputs, r), "row " + r);
        }
      }
      differences.report();
    }
  }

  @Test void aModelImportedFromFloat32DiffersByTheArithmeticAlone() {
    for (String name : Activations.names()) {
      if (name.equals("step")) continue;
      Model original = model(Activations.parse(name));
      Path file = directory.resolve("m.onnx");
      Onnx.writeFloat32(original, file);
      Model imported = ModelImport.of(file).read().model();
      for (double weight : imported.network().parameters()) assertEquals((float) weight, weight);
      double[] x = rows(imported), predicted = imported.predict(x).yhat();
      double bound = MARGIN * Float32Error.of(imported).largest();
      try (OnnxRuntimeModel runtime = new OnnxRuntimeModel(original, true)) {
        double[] y = runtime.run(ROWS, x).numbers("probabilities");
        for (int i = 0; i < y.length; i++) {
          double difference = Math.abs(y[i] - predicted[i]);
          assertTrue(difference <= bound, name + ": " + difference + ", bound " + bound);
        }
      }
    }
  }
}
