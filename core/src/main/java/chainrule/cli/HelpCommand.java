package chainrule.cli;

import chainrule.nn.activation.Activations;
import chainrule.nn.optimizer.Optimizers;
import java.io.PrintStream;
import java.util.List;

/** {@code help [COMMAND]}. */
final class HelpCommand {
  private final PrintStream out;

  HelpCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    if (args.isEmpty()) {
      general();
      return;
    }
    if (args.size() > 1) throw new UsageException("help takes one command, got also '" + args.get(1) + "'");
    switch (Command.named(args.get(0))) {
      case TRAIN -> train();
      case CHECK -> {
        out.println("./chainrule check [DATA] [options]");
        out.println();
        out.println("Builds the network that train would build from the same DATA and options, and compares every");
        out.println("gradient of backpropagation, of all parameters and inputs, with differences of the loss. Ends with");
        out.println("status 2 if one is wrong. Options as for train; those about its course change nothing.");
      }
      case INFO -> {
        out.println("./chainrule info");
        out.println();
        out.println("Says which kernels this machine and JVM compute with, why, and how to get faster ones.");
      }
      case HELP -> {
        out.println("./chainrule help [COMMAND]");
        out.println();
        out.println("Explains a command, or lists them all.");
      }
      default -> throw new IllegalStateException("every command that works has its help");
    }
  }

  private void general() {
    out.println("Chainrule: neural networks in plain Java.");
    out.println();
    for (Command c : Command.values()) {
      if (c.works) out.printf("  ./chainrule %-26s %s%n", c.usage, c.summary);
    }
    out.println();
    out.println("Built-in data: spirals, moons, circles, xor, digits (all synthetic). Exit status: 0 done, 2 bad input");
    out.println("or usage, 1 a failure of ours, 130 interrupted.");
  }

  private void train() {
    out.println("./chainrule train [DATA] [options]");
    out.println();
    out.println("Trains a network and tests it on held-out rows. DATA is one of");
    out.println("  spirals (default), moons, circles, xor, digits    built in, synthetic");
    out.println("  FILE.csv                                          a table; the last column is the target");
    out.println("  IMAGES.idx or IMAGES.gz with --labels FILE        pictures, as MNIST has them");
    out.println();
    out.println("Options (what holds without them in parentheses)");
    for (Option o : Option.values()) {
      if (o.works) out.printf("  %-30s %s%n", o.flag + (o.takesValue() ? " " + o.value : ""), o.help);
    }
    out.println();
    out.println("activations  " + String.join(", ", Activations.names()));
    out.println("             (leaky-relu:SLOPE and elu:ALPHA take a number)");
    out.println("losses       mse, sse, half-mse, half-sse, mae, huber for numbers; bce, cce, cce-offset for classes;");
    out.println("             -sum behind mae, huber, bce, cce or cce-offset for the sum over a batch instead of the mean");
    out.println("optimizers   " + String.join(", ", Optimizers.names()));
    out.println();
    out.println("Examples");
    out.println("  ./chainrule train moons --layers 16:tanh --seed 7");
    out.println("  ./chainrule train iris.csv --target species");
    out.println("  ./chainrule train houses.csv --task regress --drop id --test-fraction 0.1 --json");
    out.println("  ./chainrule train images.gz --labels labels.gz --layers 128:relu");
  }
}
