package chainrule.bench.peers;

import chainrule.data.Dataset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/** PyTorch at its limit: each step is one call of {@link TorchScript}, without autograd. */
public final class TorchScriptLearner implements Learner {
  @Override public String name() {
    return Torch.NAME + ", TorchScript, gradients written out";
  }

  @Override public void learn(Lesson lesson, Epochs epochs) {
    Torch.threads();
    new InferenceMode(); // holds for this thread until it is closed, and it never is
    Dataset train = lesson.train();
    TorchScript script = new TorchScript(lesson.work(), lesson.network().parameters());
    Tensor x = TorchLearner.pictures(train), labels = Torch.classes(Lesson.classes(train));
    Tensor y = Torch.matrix(train.y(), train.rows(), train.outputs());
    Tensor testX = TorchLearner.pictures(lesson.test()), testLabels = Torch.classes(Lesson.classes(lesson.test()));
    int n = train.rows(), size = lesson.work().batch();
    for (int epoch = 1; epoch <= lesson.epochs(); epoch++) {
      epochs.begin();
      double total = 0;
      try (PointerScope outer = new PointerScope()) {
        Tensor order = Torch.classes(lesson.order(epoch));
        for (int from = 0; from < n; from += size) {
          int rows = Math.min(size, n - from);
          try (PointerScope scope = new PointerScope()) {
            Tensor batch = order.narrow(0, from, rows);
            total += rows * script.run(script.arguments(
                x.index_select(0, batch), labels.index_select(0, batch), y.index_select(0, batch))).item_double();
          }
        }
      }
      epochs.end(total / n, () -> TorchLearner.right(script.theta, testX, testLabels));
    }
  }
}
