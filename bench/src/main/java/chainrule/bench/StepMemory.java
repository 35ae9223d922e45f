// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a training step takes of the heap: what it keeps, and what each call allocates. */
final class StepMemory {
  private StepMemory() {}

  /**
   * Bytes of parameters, gradients and the optimizer's state, each as long as the network has parameters; plain descent
   * keeps no gradients.
   */
  static long ofParameters(StepCase c, Network network) {
    int arrays = c.optimizer.isPlainDescent() ? 1 : 2 + c.optimizer.slots();
    return 8L * network.parameters().length * arrays;
  }

  /** Bytes of one batch's z, a and δ; a lies over z where the activation allows it. */
  static long ofActivations(StepCase c, Network network) {
    long doubles = 0;
    for (Layer layer : network.layers()) {
      doubles += (long) c.batch * layer.outputs() * (layer.activation().needsInput() ? 3 : 2);
    }
    return 8 * doubles;
  }

  /** Bytes by which the heap is fuller when the network and its step have been built; batches are not among them. */
  static long measured(StepCase c, Kernels kernels) {
    long before = used();
    StepCase.Stepper stepper = c.stepper(kernels);
    long after = used();
    stepper.run(StepCase.TINY_RATE); // so that it is still there
    return after - before;
  }

  /** The serial collector lets a little lie where it is, but for every fourth time. */
  private static long used() {
    for (int i = 0; i < 4; i++) System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Bytes that one call allocates on this thread, when it has been compiled. */
  static double allocated(int calls, Runnable run) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < calls; i++) run.run();
    return (threads.getCurrentThreadAllocatedBytes() - before) / (double) calls;
  }
}
