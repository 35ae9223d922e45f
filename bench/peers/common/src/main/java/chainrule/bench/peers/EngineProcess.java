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
 * The process of one engine, seen from the table. Between its turns it is stopped by a signal: workers that spin while
 * they wait, compilers and collectors then take nothing from the engine whose turn it is.
 */
final class EngineProcess implements AutoCloseable {
  /** An engine that cannot do what was asked; the message says why. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message);
    }
  }

  private static final int PATIENCE_SECONDS = 120;
  private static final String END = "";

  private final Process process;
  private final BufferedWriter requests;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Path log;
  private boolean stopped;

  private EngineProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread reader = new Thread(this::read, "answers");
    reader.setDaemon(true);
    reader.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts it; what it writes to standard error is kept in a file beside the others of this run. */
  static EngineProcess start(List<String> command, Map<String, String> variables, int threads, Path log)
      throws Refusal {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(EngineProcess::misleads);
    for (String variable : new String[] {"OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"}) {
      environment.put(variable, Integer.toString(threads));
    }
    environment.put("OPENBLAS_VERBOSE", "2"); // it then says which core's kernels it chose
    environment.putAll(variables);
    try {
      return new EngineProcess(builder.start(), log);
    } catch (IOException e) {
      throw new Refusal(e.getMessage());
    }
  }

  /** Whether a variable of the environment would change what OpenBLAS does. */
  static boolean misleads(String variable) {
    return variable.startsWith("OPENBLAS_") && !variable.equals("OPENBLAS_VERBOSE");
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(EngineServer.MARK)) answers.add(line.substring(EngineServer.MARK.length()));
      }
    } catch (IOException e) {
      // it has ended, which is what follows
    }
    answers.add(END);
  }

  /** What it answers to a request. */
  String ask(String request) throws Refusal {
    if (stopped) signal("-CONT");
    String answer;
    try {
      requests.write(request);
      requests.newLine();
      requests.flush();
      answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      answer = END;
    } catch (InterruptedException e) {
      throw new Refusal("interrupted");
    }
    if (answer == null) throw new Refusal("no answer to \"" + request + "\" within " + PATIENCE_SECONDS + " s");
    if (answer.equals(END)) throw new Refusal("its process ended: " + lastWords());
    if (!answer.startsWith("ok ")) throw new Refusal(answer.replaceFirst("^no ", ""));
    return answer.substring(3);
  }

  /** Seconds for one of n steps. */
  double run(int n) throws Refusal {
    return Long.parseLong(ask("run " + n)) / 1e9 / n;
  }

  /** Stops it until it is asked again. */
  void rest() {
    if (!stopped) signal("-STOP");
  }

  private void signal(String name) {
    stopped = name.equals("-STOP");
    try {
      new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("the table stops engines between their turns with the command kill", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The processor core whose kernels an OpenBLAS in there chose, if it is one that has said so. */
  Optional<String> core() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.startsWith("Core: ")).findFirst().map(line -> line.substring(6).strip());
    }
  }

  private String lastWords() {
    try {
      return Files.readAllLines(log).stream().filter(line -> !line.isBlank() && !line.startsWith("WARNING"))
          .findFirst().orElse("it left no word");
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
