package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.kernels.Kernels;
import chainrule.nn.GradientCheck;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** {@code check [DATA] [options]}: a gradient check of exactly the network that {@code train} would build. */
final class CheckCommand {
  /** Work that a check may take, in multiplications: about a minute on one core. */
  private static final double BUDGET = 4e11;
  private static final int MOST_ROWS = 16;

  private final PrintStream out;

  CheckCommand(PrintStream out) {
    this.out = out;
  }

  void run(List<String> args) {
    Arguments a = Arguments.parse(args);
    if (a.words().size() > 1) {
      throw new UsageException("check takes one data set, got also '" + a.words().get(1) + "'");
    }
    String data = a.words().isEmpty() ? "spirals" : a.words().get(0);
    long seed = a.whole(Option.SEED, 1, Long.MIN_VALUE, Long.MAX_VALUE);
    int threads = (int) a.whole(Option.THREADS, 1, 1, 1024);
    Kernels kernels = TrainCommand.kernels(threads);
    Source source = Source.of(data, a, seed);
    Blueprint plan = Blueprint.of(a, source, kernels, seed);

    int rows = rows(plan);
    Dataset batch = plan.train().select(firstRows(rows));
    if (!a.has(Option.QUIET)) {
      out.println("data      " + source.description());
      out.printf(Locale.ROOT, "network   %s, %,d parameters%n", plan.network(), plan.network().parameters().length);
      out.printf(Locale.ROOT, "check     %s on %d rows, five-point differences%n%n", plan.loss().name(), rows);
    }
    GradientCheck.Result r = GradientCheck.of(plan.network(), plan.loss()).regularization(plan.regularization()).seed(seed)
        .check(rows, batch.x(), batch.y());
    out.println(r);
    if (a.has(Option.JSON)) {
      out.println(new Json().put("passed", r.passed() ? "yes" : "no").put("parameters", r.parameters())
          .put("inputs", r.inputs()).put("kinks", r.kinks().size()).put("wrong", r.wrong().size())
          .put("worst_error", r.worst() == null ? 0 : r.worst().error()).put("seed", seed));
    }
    if (!r.passed()) {
      throw new UsageException(r.wrong().size() + " of " + (r.parameters() + r.inputs())
          + " gradients are wrong; the worst is " + r.wrong().get(0).place());
    }
  }

  /** As many rows as the budget allows: each number checked costs four passes over them. */
  private static int rows(Blueprint plan) {
    double parameters = plan.network().parameters().length, inputs = plan.network().inputs();
    int rows = Math.min(MOST_ROWS, plan.train().rows());
    while (rows > 1 && 4 * (parameters + rows * inputs) * rows * parameters > BUDGET) rows--;
    return rows;
  }

  private static int[] firstRows(int n) {
    int[] rows = new int[n];
    for (int i = 0; i < n; i++) rows[i] = i;
    return rows;
  }
}
