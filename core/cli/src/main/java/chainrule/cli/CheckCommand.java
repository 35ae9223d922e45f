// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.check.GradientCheck;
import chainrule.data.Dataset;
import chainrule.io.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code check [DATA] [options]}: checks the gradients of the network that {@code train} would build. */
final class CheckCommand {
  /** The multiplications that a check may take, about 20 s on one core: it has fewer rows, then fewer parameters. */
  private static final double MAX_MULTIPLICATIONS = 4e10;
  private static final int MAX_ROWS = 16, MIN_ROWS = 4, MIN_NUMBERS = 1000;

  private final PrintStream out;
  private final Terminal err;

  CheckCommand(PrintStream out, Terminal err) {
    this.out = out;
    this.err = err;
  }

  void run(List<String> args) {
    TrainingRequest request = TrainingRequest.of(Command.CHECK, args, 1, err);
    Arguments a = request.arguments();
    TrainingPlan plan = request.plan();
    long seed = request.seed();

    int rows = rows(plan.network().parameters().length, plan.network().inputs(), plan.train().rows());
    Dataset batch = plan.train().select(IntStream.range(0, rows).toArray());
    if (!a.has(Option.QUIET)) {
      request.introduce(out);
      out.printf(Locale.ROOT, "check     %s on %d rows, five-point differences%n%n", plan.loss().name(), rows);
    }
    request.warnIfQuiet(err);
    GradientCheck.Result r = GradientCheck.of(plan.network(), plan.loss()).regularization(plan.regularization())
        .seed(seed).atMost(numbers(plan.network().parameters().length, rows))
        .check(rows, batch.x(), batch.y(), batch.weights());
    out.println(r);
    if (a.has(Option.JSON)) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("passed", r.passed() ? "yes" : "no");
      json.put("parameters", r.parameters());
      json.put("inputs", r.inputs());
      json.put("checked_parameters", r.checkedParameters());
      json.put("checked_inputs", r.checkedInputs());
      json.put("kinks", r.kinks().size());
      json.put("wrong", r.wrong().size());
      json.put("worst_error", r.worst() == null ? 0 : r.worst().error());
      json.put("seed", seed);
      json.put("notices", request.data().notices());
      out.println(Json.text(json));
    }
    if (!r.passed()) {
      throw new UsageException(r.wrong().size() + " of " + (r.parameters() + r.inputs())
          + " gradients are wrong; the worst is " + r.wrong().get(0).place());
    }
  }

  /** Returns as many rows as the budget allows for a check of every parameter and input, but at least a few. */
  static int rows(int parameters, int inputs, int available) {
    int rows = Math.min(MAX_ROWS, available);
    while (rows > MIN_ROWS && parameters + (double) rows * inputs > numbers(parameters, rows)) rows--;
    return rows;
  }

  /** Returns how many parameters and inputs the budget allows. Each one takes four forward passes over the rows. */
  static int numbers(int parameters, int rows) {
    return (int) Math.max(MIN_NUMBERS, MAX_MULTIPLICATIONS / (4.0 * rows * parameters)); // at most 2³¹ − 1
  }
}
