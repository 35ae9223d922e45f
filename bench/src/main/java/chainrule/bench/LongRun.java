// SPDX-License-Identifier: MIT
package chainrule.bench;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.kernels.Kernels;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.TrainingStep;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.Optimizer;
import chainrule.nn.optimizer.Optimizers;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/**
 * Millions of training steps of 2-16-16-3 on the spirals, with batches of 32 on one thread, as in a training of hours.
 * Prints for each eighth of the run:
 * <ul>
 * <li>the median time of a step, in this thread's CPU time, so that other processes matter little
 * <li>the bytes that the steps allocated
 * <li>the numbers of subnormal parameters, gradients and optimizer states, which are slow on many processors
 * </ul>
 * Times and bytes should not change after the second eighth.
 *
 * <pre>{@code LongRun [optimizer [millions of steps]]}</pre>
 */
public final class LongRun {
  private static final int ROWS = 32, EIGHTHS = 8, STEPS_TIMED = 1000;

  private LongRun() {}

  public static void main(String[] args) {
    Optimizer optimizer = Optimizers.parse(args.length > 0 ? args[0] : "adam");
    int blocks = (int) (Double.parseDouble(args.length > 1 ? args[1] : "4") * 1e6 / EIGHTHS / STEPS_TIMED);
    Kernels kernels = Kernels.best().withThreads(1);
    Dataset data = Generators.SPIRALS.generate(10 * ROWS, 1);
    Network network = StepCase.network(new int[] {data.inputs(), 16, 16, data.outputs()}, kernels);
    TrainingStep step = new TrainingStep(network, new CategoricalCrossEntropy(), Regularization.NONE, optimizer, ROWS);
    System.out.printf(Locale.ROOT, "Java %s, %s, %s at rate %s, %,d steps%n", System.getProperty("java.version"),
        kernels.name(), optimizer.name(), optimizer.rate(), (long) EIGHTHS * blocks * STEPS_TIMED);
    System.out.println("| eighth | step: µs | bytes | loss | subnormal θ | subnormal g | subnormal state |");
    System.out.println("|--:|--:|--:|--:|--:|--:|--:|");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double[] seconds = new double[blocks];
    double loss = 0;
    for (int eighth = 1; eighth <= EIGHTHS; eighth++) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      for (int b = 0; b < blocks; b++) {
        long begin = threads.getCurrentThreadCpuTime();
        for (int s = 0; s < STEPS_TIMED; s++) {
          int row = s % 10 * ROWS;
          loss = step.run(ROWS, data.x(), row * data.inputs(), data.y(), row * data.outputs());
        }
        seconds[b] = (threads.getCurrentThreadCpuTime() - begin) / 1e9 / STEPS_TIMED;
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
      Arrays.sort(seconds);
      System.out.printf(Locale.ROOT, "| %d | %.2f | %d | %.1e | %d | %d | %d |%n", eighth, seconds[blocks / 2] * 1e6,
          allocated, loss, subnormal(network.parameters()), subnormal(step.backpropagation().gradients()),
          Arrays.stream(step.state()).mapToInt(LongRun::subnormal).sum());
    }
  }

  private static int subnormal(double[] values) {
    int n = 0;
    for (double v : values) if (v != 0 && Math.abs(v) < Double.MIN_NORMAL) n++;
    return n;
  }
}
