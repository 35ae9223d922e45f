// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.cli.TrainingCluster.TableFunction;
import chainrule.data.Table;
import chainrule.kernels.Kernels;
import chainrule.train.FoldTask;
import java.util.List;

/**
 * Trains and judges a fold of {@code cv} on a worker.
 *
 * @param arguments of {@code cv}
 * @param folds the number of folds
 */
record FoldFunction(List<String> arguments, int folds) implements TableFunction<FoldTask, FoldOutcome> {

  @Override public FoldOutcome apply(Table table, FoldTask task) {
    Arguments a = Arguments.parse(Command.CV, arguments);
    Kernels kernels = TrainingRequest.kernels(a, 1).withThreads(1);
    return FoldOutcome.of(
        task, folds, UnsplitData.of(a.operands().get(0), table, a), a, kernels, TaskProgress.unseen());
  }
}
