package chainrule.cli;

import chainrule.data.DataException;
import chainrule.train.DivergedException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * The command line. Exit status: 0 done; 2 bad input or usage, with one line on standard error; 1 a failure of ours;
 * 130 interrupted (the JVM's own answer to SIGINT).
 */
public final class Main {
  private static final int DONE = 0;
  private static final int OUR_FAILURE = 1;
  private static final int BAD_INPUT = 2;
  private static final int INTERRUPTED = 130;
  private static final int LONGEST_LINE = 1000;

  private Main() {}

  public static void main(String[] args) {
    StandardOutput written = new StandardOutput();
    PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    try (Interruption interruption = new Interruption()) {
      int status = run(List.of(args), out, err, isTerminal(), interruption);
      out.flush();
      if (written.failed()) status = written.status(status, err);
      if (interruption.asked()) return; // the JVM is going down, with the status of the signal
      interruption.close();
      System.exit(status);
    }
  }

  /** Everything but the process: what a command prints and its exit status. */
  public static int run(List<String> args, PrintStream out, PrintStream err, boolean terminal) {
    try (Interruption interruption = new Interruption()) {
      return run(args, out, err, terminal, interruption);
    }
  }

  private static int run(
      List<String> args, PrintStream out, PrintStream err, boolean terminal, Interruption interruption) {
    try {
      return dispatch(args, out, terminal, interruption) ? DONE : INTERRUPTED;
    } catch (UsageException | DataException | DivergedException e) {
      return refuse(out, err, e.getMessage());
    } catch (UncheckedIOException e) {
      return refuse(out, err, readable(e.getCause()));
    } catch (OutOfMemoryError e) {
      return refuse(out, err, "the data and the network do not fit into " + Runtime.getRuntime().maxMemory() / (1 << 20)
          + " MiB of memory; allow more with CHAINRULE_JAVA_OPTIONS=-Xmx8g");
    } catch (RuntimeException | Error e) {
      out.flush();
      err.println("chainrule: a failure of Chainrule itself, not of your input; please report it with what follows");
      e.printStackTrace(err);
      return OUR_FAILURE;
    }
  }

  private static int refuse(PrintStream out, PrintStream err, String message) {
    out.flush();
    err.println("chainrule: " + PrintableText.line(message, LONGEST_LINE));
    return BAD_INPUT;
  }

  static String readable(IOException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String why = e instanceof NoSuchFileException ? ": no such file or folder"
        : e instanceof AccessDeniedException ? ": not permitted" : "";
    return "cannot read or write: " + message + why;
  }

  /** False if the command was interrupted. */
  private static boolean dispatch(List<String> args, PrintStream out, boolean terminal, Interruption interruption) {
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
    switch (command) {
      case TRAIN -> {
        return new TrainCommand(out, terminal, interruption).run(rest);
      }
      case EVALUATE -> new EvaluateCommand(out).run(rest);
      case PREDICT -> new PredictCommand(out).run(rest);
      case CHECK -> new CheckCommand(out).run(rest);
      case EXPORT -> new ExportCommand(out).run(rest);
      case INFO -> new InfoCommand(out).run(rest);
      case HELP -> new HelpCommand(out).run(rest);
    }
    return true;
  }

  /** The launcher knows and says so; started without it, a console means a terminal (but not on JDK 22 to 24). */
  private static boolean isTerminal() {
    String said = System.getProperty("chainrule.terminal", "");
    if (!said.isEmpty()) return said.equals("true");
    int version = Runtime.version().feature();
    return System.console() != null && (version < 22 || version > 24);
  }
}
