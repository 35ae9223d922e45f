// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir Path directory;

  private static String export(Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ExportCommand(new PrintStream(out, true, StandardCharsets.UTF_8))
        .run(List.of(args).stream().map(Object::toString).toList());
    return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  @Test void describesTheFileAndHowToUseIt() {
    Path model = directory.resolve("m.npz"), file = directory.resolve("m.onnx");
    InputColumn age = new InputColumn("age", 29.69912, 14, List.of());
    InputColumn sex = new InputColumn("sex", 0, 1, List.of("female", "male"));
    Network net = Network.input(3).dense(4, new Relu()).dense(3, new Softmax()).build(1);
    Target port = new Target(List.of("port"), List.of("C", "Q", "S"), 0, 1);
    new Model(net, new Encoding(List.of(age, sex), port), Map.of()).write(model);
    String python = '"' + file.toString().replace("\\", "\\\\") + '"';
    assertEquals("""
        wrote     %s, ONNX operator set 13 and ai.onnx.ml's 2, batches of N rows
        input     x: float64 [N, 1]               the numbers age
        input     sex: string [N, 1]              the text sex, without spaces around it; empty if missing; an \
        unseen one counts as none
        output    probabilities: float64 [N, 3]   a column for each of C, Q, S
        output    label: string [N]               the most probable port

        to use it from Python, after pip install onnxruntime:
          import numpy as np
          import onnxruntime as rt
          session = rt.InferenceSession(%s)
          rows = {"x": np.array([[29.7]]), "sex": np.array([["female"]], dtype=object)}
          probabilities, label = session.run(None, rows)
          print(probabilities, label)
        """.formatted(file, python), export(model, file));
    assertTrue(Files.exists(file));
  }

  @Test void regressionHasOneOutputAndWideExamplesAreZeros() {
    Path model = directory.resolve("m.npz");
    new Model(Network.input(9).dense(1, new Linear()).build(1), Encoding.plain(9, 1), Map.of()).write(model);
    String said = export(model, directory.resolve("m.onnx"));
    assertTrue(said.contains("m.onnx, ONNX operator set 13, batches of N rows"), said);
    assertTrue(said.contains("  rows = {\"x\": np.zeros((1, 9))}\n  y, = session.run(None, rows)\n  print(y)\n"), said);
  }

  private Path iris(int inputs, InputColumn... strings) {
    Path model = directory.resolve("m.npz");
    List<InputColumn> columns = new ArrayList<>(List.of(strings));
    for (int i = 1; i <= inputs; i++) columns.add(new InputColumn("x" + i, i / 3.0, 1, List.of()));
    Encoding e = new Encoding(columns, Target.classes("y", List.of("a", "b", "c")));
    new Model(Network.input(e.inputs()).dense(3, new Softmax()).build(1), e, Map.of()).write(model);
    return model;
  }

  @Test void sourceCodeComesWithAProgramThatCallsIt() {
    InputColumn sex = new InputColumn("sex", 0, 1, List.of("f\"e", "m"));
    Path model = iris(2, sex), header = directory.resolve("My-iris.h"), type = directory.resolve("Iris.java");
    assertEquals("""
        wrote     %s, C99 without dependencies; predictions have the bits of ./chainrule predict

        to use it, in my_iris.c:
          #include <stdio.h>
          #include "My-iris.h"
          int main(void) {
            double numbers[] = {0.3333, 0.6667};
            const char *strings[] = {"f\\"e"};
            double outputs[MY_IRIS_OUTPUTS];
            my_iris_predict(numbers, strings, outputs);
            printf("%%s %%.17g\\n", my_iris_label(outputs), outputs[0]);
          }
        then: cc -O2 my_iris.c -o my_iris -lm && ./my_iris
        """.formatted(header), export(model, header));
    assertEquals("""
        wrote     %s, Java without dependencies; predictions have the bits of ./chainrule predict

        to use it, in jshell Iris.java or in your own class:
          double[] outputs = Iris.predict(new double[] {0.3333, 0.6667}, "f\\"e");
          System.out.println(Iris.label(outputs) + " " + outputs[0]);
        """.formatted(type), export(model, type));
    assertTrue(export(iris(2), type).contains("  double[] outputs = Iris.predict(0.3333, 0.6667);\n"));
    assertTrue(export(iris(9), type).contains("  double[] outputs = Iris.predict(new double[Iris.NUMBERS]);\n"));
    assertTrue(export(iris(9), header).contains("    double numbers[MY_IRIS_NUMBERS] = {0};\n"));
    assertTrue(export(iris(0, sex), type).contains("  double[] outputs = Iris.predict(\"f\\\"e\");\n"));
    assertTrue(Files.exists(header) && Files.exists(type));
  }

  @Test void theProgramForAWideModelHasAWorkspace() {
    Path model = directory.resolve("m.npz"), header = directory.resolve("wide.h");
    new Model(Network.input(1).dense(5000, new Relu()).dense(1, new Linear()).build(1), Encoding.plain(1, 1), Map.of())
        .write(model);
    assertTrue(export(model, header).contains("""
            double outputs[WIDE_OUTPUTS];
            static double workspace[WIDE_WORKSPACE]; // each thread needs its own
            wide_predict(numbers, outputs, workspace);
        """));
  }

  @Test void float32StatesItsError() {
    String said = export(iris(2), directory.resolve("m.onnx"), "--float32");
    assertTrue(said.contains("input     x: float32 [N, 2]"), said);
    assertTrue(said.contains("float32   on 1,000 random rows, compared with double precision: probabilities differ by "
        + "at most "), said);
    assertTrue(said.contains("e-0") && said.contains(", and none have another class\n"), said);
    assertTrue(said.contains("np.array([[0.3333, 0.6667]], dtype=np.float32)"), said);
    refused("--float32 applies to FILE.onnx only; remove it, or export to a file ending in .onnx", iris(2),
        directory.resolve("m.h"), "--float32");
    refused(directory.resolve("m.npz") + ": 'iris' cannot be the name of the class. Choose a file name of letters, "
        + "digits and _ that starts with a capital, such as Iris.java.", iris(2), directory.resolve("iris.java"));
  }

  @Test void badArgumentsAreRefusedInOneLine() throws IOException {
    refused("export requires a model: ./chainrule export MODEL FILE.onnx|FILE.h|FILE.java [options]");
    refused("export requires an output file: ./chainrule export MODEL FILE.onnx|FILE.h|FILE.java [options]", "m.npz");
    refused("export takes a model and an output file; unexpected argument 'c'", "m.npz", "m.onnx", "c");
    refused("export: expected a file name ending in .onnx, .h or .java, found 'm.npz': ./chainrule export MODEL "
        + "FILE.onnx|FILE.h|FILE.java [options]", "m.onnx", "m.npz");
    refused("none.npz: no such file; expected a model written by train --out", "none.npz", "m.onnx");
    Path model = directory.resolve("odd.npz");
    List<InputColumn> inputs = List.of(new InputColumn("sex", 0, 1, List.of("f\ud83c")));
    new Model(Network.input(1).dense(1, new Linear()).build(1),
        new Encoding(inputs, new Target(List.of("y"), List.of(), 0, 1)), Map.of()).write(model);
    refused(model + ": column 'sex' has the value \"f\\ud83c\", which is not valid Unicode, so an ONNX file cannot "
        + "contain it. Change it in the data and train again.", model, directory.resolve("odd.onnx"));
    assertFalse(Files.exists(directory.resolve("odd.onnx")));
  }

  private static void refused(String message, Object... args) {
    assertEquals(message, assertThrows(UsageException.class, () -> export(args)).getMessage());
  }
}
