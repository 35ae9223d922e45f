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
 * Eager PyTorch as users write it: individual operators, gradients by autograd, PyTorch's Adam. SGD is an in-place
 * subtraction, as in {@code torch.optim.SGD} and as fast. After each step, gradients are released instead of set to
 * zero, which is PyTorch's default: autograd then need not add its results to zeros, and a step takes a sixth less
 * time.
 */
public final class TorchEngine implements Engine {
  @Override public String name() {
    return TorchTensors.NAME + ", eager";
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    TorchTensors.useOneThread();
    boolean training = work.task() != Workload.Task.PREDICT;
    if (!training) new InferenceMode(); // stays in force for this thread, because it is never closed
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

  /** Returns z of the last layer. */
  static Tensor logits(Tensor x, Tensor[] theta) {
    Tensor z = addmm(theta[1], x, theta[0]);
    for (int p = 2; p < theta.length; p += 2) z = addmm(theta[p + 1], relu(z), theta[p]);
    return z;
  }

  /** Updates parameters by their gradients, and releases the gradients. */
  interface Update {
    void run();
  }

  /** Returns the update of SGD or Adam. PyTorch's default β₁, β₂ and ε are those of {@link Workload}. */
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
