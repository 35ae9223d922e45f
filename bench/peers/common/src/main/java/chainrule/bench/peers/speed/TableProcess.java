// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import chainrule.bench.Samples;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the program of a table in a separate JVM, and reads what it records.
 *
 * @param peers the directory {@code bench/peers}
 */
record TableProcess(Path peers) {
  private static final int TIMEOUT_MINUTES = 20;

  /**
   * Runs a program.
   *
   * @param module the directory in {@code bench/peers} where it is built
   * @param options additional options of the JVM
   * @param variables additional environment variables
   */
  TableSamples run(String module, String main, List<String> options, Map<String, String> variables, String... args) {
    try {
      Path target = peers.resolve(module).resolve("target"), list = target.resolve("classpath");
      if (!Files.exists(list)) return TableSamples.failed("bench/peers/" + module + " is not built");
      Path samples = Files.createTempFile("samples", ".tsv");
      List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC", "-D" + Samples.PROPERTY + "=" + samples));
      if (Runtime.version().feature() >= 22) command.add("--enable-native-access=ALL-UNNAMED");
      command.addAll(options);
      command.addAll(List.of("-cp", target.resolve("classes") + File.pathSeparator + Files.readString(list).strip(),
          "chainrule.bench." + main));
      command.addAll(List.of(args));
      TableSamples result = run(command, variables, samples);
      Files.deleteIfExists(samples);
      return result;
    } catch (IOException e) {
      return TableSamples.failed(e.getMessage());
    }
  }

  /** Runs a command that records to the file. Its output and errors go to files in {@code bench/peers/target}. */
  TableSamples run(List<String> command, Map<String, String> variables, Path samples) throws IOException {
    Path logs = Files.createDirectories(peers.resolve("target"));
    Path out = logs.resolve("speed.out"), errors = logs.resolve("speed.log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    String failure = "";
    try {
      boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
      if (!ended) failure = "not finished after " + TIMEOUT_MINUTES + " minutes";
      else if (process.exitValue() != 0) failure = "exit status " + process.exitValue() + ": " + firstLine(errors);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = "interrupted";
    } finally {
      process.destroyForcibly();
    }
    return new TableSamples(Samples.read(samples), Files.readAllLines(out), failure);
  }

  private static String firstLine(Path log) throws IOException {
    return Files.readAllLines(log).stream().filter(line -> !line.isBlank() && !line.startsWith("WARNING")).findFirst()
        .orElse("no message").replace('\t', ' ');
  }
}
