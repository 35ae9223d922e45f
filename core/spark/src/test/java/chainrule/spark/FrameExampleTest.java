// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.data.Table;
import chainrule.io.Model;
import chainrule.nn.Network;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the Java examples of the README about DataFrames. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameExampleTest {
  @TempDir Path dir;

  private static Dataset<Row> train(SparkSession spark, String csv, Path file) {
    // begin table
    Dataset<Row> people = spark.read().option("header", true).option("inferSchema", true).csv(csv);
    Table table = SparkTables.table(people, "id", "people");            // sorted by id, without it
    table.notices().forEach(System.err::println);
    Encoding encoding = Encoding.of(table).target("kind").fit();
    Network net = Network.input(encoding.inputs()).dense(16, new Relu())
        .dense(encoding.outputs(), new Softmax()).build(1);
    Trainer.of(net).fit(encoding.encode(table), 20);
    new Model(net, encoding, Map.of()).write(file);
    // end
    return people;
  }

  private static ScoringSummary score(Dataset<Row> people, Path file, String output) {
    // begin scoring
    Model model = Model.read(file);
    SparkPredictions predictions = SparkScoring.of(model).named("people").keep("id").score(people);
    predictions.notices().forEach(System.err::println);                 // strings read as numbers
    predictions.rows().write().parquet(output);                         // id, class, p(may be), p(no), p(yes)
    ScoringSummary summary = predictions.summary();                     // of the rows scored so far
    System.err.println(summary.rows() + " rows");
    summary.lines().forEach(System.err::println);                       // unseen categories
    // end
    return summary;
  }

  @Test void theExamplesRun() throws IOException {
    try (LocalSession session = LocalSession.start()) {
      RandomCsv data = new RandomCsv(9, 200);
      Path csv = data.write(dir.resolve("people.csv"), "id", IntStream.range(0, 200).toArray());
      Files.writeString(csv, Files.readString(csv).replace("\"new\nline\"", "line").replace("\"\"", ""));
      Path file = dir.resolve("kind.npz"), output = dir.resolve("kinds");
      Dataset<Row> people = train(session.spark(), csv.toString(), file);
      assertEquals(200, score(people, file, output.toString()).rows());
      Dataset<Row> written = session.spark().read().parquet(output.toString());
      assertEquals("id,class,p(may be),p(no),p(yes)", String.join(",", written.columns()));
      assertEquals(200, written.count());
    }
  }

  @Test void theReadmeHasTheExamples() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String source = Files.readString(Path.of("src/test/java/chainrule/spark/FrameExampleTest.java"));
    Matcher examples = Pattern.compile("    // begin \\w+\n(.*?)    // end\n", Pattern.DOTALL).matcher(source);
    int found = 0;
    for (; examples.find(); found++) {
      String example = examples.group(1).replaceAll("(?m)^    ", "");
      assertTrue(readme.contains("```java\n" + example + "```\n"), example);
    }
    assertEquals(2, found);
  }
}
