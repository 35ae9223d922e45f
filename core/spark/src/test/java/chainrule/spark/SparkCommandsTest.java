// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.io.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the command line on Spark have the results, files and messages that they have on one machine. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SparkCommandsTest {
  private static LocalSession session;
  @TempDir static Path directory;
  private static String people;

  private record Result(int status, String out, String err) {}

  @BeforeAll static void start() throws IOException {
    session = LocalSession.start();
    people = Files.writeString(directory.resolve("people.csv"), people(300)).toString();
  }

  @AfterAll static void stop() {
    session.close();
  }

  /** A table with numbers, dates, strings, quotes, and missing values; the key is not in the order of its strings. */
  private static String people(int rows) {
    Random random = new Random(1);
    StringBuilder s = new StringBuilder("id,age,city,joined,score,income\n");
    for (int i = 1; i <= rows; i++) {
      int age = 20 + random.nextInt(50);
      String city = List.of("Bern", "\"Basel, \"\"BS\"\"\"", "Zürich", "", "NA").get(random.nextInt(5));
      s.append(i).append(',').append(random.nextInt(20) == 0 ? "" : age).append(',').append(city).append(',')
          .append(String.format(Locale.ROOT, "20%02d-0%d-11", random.nextInt(20), 1 + random.nextInt(9))).append(',')
          .append(random.nextGaussian()).append(',').append(1000 * age + random.nextInt(9000)).append('\n');
    }
    return s.toString();
  }

  private static Result here(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    int status = chainrule.cli.Main.run(List.of(args), stream(out), stream(err), false);
    return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Result onSpark(SparkCluster cluster, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    int status = chainrule.cli.Main.run(List.of(args), stream(out), stream(err), false, cluster);
    return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Result onSpark(String... args) {
    try (SparkCluster cluster = SparkCluster.of(session.spark(), "id")) {
      return onSpark(cluster, args);
    }
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String[] join(String[] some, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(some));
    all.addAll(Arrays.asList(more));
    return all.toArray(new String[0]);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(Result r) {
    assertEquals(0, r.status(), r.err());
    Map<String, Object> json =
        (Map<String, Object>) Json.parse(r.out().lines().reduce((a, b) -> b).orElseThrow());
    json.remove("seconds");
    json.remove("command"); // that of tune has --drop id on one machine
    return json;
  }

  /** Compares a command on Spark with the same one on one machine, where the key is a column to drop. */
  private static void assertSame(String... args) {
    assertEquals(json(here(join(args, "--quiet", "--json", "--drop", "id"))),
        json(onSpark(join(args, "--quiet", "--json"))));
  }

  private static void assertSameModel(String... args) throws IOException {
    Path model = directory.resolve("model.npz");
    Result r = here(join(args, "--quiet", "--json", "--drop", "id", "--out", model.toString()));
    Map<String, Object> expected = json(r);
    byte[] bytes = Files.readAllBytes(model);
    Files.delete(model);
    assertEquals(expected, json(onSpark(join(args, "--quiet", "--json", "--out", model.toString()))));
    assertArrayEquals(bytes, Files.readAllBytes(model));
  }

  @Test void aBatchInBlocksGivesTheModelFileOfOneMachine() throws IOException {
    assertSameModel("train", people, "--batch", "100", "--blocks", "32", "--epochs", "4");
    assertSameModel("train", people, "--target", "city", "--batch", "64", "--blocks", "16", "--epochs", "3",
        "--layers", "16:tanh,dropout:0.2", "--patience", "2");
  }

  @Test void anEnsembleGivesTheModelFileOfOneMachine() throws IOException {
    assertSameModel("train", people, "--ensemble", "3", "--epochs", "4", "--missing", "Bern");
  }

  @Test void crossValidationGivesTheMetricsOfOneMachine() {
    assertSame("cv", people, "--folds", "4", "--repeats", "2", "--epochs", "2");
    assertSame("cv", people, "--folds", "2", "--epochs", "2", "--ensemble", "2", "--type", "age=category");
  }

  @Test void aSearchGivesTheRankingAndModelOfOneMachine() throws IOException {
    assertSameModel("tune", people, "--trials", "4", "--epochs", "3", "--batch", "50");
  }

  @Test void aDataFrameInAnyOrderGivesTheModelOfItsFile() throws IOException {
    Path model = directory.resolve("frame.npz"), expected = directory.resolve("file.npz");
    String[] train = {"train", people, "--ensemble", "2", "--epochs", "3", "--quiet", "--out"};
    assertEquals(0, here(join(train, expected.toString(), "--drop", "id")).status());
    Dataset<Row> rows = session.spark().read().option("header", true).option("escape", "\"")
        .option("inferSchema", true).csv(people).repartition(5).orderBy("score");
    try (SparkCluster cluster = SparkCluster.of(session.spark(), "id").with(people, rows)) {
      Result r = onSpark(cluster, join(train, model.toString()));
      assertEquals(0, r.status(), r.err());
    }
    assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(model));
  }

  @Test void aFailingTrainingHasTheMessageOfOneMachine() {
    String[] cv = {"cv", people, "--optimizer", "sgd", "--rate", "1e200", "--quiet"};
    Result expected = here(join(cv, "--drop", "id")), found = onSpark(cv);
    assertEquals(2, found.status());
    assertEquals(expected.err(), found.err());
    assertTrue(found.err().contains("chainrule: repeat 1, fold 1: the loss became "), found.err());
  }

  private static void refused(String message, String... args) {
    Result r = onSpark(args);
    assertEquals("chainrule: " + message + "\n", r.err());
    assertEquals(2, r.status());
    assertEquals("", r.out());
  }

  private static String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @Test void badDataIsOneLine() throws IOException {
    String none = directory.resolve("none.csv").toString(), dat = file("x.dat", "id,b\n1,2\n");
    refused(none + ": no such file or directory", "cv", none);
    refused(dat + ": expected a name that ends in .csv, .parquet, .json or .orc. Rename it, or pass --format csv, "
        + "parquet, json or orc.", "cv", dat);
    String other = file("other.csv", "a,b\n1,2\n"), equal = file("equal.csv", "id,b\n1,2\n1,3\n");
    refused(other + ": no column 'id', which is the key; the columns are 'a', 'b'", "cv", other);
    refused(equal + ": key column 'id': 1 value occurs more than once, such as 1 (2 rows). Expected a different value "
        + "in every row. Choose another key, or remove equal rows: rows.dropDuplicates().", "cv", equal);
    String ragged = file("ragged.csv", "id,b\n1,2\n2\n3,4,5\n"), parquet = file("no.parquet", "nothing");
    refused(ragged + ": Malformed CSV record: 2. Expected as many cells as the header has. Fix the line.", "cv",
        ragged);
    refused(parquet + ": file:" + parquet + " is not a Parquet file (length is too low: 7)", "cv", parquet);
    refused(people + ": no column 'nope'; the columns are age, city, joined, score, income", "train", people,
        "--blocks", "64", "--batch", "128", "--target", "nope");
    refused("train on a cluster requires --ensemble K or --blocks N: one network in small batches trains faster on one "
        + "machine, with ./chainrule train. For a large network, pass --batch 4096 --blocks 256", "train", people);
  }
}
