// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.cli.TrainingCluster.TableFunction;
import chainrule.data.Table;
import chainrule.kernels.Kernels;
import chainrule.train.TrainingListener;
import chainrule.train.TrialResult;
import chainrule.train.TrialTask;
import java.util.List;

/**
 * Trains a candidate of {@code tune} on a worker.
 *
 * @param arguments of {@code tune}
 * @param folds the number of folds
 */
record TrialFunction(List<String> arguments, int folds) implements TableFunction<TrialTask, TrialResult> {

  @Override public TrialResult apply(Table table, TrialTask task) {
    Arguments a = Arguments.parse(Command.TUNE, arguments);
    Kernels kernels = TrainingRequest.kernels(a, 1).withThreads(1);
    return new Trials(a, UnsplitData.of(a.operands().get(0), table, a), folds, kernels)
        .train(task, epochs -> new TrainingListener() {}, Thread.currentThread()::isInterrupted);
  }
}
