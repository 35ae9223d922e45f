// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;

/** PyTorch with a script for each step, its fastest form from Java: see {@link TorchScript}. */
public final class TorchScriptEngine implements Engine {
  @Override public String name() {
    return TorchTensors.NAME + ", TorchScript, explicit gradients";
  }

  @Override public PreparedWorkload prepare(Workload work, int threads) {
    TorchTensors.useOneThread();
    new InferenceMode(); // stays in force for this thread, because it is never closed
    int n = work.task() == Workload.Task.PREDICT ? 1 : work.batch();
    TorchScript script = new TorchScript(work, work.parameters());
    IValueVector arguments = script.arguments(
        TorchTensors.matrix(Arrays.copyOf(work.x(), n * work.inputs()), n, work.inputs()),
        TorchTensors.classes(Arrays.copyOf(work.labels(), n)),
        TorchTensors.matrix(Arrays.copyOf(work.oneHot(), n * work.classes()), n, work.classes()));
    return new PreparedWorkload() {
      @Override public double step() {
        try (PointerScope scope = new PointerScope()) {
          return script.run(arguments).item_double();
        }
      }

      @Override public void predict(double[] probabilities) {
        try (PointerScope scope = new PointerScope()) {
          script.run(arguments).data_ptr_double().get(probabilities);
        }
      }
    };
  }
}
