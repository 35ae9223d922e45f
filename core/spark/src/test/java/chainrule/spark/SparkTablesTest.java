// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.Column;
import chainrule.data.Encoding;
import chainrule.data.NumberColumn;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.data.TextColumn;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Softmax;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SparkTablesTest {
  private static LocalSession session;
  @TempDir Path dir;

  @BeforeAll static void start() {
    session = LocalSession.start();
    session.spark().conf().set("spark.sql.session.timeZone", "UTC");
  }

  @AfterAll static void stop() {
    session.close();
  }

  private static Dataset<Row> csv(Path file, boolean inferred) {
    return session.spark().read().option("header", true).option("inferSchema", inferred).option("escape", "\"")
        .option("multiLine", true).csv(file.toString());
  }

  @Test void aCsvFileHasTheTableThatTheReaderGives() throws IOException {
    compare(1);
  }

  @Tag("long")
  @Test void soDoOtherFiles() throws IOException {
    for (long seed = 2; seed <= 6; seed++) compare(seed);
  }

  private void compare(long seed) throws IOException {
    RandomCsv data = new RandomCsv(seed, 150 + (int) seed);
    Table expected = Table.read(data.write(dir.resolve("plain.csv"), null, IntStream.range(0, data.rows).toArray()),
        TableOptions.DEFAULTS.header(true));
    Dataset<Row> frame = csv(data.write(dir.resolve("keyed.csv"), "id", data.shuffled()), true);
    assertSame("seed " + seed, expected, SparkTables.table(frame, "id", "people"));
    assertSame("seed " + seed + ", 4 partitions", expected, SparkTables.table(frame.repartition(4), "id", "people"));
    Dataset<Row> strings = csv(dir.resolve("keyed.csv"), false).withColumn("id", col("id").cast("int"));
    assertSame("seed " + seed + ", strings", expected, SparkTables.table(strings, "id", "people"));
  }

  /** Compares values by bits, and everything that an encoding learns. */
  private static void assertSame(String what, Table expected, Table found) {
    assertEquals(expected.names(), found.names(), what);
    assertEquals(expected.decimal(), found.decimal(), what);
    for (int c = 0; c < expected.columns().size(); c++) {
      Column a = expected.column(c), b = found.column(c);
      String at = what + ", column " + a.name();
      assertEquals(a.type(), b.type(), at);
      if (a instanceof NumberColumn n) assertArrayEquals(bits(n.values()), bits(((NumberColumn) b).values()), at);
      else assertEquals(((TextColumn) a).values(), ((TextColumn) b).values(), at);
      for (int r = 0; r < a.rows(); r++) assertEquals(a.text(r), b.text(r), at);
    }
    Encoding one = Encoding.of(expected).target("kind").bins(4).fit();
    Encoding two = Encoding.of(found).target("kind").bins(4).fit();
    assertArrayEquals(bits(one.encodeInputs(expected)), bits(two.encodeInputs(found)), what);
    assertArrayEquals(file(one), file(two), what);
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private static byte[] file(Encoding encoding) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Network net = Network.input(encoding.inputs()).dense(encoding.outputs(), new Softmax()).build(1);
    new Model(net, encoding, Map.of()).write(out);
    return out.toByteArray();
  }
}
