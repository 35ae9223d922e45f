// SPDX-License-Identifier: MIT
package chainrule.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.nn.Network;
import chainrule.nn.activation.Elementwise;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.MeanSquaredError;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckSampleTest {

  @Test
  void smallPartsAreTakenWholeAndLargeOnesInEqualShares() {
    int[] chosen = CheckSample.draw(new int[] {1000, 3, 0, 500, 10}, 113, 1);
    assertEquals(50, count(chosen, 0, 1000));
    assertEquals(3, count(chosen, 1000, 1003));
    assertEquals(50, count(chosen, 1003, 1503));
    assertEquals(10, count(chosen, 1503, 1513));
    assertEquals(113, Arrays.stream(chosen).distinct().count());
    assertArrayEquals(Arrays.stream(chosen).sorted().toArray(), chosen);
    assertArrayEquals(chosen, CheckSample.draw(new int[] {1000, 3, 0, 500, 10}, 113, 1));
    assertFalse(Arrays.equals(chosen, CheckSample.draw(new int[] {1000, 3, 0, 500, 10}, 113, 2)));
  }

  @Test
  void everythingIsTakenIfItFits() {
    int[] all = IntStream.range(0, 13).toArray();
    assertArrayEquals(all, CheckSample.draw(new int[] {6, 0, 7}, 13, 1));
    assertArrayEquals(all, CheckSample.draw(new int[] {6, 0, 7}, Integer.MAX_VALUE, 1));
    assertEquals(12, CheckSample.draw(new int[] {6, 0, 7}, 12, 1).length);
    assertEquals(2, CheckSample.draw(new int[] {6, 0, 7}, 1, 1).length, "one of each part");
  }

  /** Every index is drawn about equally often: within five standard errors of a binomial share. */
  @Test
  void theChoiceIsUniform() {
    int seeds = 2000, size = 20, most = 5;
    int[] times = new int[size];
    for (int seed = 0; seed < seeds; seed++) {
      for (int i : CheckSample.draw(new int[] {size}, most, seed)) times[i]++;
    }
    double p = (double) most / size, limit = 5 * Math.sqrt(seeds * p * (1 - p));
    for (int i = 0; i < size; i++) assertEquals(seeds * p, times[i], limit, "index " + i);
  }

  private static int count(int[] chosen, int from, int to) {
    return (int) Arrays.stream(chosen).filter(i -> i >= from && i < to).count();
  }

  /** The tanh of the library with a derivative that is 1 % too large. */
  private record WrongTanh() implements Elementwise {
    @Override public String name() {
      return "wrong-tanh";
    }

    @Override public double value(double z) {
      return StrictMath.tanh(z);
    }

    @Override public double derivative(double z, double a) {
      return 1.01 * (1 - a * a);
    }
  }

  @Test
  void aCheckOfSomeParametersSaysHowManyAndFindsAWrongDerivative() {
    double[] x = new double[40], y = {1, 2, 0, -1};
    for (int i = 0; i < x.length; i++) x[i] = Math.sin(i);
    Network right = Network.input(10).dense(20, new Tanh()).dense(1, new Linear()).build(1);
    double[] before = right.parameters().clone();
    GradientCheck.Result r = GradientCheck.of(right, new MeanSquaredError()).atMost(91).check(4, x, y);
    assertTrue(r.passed(), r.toString());
    assertTrue(r.toString().startsWith("gradients right: 66 of 241 parameters and 25 of 40 inputs checked\n"),
        r.toString());
    assertEquals(241, r.parameters());
    assertEquals(66, r.checkedParameters());
    assertEquals(40, r.inputs());
    assertEquals(25, r.checkedInputs());
    assertArrayEquals(before, right.parameters());

    Network wrong = Network.input(10).dense(20, new WrongTanh()).dense(1, new Linear()).build(1);
    GradientCheck.Result w = GradientCheck.of(wrong, new MeanSquaredError()).atMost(91).check(4, x, y);
    assertEquals(70, w.wrong().size(), "25 of 200 weights, 20 biases and 25 inputs: all that are before the tanh");
    assertThrows(IllegalArgumentException.class, () -> GradientCheck.of(right, new MeanSquaredError()).atMost(0));
  }
}
