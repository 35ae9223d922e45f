// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.DataException;
import chainrule.format.Formatting;
import chainrule.io.Version;
import chainrule.train.DivergedException;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The command line. Exit status: 0 success; 2 bad input or usage, with one line on standard error; 1 internal error;
 * 130 interrupted (set by the JVM after SIGINT).
 */
public final class Main {
  private static final int SUCCESS = 0;
  private static final int INTERNAL_ERROR = 1;
  private static final int BAD_INPUT = 2;
  private static final int INTERRUPTED = 130;
  private static final int MAX_MESSAGE_LENGTH = 1000;
  private static final boolean WINDOWS = File.separatorChar == '\\';
  private static final Set<Command> ON_CLUSTER =
      EnumSet.of(Command.TRAIN, Command.CV, Command.TUNE, Command.INFO, Command.HELP);

  private Main() {}

  /**
   * Runs a command and exits.
   *
   * @param args the command and its arguments; the help without any
   */
  public static void main(String[] args) {
    StandardOutput standardOutput = new StandardOutput();
    Map<String, String> environment = System.getenv();
    boolean terminal = isTerminal(), errorTerminal = Boolean.getBoolean("chainrule.terminal.error");
    PrintStream out = stream(standardOutput, "stdout", terminal, environment);
    PrintStream err = stream(new FileOutputStream(FileDescriptor.err), "stderr", errorTerminal, environment);
    IntSupplier width = new TerminalWidth(environment.get("COLUMNS"));
    try (Interruption interruption = new Interruption()) {
      int status = run(List.of(args), Terminal.of(out, terminal, environment, width),
          Terminal.of(err, errorTerminal, environment, width), interruption);
      out.flush();
      if (standardOutput.failed()) status = standardOutput.status(status, err);
      if (interruption.requested()) return; // the JVM is shutting down and sets the exit status
      interruption.close();
      System.exit(status);
    }
  }

  /** Returns a stream that is buffered, so that a line is written at once. */
  private static PrintStream stream(
      OutputStream to, String name, boolean terminal, Map<String, String> environment) {
    OutputStream console =
        ConsoleOutput.of(to, ConsoleOutput.charset(name, terminal, System.getProperties(), environment));
    return new PrintStream(new BufferedOutputStream(console), true, StandardCharsets.UTF_8);
  }

  /**
   * Runs a command without ending the JVM.
   *
   * @param args the command and its arguments; the help without any
   * @param out for results
   * @param err for warnings, and for the line that explains an exit status of 2
   * @param terminal whether {@code out} may have colors and a line that is rewritten
   * @return the exit status
   */
  public static int run(List<String> args, PrintStream out, PrintStream err, boolean terminal) {
    try (Interruption interruption = new Interruption()) {
      return run(args, Terminal.of(out, terminal, Map.of(), () -> 80), Terminal.plain(err), interruption);
    }
  }

  /**
   * Runs {@code train}, {@code cv} or {@code tune} with data and trainings on a cluster. Output and files are those of
   * the same command on one machine, except for times and for trainings of which a cluster reports no progress. The
   * other commands are refused, except for {@code help} and {@code info}.
   *
   * @param args the command and its arguments; the help without any
   * @param out for results
   * @param err for warnings, and for the line that explains an exit status of 2
   * @param terminal whether {@code out} may have colors and a line that is rewritten
   * @param cluster the machines
   * @return the exit status
   */
  public static int run(
      List<String> args, PrintStream out, PrintStream err, boolean terminal, TrainingCluster cluster) {
    try (Interruption interruption = new Interruption()) {
      return run(args, Terminal.of(out, terminal, Map.of(), () -> 80), Terminal.plain(err), interruption,
          Optional.of(cluster));
    }
  }

  static int run(List<String> args, Terminal out, Terminal err, Interruption interruption) {
    return run(args, out, err, interruption, Optional.empty());
  }

