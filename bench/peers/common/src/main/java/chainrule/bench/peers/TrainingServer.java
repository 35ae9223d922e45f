// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * The main class of the process of a {@link TrainingEngine}. It trains an epoch per request, with the protocol of
 * {@link EngineServer}.
 *
 * <pre>
 * request                                                       answer
 * task WORKLOAD THREADS EPOCHS SEED ROWS TEST-ROWS WARM-UP      the engine's name, once it is ready
 * epoch                                                         mean loss, correct test rows, nanoseconds
 * </pre>
 *
 * Argument: the class of the engine.
 */
public final class TrainingServer {
  private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private String name; // null after it was sent
  private boolean warmingUp;
  private long start;

  private TrainingServer() {}

  public static void main(String[] args) {
    TrainingServer server = new TrainingServer();
    try {
      server.run(args[0]);
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      e.printStackTrace();
      server.answer("no " + e);
    }
    System.exit(0); // even if a library has left threads running
  }

  private void run(String engineClass) throws Exception {
    TrainingEngine engine = (TrainingEngine) Class.forName(engineClass).getConstructor().newInstance();
    String[] words = next().split(" ");
    TrainingTask task = TrainingTask.of(
        Workload.parse(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]), Long.parseLong(words[4]),
        Integer.parseInt(words[5]), Integer.parseInt(words[6]));
    name = engine.name();
    int warmUpEpochs = Integer.parseInt(words[7]);
    if (warmUpEpochs > 0) {
      warmingUp = true;
      engine.train(task.withEpochs(warmUpEpochs), this);
      warmingUp = false;
    }
    engine.train(task, this);
    next(); // waits for the end of the input
  }

  /** Waits for the request of an epoch, and starts its time. */
  public void startEpoch() {
    if (warmingUp) return;
    if (name != null) answer("ok " + name);
    name = null;
    if (!next().equals("epoch")) System.exit(0);
    start = System.nanoTime();
  }

  /** Ends the time of an epoch. {@code correct} then counts the test rows that are classified correctly. */
  public void endEpoch(double meanLoss, IntSupplier correct) {
    long nanos = System.nanoTime() - start;
    int correctRows = correct.getAsInt();
    if (warmingUp) return;
    answer("ok " + meanLoss + " " + correctRows + " " + nanos);
  }

  private void answer(String line) {
    System.out.println(EngineServer.MARK + line);
    System.out.flush();
  }

  /** Returns the next line, or an empty string at the end of the input. */
  private String next() {
    try {
      String line = in.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
