// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * The process of one {@link TrainingEngine}: trains an epoch whenever its parent asks, and tells how it went, in lines
 * as in {@link EngineServer}.
 * <pre>
 * task WORK THREADS EPOCHS SEED ROWS TEST-ROWS REHEARSED    the learner's name, once it is ready
 * epoch                                  the mean loss, test rows that are right, nanoseconds of training
 * </pre>
 * Argument: the class of the learner.
 */
public final class TrainingServer {
  private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private String name; // until it is told
  private boolean rehearsing;
  private long begin;

  private TrainingServer() {}

  public static void main(String[] args) {
    TrainingServer epochs = new TrainingServer();
    try {
      epochs.run(args[0]);
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      e.printStackTrace();
      epochs.say("no " + e);
    }
    System.exit(0); // whatever threads a library has left behind
  }

  private void run(String learner) throws Exception {
    TrainingEngine pupil = (TrainingEngine) Class.forName(learner).getConstructor().newInstance();
    String[] words = next().split(" ");
    TrainingTask task = TrainingTask.of(
        Workload.parse(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]),
        Long.parseLong(words[4]), Integer.parseInt(words[5]), Integer.parseInt(words[6]));
    name = pupil.name();
    int rehearsed = Integer.parseInt(words[7]);
    if (rehearsed > 0) {
      rehearsing = true;
      pupil.learn(task.with(rehearsed), this);
      rehearsing = false;
    }
    pupil.learn(task, this);
    next(); // until the parent has seen enough
  }

  /** Waits until an epoch is wanted, and starts the clock. */
  public void begin() {
    if (rehearsing) return;
    if (name != null) say("ok " + name);
    name = null;
    if (!next().equals("epoch")) System.exit(0);
    begin = System.nanoTime();
  }

  /** Stops the clock after an epoch; {@code right} then counts the test rows that are classified as they should. */
  public void end(double meanLoss, IntSupplier right) {
    long nanos = System.nanoTime() - begin;
    int found = right.getAsInt();
    if (rehearsing) return;
    say("ok " + meanLoss + " " + found + " " + nanos);
  }

  private void say(String words) {
    System.out.println(EngineServer.MARK + words);
    System.out.flush();
  }

  /** The next line, or an empty one at the end. */
  private String next() {
    try {
      String line = in.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
