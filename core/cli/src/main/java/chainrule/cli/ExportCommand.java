package chainrule.cli;

import chainrule.data.Encoding;
import chainrule.io.Model;
import chainrule.io.Onnx;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** {@code export MODEL FILE.onnx}: a model as ONNX, and how to use the file from Python. */
final class ExportCommand {
  /** Characters of a list of columns or classes that are printed. */
  private static final int MOST_SHOWN = 100;
  /** Numbers of a row that are written out in the example. */
  private static final int MOST_NUMBERS = 8;

  private final PrintStream out;

  ExportCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.EXPORT, args);
    List<String> words = a.words(Command.EXPORT, "a model", "a file to write");
    String name = words.get(1);
    if (!name.toLowerCase(Locale.ROOT).endsWith(".onnx")) { // so that no model is lost when the two are mixed up
      throw new UsageException("export writes a file whose name ends in .onnx, got '" + name
          + "': ./chainrule " + Command.EXPORT.usage);
    }
    Path file = InputData.path(name);
    Model model = ModelData.model(words.get(0), a, 1);
    Onnx.Signature signature;
    try {
      signature = Onnx.write(model, file);
    } catch (IllegalArgumentException e) {
      throw new UsageException(words.get(0) + ": " + e.getMessage());
    }
    print(name, model, signature);
  }

  private void print(String name, Model model, Onnx.Signature signature) {
    boolean texts = signature.inputs().stream().anyMatch(Onnx.Port::isText);
    out.println("wrote     " + name + ", ONNX operator set " + Onnx.OPSET
        + (texts ? " and ai.onnx.ml's " + Onnx.ML_OPSET : "") + ", N rows at a time");
    for (Onnx.Port p : signature.inputs()) print("input", p);
    for (Onnx.Port p : signature.outputs()) print("output", p);
    out.println();
    out.println("in Python, after pip install onnxruntime");
    String names = String.join(", ", signature.outputs().stream().map(Onnx.Port::name).toList());
    out.println("  import numpy as np");
    out.println("  import onnxruntime as rt");
    out.println("  session = rt.InferenceSession(" + quoted(name) + ")");
    out.println("  rows = {" + row(model.encoding(), signature.inputs()) + "}");
    out.println("  " + names + (signature.outputs().size() == 1 ? "," : "") + " = session.run(None, rows)");
    out.println("  print(" + names + ")");
  }

  private void print(String role, Onnx.Port p) {
    String meaning = p.meaning().replaceAll("\\p{Cntrl}", " ");
    if (meaning.length() > MOST_SHOWN) meaning = meaning.substring(0, MOST_SHOWN) + " …";
    out.printf(Locale.ROOT, "%-9s %-31s %s%n", role, p.name() + ": " + p.type() + " " + p.shape(), meaning);
  }

  /** One row of typical values: the means of numbers, the first category of texts. */
  private static String row(Encoding encoding, List<Onnx.Port> inputs) {
    List<String> means = new ArrayList<>();
    List<String> categories = new ArrayList<>();
    for (Encoding.Input in : encoding.inputColumns()) {
      if (in.isNumber()) means.add(Double.toString(new BigDecimal(in.mean()).round(new MathContext(4)).doubleValue()));
      else categories.add(quoted(in.categories().get(0)));
    }
    Iterator<String> texts = categories.iterator();
    List<String> values = new ArrayList<>();
    for (Onnx.Port p : inputs) {
      String value = p.isText() ? "np.array([[" + texts.next() + "]], dtype=object)"
          : means.size() > MOST_NUMBERS ? "np.zeros((1, " + means.size() + "))"
          : "np.array([[" + String.join(", ", means) + "]])";
      values.add("\"" + p.name() + "\": " + value);
    }
    return String.join(", ", values);
  }

  /** As Python writes a text. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r") + '"';
  }
}
