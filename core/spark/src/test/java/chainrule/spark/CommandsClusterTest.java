// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.cli.Main;
import chainrule.cli.TrainingCluster;
import chainrule.data.Dataset;
import chainrule.data.Table;
import chainrule.data.TableOptions;
import chainrule.train.GradientSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands on two executor processes, one of which is killed in mid-run, have the results of one machine. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandsClusterTest {
  private static LocalCluster processes;
  @TempDir static Path directory;
  private static String data;

  @BeforeAll static void start() throws IOException {
    processes = LocalCluster.start(2);
    Random random = new Random(1);
    StringBuilder s = new StringBuilder("id,a,b,y\n");
    for (int i = 1; i <= 200; i++) {
      double a = random.nextGaussian(), b = random.nextGaussian();
      s.append(i).append(',').append(a).append(',').append(b).append(',').append(a * b).append('\n');
    }
    data = Files.writeString(directory.resolve("data.csv"), s).toString();
  }

  @AfterAll static void stop() {
    processes.close();
  }

  private static String[] join(String[] some, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(some));
    all.addAll(Arrays.asList(more));
    return all.toArray(new String[0]);
  }

  /** Runs a command, on one machine if the cluster is null, and returns its output without the time. */
  private static String run(TrainingCluster cluster, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream e = new PrintStream(err, true, StandardCharsets.UTF_8);
    int status = cluster == null ? Main.run(List.of(args), o, e, false) : Main.run(List.of(args), o, e, false, cluster);
    assertEquals(0, status, err.toString(StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8).replaceAll("\"seconds\":[^,]*", "");
  }

  @Test void anEnsembleHasTheBytesOfOneMachine() throws IOException {
    Path model = directory.resolve("m.npz");
    String[] train =
        {"train", data, "--ensemble", "3", "--epochs", "6", "--quiet", "--json", "--out", model.toString()};
    String expected = run(null, join(train, "--drop", "id"));
    byte[] bytes = Files.readAllBytes(model);
    Files.delete(model);
    try (SparkCluster cluster = SparkCluster.of(processes.spark(), "id")) {
      assertEquals(expected, run(cluster, train));
    }
    assertArrayEquals(bytes, Files.readAllBytes(model));
  }

  @Test void aCrossValidationSurvivesTheLossOfAnExecutor() {
    String[] cv = {"cv", data, "--folds", "8", "--epochs", "4", "--quiet", "--json"};
    String expected = run(null, join(cv, "--drop", "id"));
    long victim = SparkKernels.ofExecutors(SparkJobs.on(processes.context())).get(0).pid();
    try (SparkCluster cluster = SparkCluster.of(processes.spark(), "id")) {
      KillingCluster killing = new KillingCluster(cluster, victim);
      assertEquals(expected, run(killing, cv));
      assertTrue(killing.killed.get());
    }
    assertFalse(ProcessHandle.of(victim).map(ProcessHandle::isAlive).orElse(false));
  }

  /** Kills a process when the first result arrives. */
  private record KillingCluster(SparkCluster cluster, long pid, AtomicBoolean killed) implements TrainingCluster {
    KillingCluster(SparkCluster cluster, long pid) {
      this(cluster, pid, new AtomicBoolean());
    }

    @Override public Table table(String name, TableOptions options) {
      return cluster.table(name, options);
    }

    @Override public <T extends Serializable, R extends Serializable> void run(Table table,
        TableFunction<T, R> function, List<T> tasks, Consumer<R> receiver, BooleanSupplier stop) {
      cluster.run(table, function, tasks, (R result) -> {
        if (killed.compareAndSet(false, true)) ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        receiver.accept(result);
      }, stop);
    }

    @Override public GradientSource gradients(Dataset rows) {
      return cluster.gradients(rows);
    }
  }
}
