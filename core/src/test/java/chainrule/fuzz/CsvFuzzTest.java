// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.Table;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fuzzes CSV files up to the network's inputs: the result is finite numbers or a one-line refusal. */
class CsvFuzzTest {
  @TempDir Path directory;

  private record Input(byte[] bytes, int choice) {}

  /** Returns a valid table, before any damage. */
  static String table(FuzzRandom c) {
    int columns = 1 + c.fewBelow(6), rows = 1 + c.fewBelow(40);
    String separator = c.of(",", ",", ";", "\t"), end = c.of("\n", "\n", "\r\n", "\r");
    int[] kinds = new int[columns];
    StringBuilder s = new StringBuilder(c.oneIn(10) ? "\uFEFF" : "");
    for (int j = 0; j < columns; j++) {
      kinds[j] = c.below(6);
      s.append(j == 0 ? "" : separator).append(c.oneIn(6) ? "\"c" + separator + j + "\"" : "c" + j);
    }
    if (c.oneIn(4)) s.setLength(0);
    else s.append(end);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) s.append(j == 0 ? "" : separator).append(cell(c, kinds[j], separator));
      s.append(i < rows - 1 || c.oneIn(2) ? end : "");
    }
    return s.toString();
  }

  private static String cell(FuzzRandom c, int kind, String separator) {
    return switch (kind) {
      case 0 -> Integer.toString(c.below(3));
      case 1 -> Integer.toString(c.below(1000) - 500);
      case 2 -> Double.toString((c.below(20001) - 10000) / 64.0);
      case 3 -> c.of("red", "green", "blue");
      case 4 -> "\"" + c.of("a" + separator, "b\"\"", "c\nd", "") + "\"";
      default -> c.oneIn(9) ? Mutation.number(c) : Double.toString(Double.longBitsToDouble(c.bits()));
    };
  }

  @Test
  void anyTableGivesFiniteNumbersOrIsRefused() throws InterruptedException {
    FuzzRunner.run("CsvFuzzTest", 8_000, 20, new FuzzRunner.Subject<Input>() {
      @Override public Input make(FuzzRandom c) {
        String text = table(c);
        if (c.oneIn(2)) text = Mutation.text(c, text);
        Charset charset = c.oneIn(20) ? c.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE,
            StandardCharsets.ISO_8859_1) : StandardCharsets.UTF_8;
        byte[] bytes = c.oneIn(50) ? c.bytes(c.fewBelow(300)) : text.getBytes(charset);
        return new Input(c.oneIn(5) ? Mutation.bytes(c, bytes) : bytes, c.below(1 << 20));
      }

      @Override public long limit(Input in) {
        return 1_000_000 + 1_500L * in.bytes.length; // a text column is one-hot encoded: rows × rows/2 numbers
      }

      @Override public String use(Input in) throws IOException {
        try {
          Table t = in.choice % 4 == 0 ? Table.read(Files.write(directory.resolve("f"), in.bytes))
              : Table.parse("f", new String(in.bytes, StandardCharsets.UTF_8));
          encode(t, in.choice);
          return "";
        } catch (DataException e) {
          FuzzRunner.requireLine(e.getMessage());
          return e.getMessage();
        }
      }
    });
  }

  private static void encode(Table t, int choice) {
    int n = t.rows(), target = choice % t.columns().size();
    int[] all = new int[n], some = new int[(n + 1) / 2];
    for (int i = 0; i < n; i++) all[i] = i;
    for (int i = 0; i < some.length; i++) some[i] = 2 * i;
    Task task = choice / 64 % 2 == 0 ? Encoding.guessTask(t, target) : choice / 128 % 2 == 0 ? Task.CLASSIFY
        : Task.REGRESS;
    Encoding e = Encoding.of(t).target(target).task(task)
        .drop(t.columns().size() > 3 ? Set.of((target + 1) % t.columns().size()) : Set.of()).fit(some);
    Dataset d = e.encode(t, all);
    assertTrue(d.rows() == n && d.inputs() == e.inputs() && d.outputs() == e.outputs());
    for (double v : d.x()) assertTrue(Double.isFinite(v));
    for (double v : d.y()) assertTrue(Double.isFinite(v));
  }
}
