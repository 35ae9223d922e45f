// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.format.Formatting;
import chainrule.io.Float32Error;
import chainrule.io.Model;
import chainrule.io.Onnx;
import chainrule.io.PredictorSource;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** {@code export MODEL FILE}: writes a model as ONNX, C or Java, and prints how to use the file. */
final class ExportCommand {
  /** The most characters that are printed of a list of columns or classes. */
  private static final int MAX_MEANING = 140;
  /** The most inputs for which the example prints their means. */
  private static final int MAX_MEANS = 8;

  private final PrintStream out;

  ExportCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.EXPORT, args);
    List<String> operands = a.operands(Command.EXPORT, "a model", "an output file");
    String name = operands.get(1), lower = name.toLowerCase(Locale.ROOT);
    boolean onnx = lower.endsWith(".onnx"), source = name.endsWith(".h") || name.endsWith(".java");
    if (!onnx && !source) { // so that swapped arguments cannot overwrite the model
      throw new UsageException("export: expected a file name ending in .onnx, .h or .java, found '" + name
          + "': ./chainrule " + Command.EXPORT.usage);
    }
    if (source && a.has(Option.FLOAT32)) {
      throw new UsageException("--float32 applies to FILE.onnx only; remove it, or export to a file ending in .onnx");
    }
    Path file = InputFiles.path(name);
    Model model = ModelData.model(operands.get(0), a, 1);
    try {
      if (source) {
        PredictorSource.write(model, file);
        new SourceUsage(out).print(name, model);
      } else if (a.has(Option.FLOAT32)) {
        print(name, model, Onnx.writeFloat32(model, file), Float32Error.of(model));
      } else {
        print(name, model, Onnx.write(model, file), null);
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(operands.get(0) + ": " + e.getMessage());
    }
  }

  /** @param error of float32, or null for double precision */
  private void print(String name, Model model, Onnx.Signature signature, Float32Error error) {
    boolean strings = signature.inputs().stream().anyMatch(Onnx.Port::isText);
    out.println("wrote     " + name + ", ONNX operator set " + Onnx.OPSET
        + (strings ? " and ai.onnx.ml's " + Onnx.ML_OPSET : "") + ", batches of N rows");
    for (Onnx.Port p : signature.inputs()) print("input", p);
    for (Onnx.Port p : signature.outputs()) print("output", p);
    if (error != null) print(model, error);
    out.println();
    out.println("to use it from Python, after pip install onnxruntime:");
    String names = String.join(", ", signature.outputs().stream().map(Onnx.Port::name).toList());
    out.println("  import numpy as np");
    out.println("  import onnxruntime as rt");
    out.println("  session = rt.InferenceSession(" + quoted(name) + ")");
    out.println("  rows = {" + row(model.encoding(), signature.inputs(), error != null) + "}");
    out.println("  " + names + (signature.outputs().size() == 1 ? "," : "") + " = session.run(None, rows)");
    out.println("  print(" + names + ")");
  }

  private void print(Model model, Float32Error error) {
    Target target = model.encoding().target();
    String others = error.otherDecisions() == 0 ? "none" : Integer.toString(error.otherDecisions());
    String what = !target.isClass() && !target.isMultilabel() ? "y differs by at most %.1e deviations of the target"
        : "probabilities differ by at most %.1e, and " + others
        + (target.isClass() ? " have another class" : " have other labels");
    out.printf(Locale.ROOT, "float32   on %,d random rows, compared with double precision: " + what + "%n",
        error.rows(), error.largest());
  }

  private void print(String role, Onnx.Port p) {
    String meaning = Formatting.line(p.meaning(), MAX_MEANING);
    out.printf(Locale.ROOT, "%-9s %-31s %s%n", role, p.name() + ": " + p.type() + " " + p.shape(), meaning);
  }

  /** Returns a typical row as Python source: the means of the numbers, and the first category of each text column. */
  private static String row(Encoding encoding, List<Onnx.Port> inputs, boolean float32) {
    String type = float32 ? ", dtype=np.float32" : "";
    List<String> means = new ArrayList<>();
    List<String> categories = new ArrayList<>();
    for (InputColumn in : encoding.inputColumns()) {
      if (in.isNumber()) means.add(Double.toString(new BigDecimal(in.mean()).round(new MathContext(4)).doubleValue()));
      else categories.add(quoted(in.categories().get(0)));
    }
    Iterator<String> strings = categories.iterator();
    List<String> values = new ArrayList<>();
    for (Onnx.Port p : inputs) {
      String value = p.isText() ? "np.array([[" + strings.next() + "]], dtype=object)"
          : means.size() > MAX_MEANS ? "np.zeros((1, " + means.size() + ")" + type + ")"
          : "np.array([[" + String.join(", ", means) + "]]" + type + ")";
      values.add("\"" + p.name() + "\": " + value);
    }
    return String.join(", ", values);
  }

  /** Returns a Python string literal. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r") + '"';
  }
}
