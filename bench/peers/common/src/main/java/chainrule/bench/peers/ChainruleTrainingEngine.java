// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;

/** Chainrule, by its {@link Trainer}. */
public final class ChainruleTrainingEngine implements TrainingEngine {
  @Override public String name() {
    return "Chainrule, " + Kernels.best().name();
  }

  @Override public void train(TrainingTask task, TrainingServer server) {
    Workload work = task.work();
    Network network = task.network();
    Trainer trainer = Trainer.of(network).loss(new CategoricalCrossEntropy()).batch(work.batch()).seed(task.seed())
        .optimizer(work.task() == Workload.Task.ADAM
            ? new Adam(work.task().rate, Workload.BETA1, Workload.BETA2, Workload.EPSILON)
            : new GradientDescent(work.task().rate));
    trainer.listener(new TrainingListener() {
      @Override public void onEpoch(History.Epoch epoch) {
        int rows = task.test().rows();
        server.endEpoch(epoch.trainLoss(), () -> (int) Math.round(trainer.evaluate(task.test()).accuracy() * rows));
        if (epoch.number() < task.epochs()) server.startEpoch();
      }
    });
    server.startEpoch();
    trainer.fit(task.train(), task.epochs());
  }
}
