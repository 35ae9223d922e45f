// SPDX-License-Identifier: MIT
package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.kernels.ScalarKernels;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Softmax;
import chainrule.random.CounterRandom;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks predictors of several networks against the predictions of each. */
class EnsemblePredictionTest {
  private static final int ROWS = 300;

  private static Network network(long seed) {
    return Network.input(4).dense(9, new Relu()).dropout(0.3).dense(3, new Softmax())
        .kernels(ScalarKernels.INSTANCE).build(seed);
  }

  private static double[] inputs() {
    double[] x = new double[ROWS * 4];
    for (int i = 0; i < x.length; i++) x[i] = CounterRandom.normal(1, 2, i);
    return x;
  }

  @Test
  void thePredictionIsTheMeanOfThoseOfTheNetworks() {
    double[] x = inputs();
    for (int count : new int[] {2, 3, 5}) {
      List<Network> networks = new ArrayList<>();
      for (int m = 0; m < count; m++) networks.add(network(m));
      double[] mean = Predictor.mean(networks, x);
      for (int i = 0; i < mean.length; i++) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Network n : networks) sum = sum.add(new BigDecimal(n.predict(x)[i]));
        double exact = sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue();
        assertEquals(exact, mean[i], count * Math.ulp(1.0), "each of the count − 1 sums and the division is rounded");
      }
    }
  }

  @Test
  void oneNetworkAndTwoEqualOnesPredictTheBitsOfTheNetwork() {
    double[] x = inputs(), alone = network(1).predict(x);
    assertArrayEquals(alone, Predictor.mean(List.of(network(1)), x));
    assertArrayEquals(alone, Predictor.mean(List.of(network(1), network(1)), x), "(p + p) / 2 is exact");
    double[] five = Predictor.mean(Collections.nCopies(5, network(1)), x);
    assertArrayEquals(alone, five, 4 * Math.ulp(0.5), "four sums and a division are rounded");
  }

  @Test
  void theBitsOfARowDoNotDependOnTheNumberOfRows() {
    double[] x = inputs();
    List<Network> networks = List.of(network(1), network(2), network(3));
    double[] all = Predictor.mean(networks, x), y = new double[all.length];
    for (int capacity : new int[] {1, 7, 1000}) {
      Predictor.ofMean(networks, capacity).predict(ROWS - 2, x, 8, y, 6);
      for (int i = 6; i < y.length; i++) assertEquals(all[i], y[i]);
    }
  }

  @Test
  void aPredictionAllocatesNothing() {
    double[] x = inputs(), y = new double[ROWS * 3];
    Predictor p = Predictor.ofMean(List.of(network(1), network(2), network(3)), 1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 50 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) p.predict(1, x, 4 * i, y, 3 * i);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  @Test
  void networksOfDifferentShapesAreRefused() {
    assertEquals("an ensemble has at least one network",
        assertThrows(IllegalArgumentException.class, () -> Predictor.ofMean(List.of(), 1)).getMessage());
    Network other = Network.input(5).dense(3, new Softmax()).build(1);
    assertEquals("the networks of an ensemble have the same inputs and outputs, found " + network(1) + " and " + other,
        assertThrows(IllegalArgumentException.class, () -> Predictor.mean(List.of(network(1), other), new double[20]))
            .getMessage());
  }
}
