// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import chainrule.data.Dataset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * PyTorch, written as in {@link TorchEngine}. The images are one tensor, and each batch is gathered from it by row
 * numbers, as in Chainrule. Copying all rows in the order of the epoch takes 1.5 times as long.
 */
public final class TorchTrainingEngine implements TrainingEngine {
  @Override public String name() {
    return TorchTensors.NAME + ", eager";
  }

  @Override public void train(TrainingTask task, TrainingServer server) {
    Workload work = task.work();
    TorchTensors.useOneThread();
    Tensor[] theta = TorchTensors.parameters(work, task.network().parameters(), true);
    TorchEngine.Update update = TorchEngine.update(work, theta);
    Tensor x = images(task.train()), labels = TorchTensors.classes(TrainingTask.classes(task.train()));
    Tensor testX = images(task.test()), testLabels = TorchTensors.classes(TrainingTask.classes(task.test()));
    int n = task.train().rows();
    for (int epoch = 1; epoch <= task.epochs(); epoch++) {
      server.startEpoch();
      double total = 0;
      try (PointerScope outer = new PointerScope()) {
        Tensor order = TorchTensors.classes(task.order(epoch));
        for (int from = 0; from < n; from += work.batch()) {
          int rows = Math.min(work.batch(), n - from);
          try (PointerScope scope = new PointerScope()) {
            Tensor batch = order.narrow(0, from, rows);
            Tensor z = TorchEngine.logits(x.index_select(0, batch), theta);
            Tensor loss = cross_entropy_loss(z, labels.index_select(0, batch));
            loss.backward();
            total += loss.item_double() * rows;
            update.run();
          }
        }
      }
      server.endEpoch(total / n, () -> correct(theta, testX, testLabels));
    }
  }

  /** Returns x [rows × inputs]. */
  static Tensor images(Dataset data) {
    return TorchTensors.matrix(data.x(), data.rows(), data.inputs());
  }

  /** Returns the number of rows that are classified correctly. */
  static int correct(Tensor[] theta, Tensor x, Tensor labels) {
    try (PointerScope scope = new PointerScope(); NoGradGuard guard = new NoGradGuard()) {
      return (int) TorchEngine.logits(x, theta).argmax(new LongOptional(1), false).eq(labels).sum().item_long();
    }
  }
}
