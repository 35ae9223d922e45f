// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.data.Dataset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/** PyTorch, where each step is one call of {@link TorchScript} without autograd. */
public final class TorchScriptTrainingEngine implements TrainingEngine {
  @Override public String name() {
    return TorchTensors.NAME + ", TorchScript, explicit gradients";
  }

  @Override public void train(TrainingTask task, TrainingServer server) {
    TorchTensors.useOneThread();
    new InferenceMode(); // stays in force for this thread, because it is never closed
    Dataset train = task.train();
    TorchScript script = new TorchScript(task.work(), task.network().parameters());
    Tensor x = TorchTrainingEngine.images(train), labels = TorchTensors.classes(TrainingTask.classes(train));
    Tensor y = TorchTensors.matrix(train.y(), train.rows(), train.outputs());
    Tensor testX = TorchTrainingEngine.images(task.test());
    Tensor testLabels = TorchTensors.classes(TrainingTask.classes(task.test()));
    int n = train.rows(), size = task.work().batch();
    for (int epoch = 1; epoch <= task.epochs(); epoch++) {
      server.startEpoch();
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
      server.endEpoch(total / n, () -> TorchTrainingEngine.correct(script.theta, testX, testLabels));
    }
  }
}
