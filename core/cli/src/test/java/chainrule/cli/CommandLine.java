// SPDX-License-Identifier: MIT
package chainrule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.io.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the command line in this JVM and captures its output and exit status. */
final class CommandLine {
  private CommandLine() {}

  record Result(int status, String out, String err) {
    /** The last line, a JSON object with --json. */
    String json() {
      return out.lines().reduce((a, b) -> b).orElseThrow();
    }
  }

  static Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();
    int status = Main.run(List.of(args), new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), false);
    return new Result(status, out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"),
        err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }

  /** Returns the data of {@code train} with these options, read and split. */
  static InputData data(String file, long seed, String... options) {
    Arguments a = Arguments.parse(Command.TRAIN, List.of(options));
    TableInput input = new TableInput(a, Terminal.plain(System.err));
    return InputData.of(InputData.read(file, Optional.empty(), a, seed, input), a, seed);
  }

  /** Returns the last line of an output, which is a JSON object with --json. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> json(String output) {
    return (Map<String, Object>) Json.parse(output.lines().reduce((a, b) -> b).orElseThrow());
  }

  /** Runs a command that must succeed; returns its output. With --quiet, it may warn of its result. */
  static String done(String... args) {
    Result r = run(args);
    assertEquals(0, r.status, r.err);
    boolean quiet = List.of(args).contains("--quiet");
    assertEquals(List.of(), r.err.lines().filter(l -> !quiet || !l.startsWith("warning: ")).toList());
    return r.out;
  }

  /** Runs a command that must fail with status 2 and this one line on standard error. */
  static void refused(String message, String... args) {
    Result r = run(args);
    assertEquals("chainrule: " + message + "\n", r.err);
    assertEquals(2, r.status);
    assertEquals("", r.out);
  }
}
