package chainrule.cli;

import chainrule.nn.activation.Activations;
import chainrule.nn.optimizer.Optimizers;
import java.io.PrintStream;
import java.util.List;

/** {@code help [COMMAND]}: what a command does, its options with what holds without them, and examples. */
final class HelpCommand {
  private final PrintStream out;

  HelpCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(Command.HELP, args);
    if (a.words().isEmpty()) {
      general();
      return;
    }
    Command command = Command.named(a.words(Command.HELP, "one command").get(0));
    out.println("./chainrule " + command.usage);
    out.println();
    out.print(description(command));
    if (!command.options.isEmpty()) {
      out.println();
      out.println("Options (what holds without them in parentheses)");
      for (Option o : Option.values()) {
        if (command.options.contains(o)) {
          out.printf("  %-30s %s%n", o.flag + (o.takesValue() ? " " + o.value : ""), o.help(command));
        }
      }
    }
    if (command == Command.TRAIN || command == Command.CHECK) names();
    out.println();
    out.println("Examples");
    out.print(examples(command).indent(2));
  }

  private void general() {
    out.println("Chainrule: neural networks in plain Java.");
    out.println();
    for (Command c : Command.values()) out.printf("  ./chainrule %-34s %s%n", c.usage, c.summary);
    out.println();
    out.print("""
        DATA is spirals, moons, circles, xor or digits (built in, all synthetic), a CSV file, or a file of images in
        IDX format. A short way through: ./chainrule train yours.csv --out model.npz --report report.html, then
        ./chainrule predict model.npz new.csv. Exit status: 0 done, 2 bad input or usage, 1 a failure of ours, 130
        interrupted.
        """);
  }

  private static String description(Command command) {
    return switch (command) {
      case TRAIN -> """
          Trains a network and tests it on held-out rows. DATA is one of
            spirals (default), moons, circles, xor, digits    built in, synthetic
            FILE.csv                                          a table; the last column is the target
            IMAGES.idx or IMAGES.gz with --labels FILE        pictures, as MNIST has them
          The same options and seed give the same bits, on every machine and for any number of threads. Ctrl-C stops
          after the step in hand and writes what --out, --checkpoint and --report promise.
          """;
      case EVALUATE -> """
          Tests a model that train --out wrote on other examples: accuracy and, class by class, precision, recall, F1
          and what was taken for what; or R² and the errors in the target's own unit. DATA must hold the target.
          """;
      case PREDICT -> """
          Writes a CSV with one row for each row of DATA, in its order: the class and the probability of each, or the
          predicted numbers. Columns are found by their names; DATA need not hold the target, and may hold others.
          """;
      case CHECK -> """
          Builds the network that train would build from the same DATA and options, and compares every gradient of
          backpropagation, of all parameters and inputs, with differences of the loss. Ends with status 2 if one is
          wrong. Options about the course of training change nothing.
          """;
      case EXPORT -> """
          Writes a model as an ONNX file, in double precision, its preprocessing included, for ONNX Runtime and other
          programs. Says what the file's inputs and outputs are.
          """;
      case INFO -> """
          For a model, or a checkpoint: layers, shapes, parameters, preprocessing, labels and how it was trained.
          Alone: which kernels this machine and JVM compute with, why, and how to get faster ones.
          """;
      case HELP -> """
          Explains a command, or lists them all.
          """;
    };
  }

  private void names() {
    out.println();
    out.println("activations  " + String.join(", ", Activations.names()));
    out.println("             (leaky-relu:SLOPE and elu:ALPHA take a number)");
    out.println("losses       mse, sse, half-mse, half-sse, mae, huber for numbers; bce, cce, cce-offset for classes;");
    out.println("             -sum behind mae, huber, bce, cce or cce-offset for the sum over a batch instead of the mean");
    List<String> optimizers = Optimizers.names().stream().map(n -> n + " " + Optimizers.defaultRate(n)).toList();
    out.println("optimizers   " + String.join(", ", optimizers.subList(0, 5)) + ",");
    out.println("             " + String.join(", ", optimizers.subList(5, optimizers.size()))
        + "; each with its default --rate");
    out.println("schedules    constant, step:every=10,by=0.5, cosine:floor=0; each with warmup=EPOCHS");
  }

  private static String examples(Command command) {
    return switch (command) {
      case TRAIN -> """
          ./chainrule train moons --layers 16:tanh --seed 7
          ./chainrule train iris.csv --target species --patience 20 --out iris.npz --report iris.html
          ./chainrule train houses.csv --task regress --drop id --test-fraction 0.1 --json
          ./chainrule train images.gz --labels labels.gz --layers 128:relu,dropout:0.2 --schedule cosine:warmup=2
          ./chainrule train big.csv --checkpoint run.npz          stop it, then the same with --resume""";
      case EVALUATE -> """
          ./chainrule evaluate iris.npz new.csv
          ./chainrule evaluate digits.npz images.gz --labels labels.gz --json""";
      case PREDICT -> """
          ./chainrule predict iris.npz new.csv
          ./chainrule predict houses.npz new.csv --out prices.csv""";
      case CHECK -> """
          ./chainrule check moons --layers 8:gelu,dropout:0.5,4:tanh --l2 0.01
          ./chainrule check houses.csv --task regress --loss huber""";
      case EXPORT -> "./chainrule export iris.npz iris.onnx";
      case INFO -> """
          ./chainrule info
          ./chainrule info iris.npz""";
      case HELP -> """
          ./chainrule help
          ./chainrule help train""";
    };
  }
}
