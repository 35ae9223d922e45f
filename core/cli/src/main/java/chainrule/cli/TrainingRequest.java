// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import chainrule.io.Model;
import chainrule.io.SafeFile;
import chainrule.kernels.Kernels;
import chainrule.metrics.TrivialBaseline;
import chainrule.nn.Network;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code train} and {@code check} were asked to do: the arguments, the data that they name, and the plan that
 * follows.
 *
 * @param rerunCommand the command line that repeats the run
 * @param dataName the name of a built-in data set or a file
 * @param from the model whose training continues; empty for new networks
 * @param cluster which trains; empty to train here
 */
record TrainingRequest(Arguments arguments, String rerunCommand, String dataName, long seed, Kernels kernels,
    Optional<StartingModel> from, InputData data, TrainingPlan plan, Optional<ClusterSession> cluster) {

  /** A request to train new networks. */
  TrainingRequest(Arguments arguments, String rerunCommand, String dataName, long seed, Kernels kernels,
      InputData data, TrainingPlan plan) {
    this(arguments, rerunCommand, dataName, seed, kernels, Optional.empty(), data, plan, Optional.empty());
  }

  /**
   * Parses the arguments of {@code command}, then reads the data.
   *
   * @param err where the progress of reading is shown
   */
  static TrainingRequest of(Command command, List<String> args, int defaultThreads, Terminal err) {
    return of(command, args, defaultThreads, err, Optional.empty());
  }

  /** Returns the request like {@link #of(Command, List, int, Terminal)}, with the data of a cluster if there is one. */
  static TrainingRequest of(Command command, List<String> args, int defaultThreads, Terminal err,
      Optional<TrainingCluster> cluster) {
    Arguments given = Arguments.parse(command, args);
    if (given.operands().size() > 1) throw given.unexpectedOperand(command, "one data set", 1);
    if (given.operands().isEmpty() && given.has(Option.FROM)) {
      throw new UsageException("--from requires data: ./chainrule train NEW.csv --from MODEL.npz");
    }
    String dataName = given.operands().isEmpty() ? "spirals" : given.operands().get(0);
    requireWritableOutputs(command, given, dataName);
    long seed = seed(given);
    Kernels kernels = kernels(given, defaultThreads);
    EnsembleOptions.members(given); // refuses a wrong number before it reads the data
    Optional<StartingModel> from = StartingModel.of(given, kernels);
    Arguments a = from.map(f -> f.check(given)).orElse(given);
    if (cluster.isPresent()) ClusterOptions.require(a);
    UnsplitData all = InputData.read(dataName, from, a, seed, new TableInput(a, err, cluster));
    InputData data = EnsembleOptions.check(a, InputData.of(all, a, seed));
    TrainingPlan plan = from.map(f -> TrainingPlan.continuing(a, data, f, 0))
        .orElseGet(() -> TrainingPlan.of(a, data, kernels, seed));
    return new TrainingRequest(a, TrainingSettings.rerunCommand(args), dataName, seed, kernels,
        from.map(f -> f.judged(plan)), data, plan, ClusterSession.of(cluster, all));
  }

  /** Checks that the output files are writable before training starts. */
  static void requireWritableOutputs(Command command, Arguments a, String dataName) {
    Set<Path> outputs = new HashSet<>();
    List<String> inputs = new ArrayList<>(List.of(dataName));
    for (Option o : new Option[] {Option.LABELS, Option.TEST, Option.TEST_LABELS, Option.FROM}) {
      a.value(o).ifPresent(inputs::add);
    }
    for (Option o : new Option[] {Option.OUT, Option.CHECKPOINT, Option.REPORT}) {
      if (!a.has(o)) continue;
      InputFiles.refuseOverwriting(a, o, inputs);
      Path file = InputFiles.path(a.value(o).get());
      if (!outputs.add(file.toAbsolutePath().normalize())) {
        throw new UsageException(o.flag + ": " + file + " is also the file of another option; use two files");
      }
      try {
        SafeFile.requireWritable(file);
      } catch (IOException e) {
        throw new UsageException(o.flag + ": " + Main.describe(e));
      }
    }
    OutputNames.requireSuffixes(command, a);
  }

  /** Returns a model with these networks, the encoding of the data, and the baseline of its training rows. */
  Model model(List<Network> networks, Map<String, String> training) {
    return new Model(networks, data.encoding(), training).withBaseline(TrivialBaseline.of(plan.train()));
  }

  /** Returns the command that describes the data, with the options that change how it is read. */
  static String describeCommand(Arguments arguments, String dataName) {
    StringBuilder s =
        new StringBuilder(LauncherName.in("./chainrule describe ") + TrainingSettings.quoted(dataName));
    for (Option o : Command.DESCRIBE.options) {
      if (o != Option.JSON) arguments.value(o).ifPresent(v -> s.append(' ').append(o.flag).append(' ')
          .append(TrainingSettings.quoted(v)));
    }
    return s.toString();
  }

  /** With --quiet and without --json, what was assumed about the data goes to standard error. */
  void warnIfQuiet(Terminal err) {
    if (arguments.has(Option.QUIET) && !arguments.has(Option.JSON)) Notices.warn(err, data.notices());
  }

  static long seed(Arguments a) {
    return a.integer(Option.SEED, 1, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  static Kernels kernels(Arguments a, int defaultThreads) {
    try {
      return Kernels.best().withThreads((int) a.integer(Option.THREADS, defaultThreads, 1, 1024));
    } catch (IllegalStateException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** Prints the first lines of the output: the data, what was assumed about it, and the network. */
  void introduce(PrintStream out) {
    out.println("data      " + Formatting.line(data.description(), 500));
    Notices.print(out, data.notices(), describeCommand(arguments, dataName) + " explains every column");
    from.ifPresent(f -> f.introduce(out));
    out.printf(Locale.ROOT, "network   %s, %,d parameters%n", plan.network(), plan.network().parameters().length);
  }
}
