package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.nn.Backpropagation;
import chainrule.nn.CounterRandom;
import chainrule.nn.Network;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.Optimizer;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** A training step in its steady state allocates nothing. */
class AllocationSpec {

  @Test
  void aSteadyStepAllocatesNothing() {
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int n = 32, in = 50, out = 10;
    Network net = Network.input(in).dense(64, new Relu()).dense(out, new Softmax()).build(1);
    Backpropagation b = new Backpropagation(net, new CategoricalCrossEntropy(), n);
    double[] x = new double[n * in], y = new double[n * out];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.uniform(1, 2, i);
    for (int i = 0; i < n; i++) y[i * out + i % out] = 1;
    Optimizer adam = new Adam(1e-3);
    double[][] state = new double[adam.slots()][net.parameters().length];
    // Until C2 has compiled the lanes each vector is an object: only the steady state is promised.
    long least = Long.MAX_VALUE, t = 0;
    for (int round = 0; round < 100 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 200; i++) {
        b.lossAndGradients(n, x, 0, y, 0);
        adam.update(++t, 1e-3, net.parameters().length, net.parameters(), b.gradients(), state);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes allocated by 200 steps");
  }
}
