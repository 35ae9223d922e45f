// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies arrays to PyTorch tensors. */
final class TorchTensors {
  private TorchTensors() {}

  /** PyTorch's name and the version of its Java presets. */
  static final String NAME = "PyTorch " + versions();

  private static String versions() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      return "(unknown version)";
    }
  }

  /**
   * Sets PyTorch's loops to one thread. The requested number of threads is used by its OpenBLAS, which has a separate
   * pool and takes the number from the environment. Two pools of two threads on two cores were slower for every
   * workload, and fifty times as slow if idle workers of both pools spin.
   */
  static void useOneThread() {
    set_num_threads(1);
  }

  /** Returns a tensor [rows × columns] in double precision. */
  static Tensor matrix(double[] values, long rows, long columns) {
    return doubles(values, rows, columns);
  }

  /** Returns class numbers [n] as the 64-bit integers that PyTorch needs. */
  static Tensor classes(int[] labels) {
    long[] values = Arrays.stream(labels).asLongStream().toArray();
    try (LongPointer memory = new LongPointer(values)) {
      return from_blob(memory, new long[] {values.length}, new TensorOptions(ScalarType.Long)).clone();
    }
  }

  /** Returns W [in × out] and b [out] of each layer, with or without gradients. */
  static Tensor[] parameters(Workload work, double[] theta, boolean gradients) {
    Tensor[] tensors = new Tensor[2 * work.layers()];
    for (int l = 0; l < work.layers(); l++) {
      int w = work.weights(l), b = work.bias(l), in = work.in(l), out = work.out(l);
      tensors[2 * l] = doubles(Arrays.copyOfRange(theta, w, w + in * out), in, out);
      tensors[2 * l + 1] = doubles(Arrays.copyOfRange(theta, b, b + out), out);
    }
    for (Tensor t : tensors) t.set_requires_grad(gradients);
    return tensors;
  }

  private static Tensor doubles(double[] values, long... shape) {
    try (DoublePointer memory = new DoublePointer(values)) {
      return from_blob(memory, shape, new TensorOptions(ScalarType.Double)).clone();
    }
  }
}
