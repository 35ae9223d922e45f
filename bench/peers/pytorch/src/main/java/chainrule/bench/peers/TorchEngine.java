// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.bytedeco.pytorch.global.torch.addmm;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.softmax;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * PyTorch as one writes it: operators one by one, gradients by autograd, its own Adam. SGD is a subtraction in place,
 * as in {@code torch.optim.SGD}, and as fast. Gradients are dropped after each step rather than set to zero, which is
 * PyTorch's own default: autograd then hands over its results instead of adding them to zeros, and a step takes a sixth
 * less.
 */
public final class TorchEngine implements Engine {
  @Override public String name() {
    return TorchTensors.NAME + ", eager";
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    TorchTensors.threads();
    boolean training = work.task() != Workload.Task.PREDICT;
    if (!training) new InferenceMode(); // holds for this thread until it is closed, and it never is
    Tensor x = training ? TorchTensors.matrix(work.x(), work.batch(), work.inputs())
        : TorchTensors.matrix(java.util.Arrays.copyOf(work.x(), work.inputs()), 1, work.inputs());
    Tensor labels = TorchTensors.classes(work.labels());
    Tensor[] theta = TorchTensors.parameters(work, work.parameters(), training);
    Update update = update(work, theta);
    return new PreparedWorkload() {
      @Override public double step() {
        try (PointerScope scope = new PointerScope()) {
          Tensor loss = cross_entropy_loss(logits(x, theta), labels);
          loss.backward();
          double value = loss.item_double();
          update.run();
          return value;
        }
      }

      @Override public void predict(double[] probabilities) {
        try (PointerScope scope = new PointerScope()) {
          softmax(logits(x, theta), 1).data_ptr_double().get(probabilities);
        }
      }
    };
  }

  /** z of the last layer. */
  static Tensor logits(Tensor x, Tensor[] theta) {
    Tensor z = addmm(theta[1], x, theta[0]);
    for (int p = 2; p < theta.length; p += 2) z = addmm(theta[p + 1], relu(z), theta[p]);
    return z;
  }

  /** Changes parameters by their gradients, and drops these. */
  interface Update {
    void run();
  }

  /** SGD or Adam; β₁, β₂ and ε of PyTorch's are those of {@link Workload} from the start. */
  static Update update(Workload work, Tensor[] theta) {
    Scalar rate = new Scalar(work.task().rate);
    Adam adam = work.task() == Workload.Task.ADAM
        ? new Adam(new TensorVector(theta), new AdamOptions(work.task().rate)) : null;
    return () -> {
      if (adam == null) {
        try (NoGradGuard guard = new NoGradGuard()) {
          for (Tensor p : theta) p.sub_(p.grad(), rate);
        }
      } else {
        adam.step();
      }
      for (Tensor p : theta) p.mutable_grad().reset();
    };
  }
}
