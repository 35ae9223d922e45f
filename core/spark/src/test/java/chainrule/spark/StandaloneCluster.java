// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * A standalone cluster of processes on loopback addresses: a Master on 127.0.0.1 and Workers with one core each on
 * 127.0.0.1, .2 and .3. To Spark they are different hosts, which speculative copies need.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final List<Process> workers = new ArrayList<>();
  private final Process master;
  private SparkSession spark; // null until it has started

  private StandaloneCluster(int workerCount, Map<String, String> settings) throws Exception {
    int port = freePort();
    String url = "spark://127.0.0.1:" + port;
    master = launch("master", "127.0.0.1", "org.apache.spark.deploy.master.Master", "--port", String.valueOf(port));
    try {
      awaitPort(port);
      for (int i = 1; i <= workerCount; i++) {
        Path work = LocalCluster.prepareHome().resolve("standalone-work");
        workers.add(launch("worker-" + i, "127.0.0." + i, "org.apache.spark.deploy.worker.Worker", "--cores", "1",
            "--memory", "1g", "--work-dir", work.toString(), url));
      }
      spark = session(url, settings);
      awaitExecutors(workerCount);
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** Starts Master and Workers and waits until each Worker has an executor. */
  static StandaloneCluster start(int workers, Map<String, String> settings) throws Exception {
    return new StandaloneCluster(workers, settings);
  }

  /** Whether this machine has the address 127.0.0.3; Linux has, others need an alias. */
  static boolean isPossible() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.3"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static SparkSession session(String url, Map<String, String> settings) {
    SparkSession.Builder builder = LocalCluster.onExecutors(LocalSession.settings(url));
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static Process launch(String name, String host, String main, String... arguments) throws IOException {
    Path log = LocalCluster.prepareHome().resolve("standalone-" + name + ".log");
    Files.deleteIfExists(log);
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + Path.of("jvm-options").toAbsolutePath(), "-XX:+UseSerialGC", "-Xmx256m",
        "-Dchainrule.spark.log=" + log, "-Dspark.port.maxRetries=0", "-Dspark.master.rest.enabled=false",
        "-cp", System.getProperty("java.class.path"), main, "--host", host, "--webui-port", "0"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("SPARK_LOCAL_IP", host);
    return builder.start();
  }

  private void awaitPort(int port) throws Exception {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < end && master.isAlive()) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        if (socket.isConnected()) return;
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    throw new IllegalStateException("the Master did not start; see target/spark-home/standalone-master.log");
  }

  private void awaitExecutors(int count) throws Exception {
    SparkJobs jobs = SparkJobs.on(context());
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (jobs.liveExecutors() < count) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(jobs.liveExecutors() + " of " + count
            + " executors started within " + START_LIMIT.toSeconds() + " s; see target/spark-home/standalone-*.log");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  /** Kills all Workers. Their executors then end themselves. */
  void killWorkers() {
    workers.forEach(Process::destroyForcibly);
  }

  @Override public void close() throws InterruptedException {
    try {
      if (spark != null) LocalSession.stop(spark);
    } finally {
      stopProcesses();
    }
  }

  private void stopProcesses() throws InterruptedException {
    List<Process> processes = new ArrayList<>(workers);
    processes.add(master);
    for (Process p : processes) p.descendants().forEach(ProcessHandle::destroyForcibly);
    for (Process p : processes) p.destroyForcibly();
    for (Process p : processes) p.waitFor(10, TimeUnit.SECONDS);
  }
}
