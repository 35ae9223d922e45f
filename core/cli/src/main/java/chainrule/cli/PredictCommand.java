// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Encoding;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.io.SafeFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code predict MODEL DATA}: writes a CSV with one row for each row of DATA, in the same order. */
final class PredictCommand {
  private final PrintStream out;

  PredictCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.PREDICT, args);
    List<String> operands = a.operands(Command.PREDICT, "a model", "data");
    if (a.has(Option.OUT)) InputFiles.refuseOverwriting(a, Option.OUT, operands);
    Model model = ModelData.usableModel(operands.get(0), a);
    Predictions p = model.predictEncoded(ModelData.inputs(model, operands.get(1)));
    NonFiniteResults.refuse(operands.get(1), p.yhat(), p.outputs());
    try {
      if (a.has(Option.OUT)) {
        SafeFile.write(InputFiles.path(a.value(Option.OUT).get()), to -> {
          Writer w = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
          write(p, w);
          w.flush();
        });
        out.println("wrote     " + a.value(Option.OUT).get() + ", " + p.rows() + " predictions");
      } else {
        write(p, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Predictions p, Appendable w) throws IOException {
    Encoding.Target t = p.target();
    List<String> cells = new ArrayList<>();
    if (t.isClass()) {
      cells.add("class");
      for (String label : t.labels()) cells.add("p(" + label + ")");
    } else {
      cells.addAll(t.names());
    }
    writeRow(cells, w);
    for (int i = 0; i < p.rows(); i++) {
      cells.clear();
      if (t.isClass()) {
        cells.add(p.label(i));
        for (int c = 0; c < t.labels().size(); c++) cells.add(Double.toString(p.probability(i, c)));
      } else {
        for (int j = 0; j < t.names().size(); j++) cells.add(Double.toString(p.value(i, j)));
      }
      writeRow(cells, w);
    }
  }

  private static void writeRow(List<String> cells, Appendable w) throws IOException {
    for (int i = 0; i < cells.size(); i++) w.append(i == 0 ? "" : ",").append(quoted(cells.get(i)));
    w.append('\n');
  }

  /** Quotes a cell as RFC 4180 specifies, if necessary. */
  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        && cell.equals(cell.strip());
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
