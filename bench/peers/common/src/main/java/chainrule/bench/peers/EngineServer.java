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
 * The process of one engine: does what its parent asks on standard input, a line each, and answers with a line that
 * begins with {@link #MARK}, so that a library which prints disturbs nobody.
 * <pre>
 * prepare WORK THREADS    the engine's name
 * check                   the first three losses, or the probabilities of the first row if the work is to predict
 * run N                   nanoseconds for N steps, or N predictions
 * peak                    floating-point operations a second that one core reaches on registers
 * </pre>
 * An answer is {@code ok …} or {@code no REASON}. Ends with its input. Argument: the class of the engine.
 */
public final class EngineServer {
  /** What answers begin with. */
  static final String MARK = "@ ";

  /**
   * PreparedWorkload from the first weights. Then they begin again, untimed: where units die, Adam's memory of them
   * decays by 0.9 a step, and after some 7,000 steps is made of subnormal numbers, which processors are slow at (seen:
   * 1.7 times).
   */
  private static final int FRESH = 4096;

  private final Engine engine;
  private final PrintStream log;
  private Workload work;
  private int threads, taken;
  private PreparedWorkload steps;
  private double[] probabilities;

  /** What goes wrong is written to the log at length. */
  EngineServer(Engine engine, PrintStream log) {
    this.engine = engine;
    this.log = log;
  }

  public static void main(String[] args) throws IOException {
    EngineServer turns = null;
    String reason = "";
    try {
      turns = new EngineServer((Engine) Class.forName(args[0]).getConstructor().newInstance(), System.err);
    } catch (ReflectiveOperationException | LinkageError e) {
      reason = "no " + reason(e);
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(MARK + (turns == null ? reason : turns.answer(line)));
      System.out.flush();
    }
    System.exit(0); // whatever threads a library has left behind
  }

  /** The answer to a request, without its mark. */
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
    begin();
    probabilities = new double[work.classes()];
    return engine.name();
  }

  private void begin() throws Exception {
    if (steps != null) steps.close();
    steps = engine.prepare(work, threads);
    taken = 0;
  }

  private String check() {
    StringJoiner values = new StringJoiner(" ");
    for (double v : first(steps, work)) values.add(Double.toString(v));
    return values.toString();
  }

  /** What is compared before anything is timed: three losses, or the probabilities. */
  static double[] first(PreparedWorkload steps, Workload work) {
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
      if (taken >= FRESH) begin();
      int part = Math.min(left, FRESH - taken);
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

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) cause = cause.getCause();
    String message = cause.getMessage() == null ? "" : cause.getMessage().strip().lines().findFirst().orElse("");
    return cause instanceof UnsupportedOperationException && !message.isEmpty()
        ? message : cause.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
  }
}
