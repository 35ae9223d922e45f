// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.kernels.Kernels;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** The heap memory of a training step: what it keeps, and what each call allocates. */
final class StepMemory {
  private StepMemory() {}

  /**
   * Returns the bytes of parameters, gradients and the optimizer's state, which have one element per parameter. Plain
   * descent keeps no gradients.
   */
  static long ofParameters(StepCase c, Network network) {
    int arrays = c.optimizer.isPlainDescent() ? 1 : 2 + c.optimizer.slots();
    return 8L * network.parameters().length * arrays;
  }

  /** Returns the bytes of z, a and δ of one batch. a replaces z in place if the activation allows it. */
  static long ofActivations(StepCase c, Network network) {
    long doubles = 0;
    for (Layer layer : network.layers()) {
      doubles += (long) c.batch * layer.outputs() * (layer.activation().needsInput() ? 3 : 2);
    }
    return 8 * doubles;
  }

  /** Returns by how many bytes the heap grows when a network and its step are built, without the batches. */
  static long measured(StepCase c, Kernels kernels) {
    long before = used();
    StepCase.Stepper stepper = c.stepper(kernels);
    long after = used();
    stepper.run(StepCase.TINY_RATE); // keeps it reachable
    return after - before;
  }

  /** Collects four times, because the serial collector compacts fully only every fourth time. */
  private static long used() {
    for (int i = 0; i < 4; i++) System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Returns the bytes that one call allocates on this thread, once it is compiled. */
  static double allocated(int calls, Runnable run) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < calls; i++) run.run();
    return (threads.getCurrentThreadAllocatedBytes() - before) / (double) calls;
  }
}
