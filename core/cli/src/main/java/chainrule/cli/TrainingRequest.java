package chainrule.cli;

import chainrule.io.SafeFile;
import chainrule.kernels.Kernels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What {@code train} and {@code check} are asked for: the arguments, the data they name and the network they make of it. */
record TrainingRequest(
    Arguments arguments, String command, String data, long seed, Kernels kernels, InputData source, TrainingPlan plan) {

  /** Reads the arguments of {@code command}, then the data. */
  static TrainingRequest of(Command command, List<String> args, int usualThreads) {
    Arguments a = Arguments.parse(command, args);
    if (a.words().size() > 1) {
      throw new UsageException(command.word() + " takes one data set, got also '" + a.words().get(1) + "'");
    }
    String data = a.words().isEmpty() ? "spirals" : a.words().get(0);
    requirePlaces(a, data);
    long seed = a.whole(Option.SEED, 1, Long.MIN_VALUE, Long.MAX_VALUE);
    Kernels kernels = kernels(a, usualThreads);
    InputData source = InputData.of(data, a, seed);
    return new TrainingRequest(a, TrainingSettings.command(args), data, seed, kernels, source, TrainingPlan.of(a, source, kernels, seed));
  }

  /** What shall be written at the end must be possible, and is looked at before hours of work. */
  private static void requirePlaces(Arguments a, String data) {
    Set<Path> places = new HashSet<>();
    List<String> taken = new ArrayList<>(List.of(data));
    for (Option o : new Option[] {Option.LABELS, Option.TEST, Option.TEST_LABELS}) a.text(o).ifPresent(taken::add);
    for (Option o : new Option[] {Option.OUT, Option.CHECKPOINT, Option.REPORT}) {
      if (!a.has(o)) continue;
      InputData.refuseOverwriting(a, o, taken);
      if (!places.add(InputData.path(a.text(o).get()).toAbsolutePath().normalize())) {
        throw new UsageException(o.flag + ": " + a.text(o).get() + " is named by two options; name two files");
      }
      Path file = InputData.path(a.text(o).get());
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
    out.println("data      " + PrintableText.line(source.description(), 500));
    out.printf(Locale.ROOT, "network   %s, %,d parameters%n", plan.network(), plan.network().parameters().length);
  }
}
