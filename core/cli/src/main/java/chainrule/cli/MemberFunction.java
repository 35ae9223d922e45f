// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.cli.TrainingCluster.TableFunction;
import chainrule.data.Table;
import chainrule.kernels.Kernels;
import chainrule.train.TrainedMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a network of an ensemble on a worker. The worker has the table and the arguments, from which it derives the
 * same training rows, folds and settings as the machine that sends them.
 *
 * @param arguments of {@code train}
 */
record MemberFunction(List<String> arguments) implements TableFunction<Integer, TrainedMember> {

  /** @param tested whether rows are held out for testing; those of {@code --test} are no training rows */
  static MemberFunction of(Arguments a, boolean tested) {
    boolean all = !tested || a.has(Option.TEST);
    Arguments train = a.without(Option.TEST);
    return new MemberFunction((all ? train.with(Map.of(Option.TEST_FRACTION, "0")) : train).words(Command.TRAIN));
  }

  @Override public TrainedMember apply(Table table, Integer member) {
    Arguments a = Arguments.parse(Command.TRAIN, arguments);
    long seed = TrainingRequest.seed(a);
    Kernels kernels = TrainingRequest.kernels(a, 1).withThreads(1);
    InputData data = EnsembleOptions.check(a, InputData.of(UnsplitData.of(a.operands().get(0), table, a), a, seed));
    TrainingPlan plan = TrainingPlan.of(a, data, kernels, seed);
    return EnsembleTraining.trainer(a, Optional.empty(), data, plan, kernels, seed, new ArrayList<>())
        .stopWhen(Thread.currentThread()::isInterrupted).fitMember(member, plan.train(), plan.epochs());
  }
}
