// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.io.Model;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.train.Ensemble;
import chainrule.train.EnsembleTrainer;
import chainrule.train.History;
import chainrule.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * A model that is trained on the training rows of a fold, in the same way as {@code train} does: one network, or with
 * {@code --ensemble} several, whose inner folds divide the training rows.
 *
 * @param model with its threshold and conformal scores, from training rows that its weights were not trained on
 * @param histories of its networks
 */
record FoldTraining(Model model, List<History> histories) {

  /**
   * Trains a model.
   *
   * @param kernels with the number of threads for the networks of an ensemble; a single network has one thread
   * @param progress where the epochs are counted
   */
  static FoldTraining of(
      Arguments a, InputData rows, TrainingPlan plan, Kernels kernels, long seed, TaskProgress progress) {
    return plan.members() > 1 ? ensemble(a, rows, plan, kernels, seed, progress)
        : single(a, rows, plan, seed, progress);
  }

  private static FoldTraining single(
      Arguments a, InputData rows, TrainingPlan plan, long seed, TaskProgress progress) {
    Trainer trainer = plan.trainer(seed).listener(progress.listener(plan.epochs()))
        .stopWhen(Thread.currentThread()::isInterrupted);
    History history = trainer.fit(plan.train(), plan.epochs());
    requireComplete(history.end());
    Model model = new Model(plan.network(), rows.encoding(), Map.of());
    Dataset held = plan.validation();
    return new FoldTraining(model.withCalibration(HeldOut.calibrate(
        a, held == null ? null : model.outputs(held.x()), held)), List.of(history));
  }

  private static FoldTraining ensemble(
      Arguments a, InputData rows, TrainingPlan plan, Kernels kernels, long seed, TaskProgress progress) {
    EnsembleOptions.check(a, rows);
    List<Network> networks = new ArrayList<>();
    EnsembleTrainer trainer = EnsembleTraining.trainer(
        a, Optional.empty(), rows, plan, kernels, seed, networks)
        .listener(progress.listener(plan.members(), plan.epochs()));
    Ensemble ensemble = trainer.fit(plan.train(), plan.epochs());
    requireComplete(ensemble.end());
    Model model = new Model(ensemble.networks(), rows.encoding(), Map.of());
    Ensemble.OutOfFold held = ensemble.outOfFold();
    return new FoldTraining(model.withCalibration(HeldOut.calibrate(a, held.yhat(), held.select(plan.train()))),
        ensemble.members().stream().map(Ensemble.Member::history).toList());
  }

  /** Refuses to judge what an interrupt of this thread has stopped. */
  private static void requireComplete(History.End end) {
    if (end == History.End.INTERRUPTED) throw new CancellationException("the training of a fold was interrupted");
  }

  /** Returns the epoch whose weights were kept, the last such of several networks. */
  int kept() {
    return histories.stream().mapToInt(History::kept).max().orElseThrow();
  }
}
