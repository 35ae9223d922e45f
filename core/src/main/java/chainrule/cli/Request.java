package chainrule.cli;

import chainrule.kernels.Kernels;
import chainrule.io.SafeFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What {@code train} and {@code check} are asked for: the arguments, the data they name and the network they make of it. */
record Request(
    Arguments arguments, String command, String data, long seed, Kernels kernels, Source source, Blueprint plan) {

  /** Reads the arguments of {@code command}, then the data. */
  static Request of(Command command, List<String> args, int usualThreads) {
    Arguments a = Arguments.parse(command, args);
    if (a.words().size() > 1) {
      throw new UsageException(command.word() + " takes one data set, got also '" + a.words().get(1) + "'");
    }
    requirePlaces(a);
    String data = a.words().isEmpty() ? "spirals" : a.words().get(0);
    long seed = a.whole(Option.SEED, 1, Long.MIN_VALUE, Long.MAX_VALUE);
    Kernels kernels = kernels(a, usualThreads);
    Source source = Source.of(data, a, seed);
    return new Request(a, Settings.command(args), data, seed, kernels, source, Blueprint.of(a, source, kernels, seed));
  }

  /** What shall be written at the end must be possible, and is looked at before hours of work. */
  private static void requirePlaces(Arguments a) {
    for (Option o : new Option[] {Option.OUT, Option.CHECKPOINT, Option.REPORT}) {
      if (!a.has(o)) continue;
      Path file = Source.path(a.text(o).get());
      try {
        SafeFile.requireWritable(file);
      } catch (IOException e) {
        throw new UsageException(o.flag + ": " + Main.readable(e));
      }
    }
  }

  static Kernels kernels(Arguments a, int usualThreads) {
    try {
      return Kernels.best().withThreads((int) a.whole(Option.THREADS, usualThreads, 1, 1024));
    } catch (IllegalStateException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** The first two lines of what a command prints. */
  void introduce(PrintStream out) {
    out.println("data      " + source.description());
    out.printf(Locale.ROOT, "network   %s, %,d parameters%n", plan.network(), plan.network().parameters().length);
  }
}
