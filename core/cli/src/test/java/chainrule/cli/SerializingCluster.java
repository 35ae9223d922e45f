// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.nn.GradientSum;
import chainrule.train.BlockWorker;
import chainrule.train.GradientSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A cluster in this JVM: tables, functions, tasks and results go through Java's serialization. Tasks are computed in a
 * random order, some of them twice.
 */
final class SerializingCluster implements TrainingCluster {
  private final Random random;
  final List<Integer> batches = new ArrayList<>(); // the number of tasks of each run
  int computed;
  int received;

  SerializingCluster(long seed) {
    random = new Random(seed);
  }

  @Override public Table table(String name, TableOptions options) {
    return Table.read(Path.of(name), options);
  }

  @Override public <T extends Serializable, R extends Serializable> void run(Table table,
      TableFunction<T, R> function, List<T> tasks, Consumer<R> receiver, BooleanSupplier stop) {
    batches.add(tasks.size());
    byte[] sentTable = bytes(table), sentFunction = bytes(function);
    List<T> order = new ArrayList<>(tasks);
    Collections.shuffle(order, random);
    for (T task : order) {
      if (stop.getAsBoolean()) return;
      byte[] result = null;
      for (int attempt = random.nextInt(3) / 2; attempt >= 0; attempt--) { // the last one counts
        TableFunction<T, R> sent = read(sentFunction);
        result = bytes(sent.apply(read(sentTable), read(bytes(task))));
        computed++;
      }
      receiver.accept(read(result));
      received++;
    }
  }

  @Override public GradientSource gradients(Dataset rows) {
    return new Halves(rows);
  }

  /** Two workers, each with about half of the blocks of a batch; the later ones are merged first. */
  private static final class Halves implements GradientSource {
    private final Dataset rows;
    private Setting setting;
    private BlockWorker worker;

    Halves(Dataset rows) {
      this.rows = rows;
    }

    @Override public int rows() {
      return rows.rows();
    }

    @Override public double[] weights() {
      return rows.weights();
    }

    @Override public void begin(Setting value) {
      setting = value;
      worker = new BlockWorker(value.network(), value.loss(), value.block(), value.seed());
    }

    @Override public double lossAndGradient(Batch batch, double[] gradient) {
      int blocks = GradientSum.blocks(batch.rows(), setting.block());
      GradientSum sum = GradientSum.of(worker.sum(batch, rows, blocks / 2, blocks).toBytes());
      sum.merge(GradientSum.of(worker.sum(batch, rows, 0, blocks / 2).toBytes()));
      System.arraycopy(sum.gradient(), 0, gradient, 0, gradient.length);
      return batch.factor() * sum.loss();
    }
  }

  private static byte[] bytes(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  @SuppressWarnings("unchecked")
  private static <V> V read(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (V) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
