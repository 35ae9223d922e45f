package chainrule.cli;

import chainrule.kernels.Kernels;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** What {@code train} and {@code check} are asked for: the arguments, the data they name and the network they make of it. */
record Request(Arguments arguments, String data, long seed, Kernels kernels, Source source, Blueprint plan) {

  /** Reads the arguments of {@code command}, then the data. */
  static Request of(String command, List<String> args, int usualThreads) {
    Arguments a = Arguments.parse(args);
    if (a.words().size() > 1) {
      throw new UsageException(command + " takes one data set, got also '" + a.words().get(1) + "'");
    }
    String data = a.words().isEmpty() ? "spirals" : a.words().get(0);
    long seed = a.whole(Option.SEED, 1, Long.MIN_VALUE, Long.MAX_VALUE);
    Kernels kernels = kernels((int) a.whole(Option.THREADS, usualThreads, 1, 1024));
    Source source = Source.of(data, a, seed);
    return new Request(a, data, seed, kernels, source, Blueprint.of(a, source, kernels, seed));
  }

  private static Kernels kernels(int threads) {
    try {
      return Kernels.best().withThreads(threads);
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
