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

/** Arrays as PyTorch's tensors, in memory of its own. */
final class TorchTensors {
  private TorchTensors() {}

  /** Its name and the version of its presets. */
  static final String NAME = "PyTorch " + versions();

  private static String versions() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      return "of an unknown version";
    }
  }

  /**
   * One thread for PyTorch's own loops: as many as asked for are the OpenBLAS's below it, which has a pool of its own
   * and takes its number from the environment. Two pools of two on two cores were slower in every work, and fifty times
   * as slow where idle workers of both spin.
   */
  static void threads() {
    set_num_threads(1);
  }

  /** [rows × columns] in double precision. */
  static Tensor matrix(double[] values, long rows, long columns) {
    return doubles(values, rows, columns);
  }

  /** Class numbers [n], which PyTorch wants as 64-bit integers. */
  static Tensor classes(int[] labels) {
    long[] values = Arrays.stream(labels).asLongStream().toArray();
    try (LongPointer memory = new LongPointer(values)) {
      return from_blob(memory, new long[] {values.length}, new TensorOptions(ScalarType.Long)).clone();
    }
  }

  /** W [in × out] and b [out] in turn; with gradients to be collected or without. */
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