  private static int run(
      List<String> args, Terminal out, Terminal err, Interruption interruption, Optional<TrainingCluster> cluster) {
    try {
      return dispatch(args, out, err, interruption, cluster) ? SUCCESS : INTERRUPTED;
    } catch (UsageException | DataException | DivergedException | ClusterException e) {
      return refuse(out, err, e.getMessage());
    } catch (UncheckedIOException e) {
      return refuse(out, err, describe(e.getCause()));
    } catch (OutOfMemoryError e) {
      return refuse(out, err, "out of memory: the data and the network do not fit in "
          + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB; allow more with CHAINRULE_JAVA_OPTIONS=-Xmx8g");
    } catch (RuntimeException | Error e) {
      out.stream().flush();
      err.stream().println(err.red("chainrule:")
          + " internal error, not caused by your input; please report it with the stack trace below");
      e.printStackTrace(err.stream());
      return INTERNAL_ERROR;
    }
  }

  private static int refuse(Terminal out, Terminal err, String message) {
    out.stream().flush();
    err.stream().println(err.red("chainrule:") + " " + Formatting.line(LauncherName.in(message), MAX_MESSAGE_LENGTH));
    return BAD_INPUT;
  }

  /** Describes an I/O error. The messages of some exceptions of java.nio.file are only the name of the file. */
  static String describe(IOException e) {
    return "cannot read or write: " + reason(e);
  }

  /** Returns the name of the file and the reason. */
  static String reason(IOException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String reason = e instanceof NoSuchFileException ? ": no such file or directory"
        : e instanceof AccessDeniedException ? WINDOWS ? ": permission denied, or open in another program"
        : ": permission denied" : "";
    return message + reason;
  }

  /** Returns false if the command was interrupted. */
  private static boolean dispatch(List<String> args, Terminal terminal, Terminal err, Interruption interruption,
      Optional<TrainingCluster> cluster) {
    PrintStream out = terminal.stream();
    if (!args.isEmpty() && args.get(0).equals("--version")) {
      out.println("chainrule " + Version.CURRENT + ", Java " + System.getProperty("java.version"));
      return true;
    }
    if (args.isEmpty() || args.get(0).equals("--help") || args.get(0).equals("-h")) {
      new HelpCommand(out).run(List.of());
      return true;
    }
    Command command = Command.named(args.get(0));
    List<String> rest = args.subList(1, args.size());
    if (rest.contains("--help") || rest.contains("-h")) {
      new HelpCommand(out).run(List.of(command.word()));
      return true;
    }
    if (cluster.isPresent() && !ON_CLUSTER.contains(command)) {
      throw new UsageException(command.word() + " does not run on a cluster; use ./chainrule " + command.word());
    }
    switch (command) {
      case TRAIN -> {
        return new TrainCommand(terminal, err, interruption, cluster).run(rest);
      }
      case CV -> new CvCommand(terminal, err, cluster).run(rest);
      case TUNE -> {
        return new TuneCommand(terminal, err, interruption, cluster).run(rest);
      }
      case EVALUATE -> new EvaluateCommand(out, err).run(rest);
      case PREDICT -> new PredictCommand(out, err).run(rest);
      case CHECK -> new CheckCommand(out, err).run(rest);
      case EXPLAIN -> new ExplainCommand(terminal, err).run(rest);
      case DESCRIBE -> new DescribeCommand(out, err).run(rest);
      case EXPORT -> new ExportCommand(out).run(rest);
      case IMPORT -> new ImportCommand(out).run(rest);
      case INFO -> new InfoCommand(out).run(rest);
      case HELP -> new HelpCommand(out).run(rest);
    }
    return true;
  }

  /**
   * Returns whether standard output is a terminal. The launcher passes this in a property. Without the launcher, a
   * console means a terminal, except on JDK 22 to 24, which always have one.
   */
  private static boolean isTerminal() {
    String property = System.getProperty("chainrule.terminal", "");
    if (!property.isEmpty()) return property.equals("true");
    int version = Runtime.version().feature();
    return System.console() != null && (version < 22 || version > 24);
  }
}
