package chainrule.bench.peers;

import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;

/** Ours, by its {@link Trainer}, as anyone would use it. */
public final class ChainruleLearner implements Learner {
  @Override public String name() {
    return "Chainrule, " + Kernels.best().name();
  }

  @Override public void learn(Lesson lesson, Epochs epochs) {
    Work work = lesson.work();
    Network network = lesson.network();
    Trainer trainer = Trainer.of(network).loss(new CategoricalCrossEntropy()).batch(work.batch()).seed(lesson.seed())
        .optimizer(work.task() == Work.Task.ADAM
            ? new Adam(work.task().rate, Work.BETA1, Work.BETA2, Work.EPSILON) : new GradientDescent(work.task().rate));
    trainer.listener(new TrainingListener() {
      @Override public void onEpoch(History.Epoch epoch) {
        int rows = lesson.test().rows();
        epochs.end(epoch.trainLoss(), () -> (int) Math.round(trainer.evaluate(lesson.test()).accuracy() * rows));
        if (epoch.number() < lesson.epochs()) epochs.begin();
      }
    });
    epochs.begin();
    trainer.fit(lesson.train(), null, lesson.epochs());
  }
}
