// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.data.Dataset;
import chainrule.nn.Network;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.random.CounterRandom;
import chainrule.train.GradientSource;
import chainrule.train.History;
import chainrule.train.Trainer;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A training for tests of {@link SparkGradients}: 14 inputs, 4 classes, blocks of 16 rows, and batches of 160 rows, the
 * last of 61. Its result on one machine is what executors must give.
 */
record SynchronousRun(boolean adam, double dropout, boolean weighted, int patience) implements Serializable {
  static final int INPUTS = 14, CLASSES = 4, ROWS = 381, BATCH = 160, BLOCK = 16, EPOCHS = 3;
  private static final long SEED = 20_261_130;

  static final SynchronousRun PLAIN = new SynchronousRun(false, 0, false, 0);
  static final SynchronousRun EVERYTHING = new SynchronousRun(true, 0.25, true, 2);

  static Dataset rows(int rows, long stream, boolean weighted) {
    double[] x = new double[rows * INPUTS], w = new double[rows];
    int[] classes = new int[rows];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(SEED, stream, i);
    for (int i = 0; i < rows; i++) {
      classes[i] = (x[i * INPUTS] > 0 ? 1 : 0) + (x[i * INPUTS + 1] * x[i * INPUTS + 2] > 0 ? 2 : 0);
      w[i] = CounterRandom.below(5, SEED, stream + 1, i) / 2.0; // one in five is 0
    }
    List<String> labels = List.of("a", "b", "c", "d");
    Dataset data = Dataset.classification(INPUTS, x, classes, labels);
    return weighted ? data.withWeights(w) : data;
  }

  Dataset train() {
    return rows(ROWS, 1, weighted);
  }

  static Dataset test() {
    return rows(50, 5, false);
  }

  Network network() {
    Network.Builder b = Network.input(INPUTS).dense(24, new LeakyRelu(0.02));
    if (dropout > 0) b.dropout(dropout);
    return b.dense(CLASSES, new Softmax()).build(7);
  }

  Trainer trainer(Network network) {
    Trainer t = Trainer.of(network).batch(BATCH).blocks(BLOCK).seed(5)
        .optimizer(adam ? new Adam(0.01) : new GradientDescent(patience == 1 ? 20 : 0.3)); // 20 is too fast
    return patience == 0 ? t : t.stopEarly(rows(100, 3, weighted), patience);
  }

  /** What a training left. */
  record Result(double[] parameters, List<History.Epoch> epochs, History.End end, int kept) {
    static Result of(Network network, History h) {
      List<History.Epoch> epochs = new ArrayList<>();
      for (History.Epoch e : h.epochs()) {
        epochs.add(new History.Epoch(e.number(), e.trainLoss(), e.validation(), e.test(), e.rate(), 0));
      }
      return new Result(network.parameters().clone(), epochs, h.end(), h.kept());
    }

    void requireEqual(Result other) {
      assertEquals(epochs, other.epochs);
      assertEquals(end, other.end);
      assertEquals(kept, other.kept);
      assertArrayEquals(bits(parameters), bits(other.parameters));
    }

    /** The first 16 digits of SHA-256 of the parameters. */
    String hash() {
      return SynchronousRun.hash(parameters);
    }
  }

  private static long[] bits(double[] v) {
    return Arrays.stream(v).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  static String hash(double[] parameters) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * parameters.length);
    bytes.asDoubleBuffer().put(parameters);
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
      return HexFormat.of().formatHex(hash).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Trains on this machine, without Spark. */
  Result local() {
    Network network = network();
    return Result.of(network, trainer(network).fit(train(), test(), EPOCHS));
  }

  Result with(GradientSource source) {
    return with(source, t -> t);
  }

  Result with(GradientSource source, UnaryOperator<Trainer> more) {
    Network network = network();
    return Result.of(network, more.apply(trainer(network)).fit(source, test(), EPOCHS));
  }

  /** Returns the training rows as an RDD, computed by the executors, in reverse order. */
  JavaRDD<TrainingRow> rdd(JavaSparkContext context, int partitions) {
    List<Integer> numbers = IntStream.range(0, ROWS).map(i -> ROWS - 1 - i).boxed().toList();
    return rdd(context.parallelize(numbers, partitions), this);
  }

  /** A static method, so that the function refers to nothing of a test. */
  private static JavaRDD<TrainingRow> rdd(JavaRDD<Integer> numbers, SynchronousRun run) {
    return numbers.mapPartitions(in -> {
      Dataset data = run.train();
      List<TrainingRow> rows = new ArrayList<>();
      in.forEachRemaining(i -> rows.add(row(data, i)));
      return rows.iterator();
    });
  }

  private static TrainingRow row(Dataset data, int i) {
    int in = data.inputs(), out = data.outputs();
    double[] x = Arrays.copyOfRange(data.x(), i * in, (i + 1) * in);
    double[] y = Arrays.copyOfRange(data.y(), i * out, (i + 1) * out);
    return data.weights() == null ? new TrainingRow(i, x, y) : new TrainingRow(i, x, y, data.weights()[i]);
  }

  /** Returns a source with broadcast or partitioned rows. */
  SparkGradients source(JavaSparkContext context, boolean broadcast, int tasks) {
    return (broadcast ? SparkGradients.broadcast(context, train()) : SparkGradients.partitioned(rdd(context, tasks)))
        .tasks(tasks);
  }
}
