// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.data.Dataset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/** PyTorch at its limit: each step is one call of {@link TorchScript}, without autograd. */
public final class TorchScriptTrainingEngine implements TrainingEngine {
  @Override public String name() {
    return TorchTensors.NAME + ", TorchScript, gradients written out";
  }

  @Override public void learn(TrainingTask task, TrainingServer epochs) {
    TorchTensors.threads();
    new InferenceMode(); // holds for this thread until it is closed, and it never is
    Dataset train = task.train();
    TorchScript script = new TorchScript(task.work(), task.network().parameters());
    Tensor x = TorchTrainingEngine.pictures(train), labels = TorchTensors.classes(TrainingTask.classes(train));
    Tensor y = TorchTensors.matrix(train.y(), train.rows(), train.outputs());
    Tensor testX = TorchTrainingEngine.pictures(task.test()),
        testLabels = TorchTensors.classes(TrainingTask.classes(task.test()));
    int n = train.rows(), size = task.work().batch();
    for (int epoch = 1; epoch <= task.epochs(); epoch++) {
      epochs.begin();
      double total = 0;
      try (PointerScope outer = new PointerScope()) {
        Tensor order = TorchTensors.classes(task.order(epoch));
        for (int from = 0; from < n; from += size) {
          int rows = Math.min(size, n - from);
          try (PointerScope scope = new PointerScope()) {
            Tensor batch = order.narrow(0, from, rows);
            total += rows * script.run(script.arguments(
                x.index_select(0, batch), labels.index_select(0, batch), y.index_select(0, batch))).item_double();
          }
        }
      }
      epochs.end(total / n, () -> TorchTrainingEngine.right(script.theta, testX, testLabels));
    }
  }
}
