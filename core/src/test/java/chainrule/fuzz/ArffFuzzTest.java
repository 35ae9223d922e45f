// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Column;
import chainrule.data.ColumnType;
import chainrule.data.DataException;
import chainrule.data.NumberColumn;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.data.TextColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fuzzes ARFF files: the result is a table of finite numbers and declared values, or a one-line refusal. */
class ArffFuzzTest {
  @TempDir Path directory;

  private record Input(byte[] bytes, int choice) {}

  private static final String[] TYPES = {"numeric", "REAL", "integer [0, 9]", "{a,b,'c d'}", "{ x y }", "string",
      "date 'yyyy-MM-dd'", "date"};

  /** Returns a valid file, before any damage. */
  static String file(FuzzRandom c) {
    int columns = 1 + c.fewBelow(6), rows = 1 + c.fewBelow(30);
    String end = c.of("\n", "\n", "\r\n", "\r");
    int[] kinds = new int[columns];
    StringBuilder s = new StringBuilder(c.oneIn(10) ? "\uFEFF" : "").append(c.oneIn(3) ? "% comment" + end : "");
    s.append(c.of("@relation r", "@RELATION 'a b'")).append(end);
    for (int j = 0; j < columns; j++) {
      kinds[j] = c.below(TYPES.length);
      s.append(c.of("@attribute ", "@Attribute\t")).append(c.of("c" + j, "'c " + j + "'", "\"c\\\"" + j + "\""))
          .append(' ').append(TYPES[kinds[j]]).append(end);
    }
    s.append(c.of("@data", "@DATA % rows")).append(end);
    for (int i = 0; i < rows; i++) {
      boolean sparse = c.oneIn(5);
      s.append(sparse ? "{" : "");
      boolean first = true;
      for (int j = 0; j < columns; j++) {
        if (sparse && kinds[j] != 5 && c.oneIn(2)) continue;
        s.append(first ? "" : c.of(",", ", ")).append(sparse ? j + " " : "")
            .append(c.oneIn(8) ? "?" : cell(c, kinds[j]));
        first = false;
      }
      s.append(sparse ? "}" : "").append(c.oneIn(20) ? ",{0.5}" : "").append(i < rows - 1 || c.oneIn(2) ? end : "");
    }
    return s.toString();
  }

  private static String cell(FuzzRandom c, int kind) {
    return switch (kind) {
      case 0, 1, 2 -> c.oneIn(9) ? Mutation.number(c) : Double.toString((c.below(20001) - 10000) / 64.0);
      case 3 -> c.of("a", "b", "'c d'", "\"a\"");
      case 4 -> c.of("x", "y");
      case 5 -> c.of("word", "'two words'", "\"a,b\"", "'it\\'s'", "''");
      case 6 -> "2026-11-" + (10 + c.below(20));
      default -> "\"2026-11-" + (10 + c.below(20)) + "T12:00:00\"";
    };
  }

  @Test
  void anyFileGivesATableOrIsRefused() throws InterruptedException {
    FuzzRunner.run("ArffFuzzTest", 4_000, 20, new FuzzRunner.Subject<Input>() {
      @Override public Input make(FuzzRandom c) {
        String text = file(c);
        if (c.oneIn(2)) text = Mutation.text(c, text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Input(c.oneIn(5) ? Mutation.bytes(c, bytes) : bytes, c.below(1 << 20));
      }

      @Override public long limit(Input in) {
        return 4_000_000 + 1_500L * in.bytes.length;
      }

      @Override public String use(Input in) throws IOException {
        TableOptions options = TableOptions.DEFAULTS;
        if (in.choice % 8 == 1) options = options.exact(Set.of("c0")).missing(List.of("a", "-1"));
        if (in.choice % 8 == 2) options = options.type("1", ColumnType.NUMBER).type("2", ColumnType.CATEGORY);
        if (in.choice % 8 == 3) options = options.type("1", ColumnType.DATE);
        try {
          check(in.choice % 4 == 0 ? Table.read(Files.write(directory.resolve("f"), in.bytes), options)
              : Table.parse("f", new String(in.bytes, StandardCharsets.UTF_8), options));
          return "";
        } catch (DataException e) {
          FuzzRunner.requireLine(e.getMessage());
          return e.getMessage();
        }
      }
    });
  }

  private static void check(Table t) {
    assertTrue(t.rows() > 0);
    for (Column column : t.columns()) {
      assertEquals(t.rows(), column.rows());
      assertFalse(column.name().isEmpty());
      for (int r = 0; r < t.rows(); r++) {
        if (column instanceof NumberColumn numbers) assertFalse(Double.isInfinite(numbers.value(r)));
        else assertTrue(((TextColumn) column).code(r) < ((TextColumn) column).values().size());
      }
    }
    for (int r = 1; r < t.rows(); r++) assertTrue(t.line(r) > t.line(r - 1));
  }
}
