// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Generators;
import chainrule.explain.FormulaSheet;
import chainrule.explain.RecordedStep;
import chainrule.explain.StepStages;
import chainrule.explain.Stage;
import chainrule.nn.FrozenParameters;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code explain DATA}: one step of the training that {@code train} would run, by default with a smaller network and
 * batch, and with numbers as single inputs.
 */
final class ExplainedTraining {
  private static final String LAYERS = "3:tanh", BATCH = "4", BINS = "0";

  private final Terminal terminal;
  private final Terminal err;
  private final FormulaSheet sheet;

  ExplainedTraining(Terminal terminal, Terminal err, FormulaSheet sheet) {
    this.terminal = terminal;
    this.err = err;
    this.sheet = sheet;
  }

  void run(List<String> args) {
    Arguments given = Arguments.parse(Command.EXPLAIN, args);
    long number = given.integer(Option.STEP, 1, 1, Long.MAX_VALUE);
    int row = (int) given.integer(Option.ROW, 1, 1, Integer.MAX_VALUE);
    StepOutputs.requireWritable(given, inputs(given));
    List<String> complete = new ArrayList<>(args);
    if (!given.has(Option.LAYERS)) complete.addAll(List.of(Option.LAYERS.flag, LAYERS));
    if (!given.has(Option.BINS) && isTable(given)) complete.addAll(List.of(Option.BINS.flag, BINS));
    if (!given.has(Option.BATCH)) complete.addAll(List.of(Option.BATCH.flag, BATCH));
    TrainingRequest request = TrainingRequest.of(Command.EXPLAIN, complete, 1, err);
    TrainingPlan plan = request.plan();
    RecordedStep step = RecordedStep.of(plan.trainer(request.seed()), plan.network(), settings(plan, request.seed()),
        plan.train(), number).orElseThrow(() -> tooFewSteps(plan, number));
    if (row > step.rows().length) {
      throw new UsageException("--row: step " + number + " has " + step.rows().length + " rows, found " + row
          + "; use a row from 1 to " + step.rows().length + ", or a larger --batch");
    }
    UnitNames names = UnitNames.of(request);
    List<Stage> stages = StepStages.of(step, row - 1, names.inputs(), names.outputs());
    introduce(request, step);
    new StepText(terminal, sheet).print(stages);
    if (!step.hasBackwardPass()) {
      terminal.stream().println("\nthe loss is not finite, so there is no backward pass and no update");
    }
    StepOutputs.write(given, terminal, step, row - 1, names, Path.of(request.dataName()).getFileName() + "", Map.of());
  }

  private static boolean isTable(Arguments a) {
    if (a.operands().isEmpty() || a.has(Option.LABELS)) return false;
    String data = a.operands().get(0);
    return Arrays.stream(Generators.values()).noneMatch(g -> g.label().equals(data))
        && (data.equals("-") || !InputFiles.looksLikeIdx(InputFiles.path(data)));
  }

  private static List<String> inputs(Arguments a) {
    List<String> inputs = new ArrayList<>(a.operands());
    for (Option o : List.of(Option.LABELS, Option.TEST, Option.TEST_LABELS)) a.value(o).ifPresent(inputs::add);
    return inputs;
  }

  private static RecordedStep.Settings settings(TrainingPlan plan, long seed) {
    return new RecordedStep.Settings(plan.loss(), plan.regularization(), plan.optimizer(), plan.schedule(), plan.clip(),
        FrozenParameters.NONE, plan.batch(), plan.epochs(), seed);
  }

  private static UsageException tooFewSteps(TrainingPlan plan, long number) {
    int size = Math.min(plan.batch(), plan.train().rows());
    long most = (long) plan.epochs() * ((plan.train().rows() + size - 1) / size);
    return new UsageException("--step: the training ends before step " + number + ": it has "
        + (plan.validation() == null ? "" : "at most ") + most + " steps in " + plan.epochs()
        + " epochs; use a smaller --step or more --epochs");
  }

  private void introduce(TrainingRequest request, RecordedStep step) {
    PrintStream out = terminal.stream();
    TrainingPlan plan = request.plan();
    request.introduce(out);
    int size = Math.min(plan.batch(), plan.train().rows()), steps = (plan.train().rows() + size - 1) / size;
    out.printf(Locale.ROOT, "step      %,d of %,d, epoch %,d: %s, %s at rate %s%n", step.number(),
        (long) steps * plan.epochs(), (step.number() - 1) / steps + 1, plan.loss().name(), plan.optimizer().name(),
        StepText.number(step.rate()));
  }
}
