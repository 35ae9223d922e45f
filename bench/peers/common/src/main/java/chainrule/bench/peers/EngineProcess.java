// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A handle on the process of an engine. Between its turns the process is stopped by a signal, so that spinning workers,
 * JIT compilers and garbage collectors do not slow down the engine that is being timed.
 */
final class EngineProcess implements AutoCloseable {
  /** Thrown if an engine cannot do what was requested, with the reason as its message. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message);
    }
  }

  private static final int TIMEOUT_SECONDS = 120;
  private static final double WARM_SECONDS = 3, MOST_WARM_SECONDS = 8;
  private static final String END = "";

  private final Process process;
  private final BufferedWriter requests;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Path log;
  private boolean suspended;

  private EngineProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread reader = new Thread(this::read, "answers");
    reader.setDaemon(true);
    reader.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts a process, with additional environment variables. Its standard error goes to the log file. */
  static EngineProcess start(List<String> command, Map<String, String> variables, int threads, Path log)
      throws Refusal {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(EngineProcess::changesOpenBlas);
    for (String variable : new String[] {"OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"}) {
      environment.put(variable, Integer.toString(threads));
    }
    environment.put("OPENBLAS_VERBOSE", "2"); // prints the core whose kernels are used
    environment.putAll(variables);
    try {
      return new EngineProcess(builder.start(), log);
    } catch (IOException e) {
      throw new Refusal(e.getMessage());
    }
  }

  /** Whether an environment variable changes the behavior of OpenBLAS. */
  static boolean changesOpenBlas(String variable) {
    return variable.startsWith("OPENBLAS_") && !variable.equals("OPENBLAS_VERBOSE");
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(EngineServer.MARK)) answers.add(line.substring(EngineServer.MARK.length()));
      }
    } catch (IOException e) {
      // the process has ended, as reported below
    }
    answers.add(END);
  }

  /** Sends a request, and returns the answer. */
  String ask(String request) throws Refusal {
    if (suspended) signal("-CONT");
    String answer;
    try {
      requests.write(request);
      requests.newLine();
      requests.flush();
      answer = answers.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      answer = END;
    } catch (InterruptedException e) {
      throw new Refusal("interrupted");
    }
    if (answer == null) throw new Refusal("no answer to \"" + request + "\" within " + TIMEOUT_SECONDS + " s");
    if (answer.equals(END)) throw new Refusal("its process ended: " + firstError());
    if (!answer.startsWith("ok ")) throw new Refusal(answer.replaceFirst("^no ", ""));
    return answer.substring(3);
  }

  /** Runs n steps, and returns the seconds per step. */
  double run(int n) throws Refusal {
    return Long.parseLong(ask("run " + n)) / 1e9 / n;
  }

  /**
   * Warms up until ten turns in a row have not improved on the best. Returns the number of steps that take about {@code
   * seconds}.
   */
  int warmUp(double seconds) throws Refusal {
    double best = Double.POSITIVE_INFINITY, spent = 0;
    int unbeaten = 0, times = 1;
    while (spent < MOST_WARM_SECONDS && (unbeaten < 10 || spent < WARM_SECONDS)) {
      double each = run(times);
      spent += each * times;
      unbeaten = each < 0.98 * best ? 0 : unbeaten + 1;
      best = Math.min(best, each);
      times = (int) Math.max(1, Math.min(Math.min(times * 2.0, 1e9), seconds / each));
    }
    return times;
  }

  /** Stops the process until the next request. */
  void suspend() {
    if (!suspended) signal("-STOP");
  }

  private void signal(String name) {
    suspended = name.equals("-STOP");
    try {
      new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("cannot run the command kill, which stops engines between their turns", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the processor core whose kernels OpenBLAS uses, if the process has printed it. */
  Optional<String> core() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.startsWith("Core: ")).findFirst().map(line -> line.substring(6).strip());
    }
  }

  private String firstError() {
    try {
      return Files.readAllLines(log).stream().filter(line -> !line.isBlank() && !line.startsWith("WARNING"))
          .findFirst().orElse("no message");
    } catch (IOException e) {
      return "see " + new File(log.toString());
    }
  }

  @Override public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
