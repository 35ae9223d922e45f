// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.bench.Timing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/**
 * The main class of an engine's process. It reads requests from standard input, one per line, and answers each with a
 * line on standard output that starts with {@link #MARK}, so that other output of a library can be ignored.
 *
 * <pre>
 * request                     answer
 * prepare WORKLOAD THREADS    the engine's name
 * check                       the first three losses, or the probabilities of the first row for a prediction
 * run N                       the nanoseconds of N steps or predictions
 * peak                        the floating-point operations per second that one core reaches on registers
 * </pre>
 *
 * An answer is {@code ok …} or {@code no REASON}. The process ends with its input. Argument: the class of the engine.
 */
public final class EngineServer {
  /** The start of every answer. */
  static final String MARK = "@ ";

  /**
   * The number of steps after which training restarts from the initial weights, untimed. Otherwise Adam's state of dead
   * units, which decays by 0.9 per step, would become subnormal after about 7,000 steps, which made steps 1.7 times as
   * slow.
   */
  private static final int STEPS_BEFORE_RESTART = 4096;

  private final Engine engine;
  private final PrintStream log;
  private Workload work;
  private int threads, taken;
  private PreparedWorkload steps;
  private double[] probabilities;

  /** Creates a server that writes stack traces to the log. */
  EngineServer(Engine engine, PrintStream log) {
    this.engine = engine;
    this.log = log;
  }

  public static void main(String[] args) throws IOException {
    EngineServer server = null;
    String reason = "";
    try {
      server = new EngineServer((Engine) Class.forName(args[0]).getConstructor().newInstance(), System.err);
    } catch (ReflectiveOperationException | LinkageError e) {
      reason = "no " + reason(e);
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(MARK + (server == null ? reason : server.answer(line)));
      System.out.flush();
    }
    System.exit(0); // even if a library has left threads running
  }

  /** Returns the answer to a request, without the mark. */
  String answer(String request) {
    String[] words = request.split(" ");
    try {
      return "ok " + switch (words[0]) {
        case "prepare" -> prepare(Workload.parse(words[1]), Integer.parseInt(words[2]));
        case "check" -> check();
        case "run" -> Long.toString(run(Integer.parseInt(words[1])));
        case "peak" -> Double.toString(Timing.peakFlops());
        default -> throw new IllegalArgumentException("unknown request: " + request);
      };
    } catch (Exception | LinkageError | AssertionError | OutOfMemoryError e) {
      e.printStackTrace(log);
      return "no " + reason(e);
    }
  }

  private String prepare(Workload wanted, int threadsWanted) throws Exception {
    work = wanted;
    threads = threadsWanted;
    restart();
    probabilities = new double[work.classes()];
    return engine.name();
  }

  private void restart() throws Exception {
    if (steps != null) steps.close();
    steps = engine.prepare(work, threads);
    taken = 0;
  }

  private String check() {
    StringJoiner values = new StringJoiner(" ");
    for (double v : firstResults(steps, work)) values.add(Double.toString(v));
    return values.toString();
  }

  /** Returns what is compared before timing: three losses, or the probabilities. */
  static double[] firstResults(PreparedWorkload steps, Workload work) {
    if (work.task() != Workload.Task.PREDICT) {
      return new double[] {steps.lossAndStep(), steps.lossAndStep(), steps.lossAndStep()};
    }
    double[] probabilities = new double[work.classes()];
    steps.predict(probabilities);
    return probabilities;
  }

  private long run(int n) throws Exception {
    if (work.task() == Workload.Task.PREDICT) return predict(n);
    long nanos = 0;
    for (int left = n; left > 0; ) {
      if (taken >= STEPS_BEFORE_RESTART) restart();
      int part = Math.min(left, STEPS_BEFORE_RESTART - taken);
      nanos += train(part);
      taken += part;
      left -= part;
    }
    return nanos;
  }

  private long train(int n) {
    double loss = 0;
    long begin = System.nanoTime();
    for (int i = 0; i < n; i++) loss = steps.step();
    long nanos = System.nanoTime() - begin;
    if (!Double.isFinite(loss)) throw new ArithmeticException("the loss became " + loss);
    return nanos;
  }

  private long predict(int n) {
    long begin = System.nanoTime();
    for (int i = 0; i < n; i++) steps.predict(probabilities);
    long nanos = System.nanoTime() - begin;
    if (!Double.isFinite(probabilities[0])) throw new ArithmeticException("a probability was " + probabilities[0]);
    return nanos;
  }

  /** Returns the message of the first cause. */
  static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) cause = cause.getCause();
    String message = cause.getMessage() == null ? "" : cause.getMessage().strip().lines().findFirst().orElse("");
    return cause instanceof UnsupportedOperationException && !message.isEmpty()
        ? message : cause.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
  }
}
