// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.Encoding;
import chainrule.data.InputColumn;
import chainrule.data.PiecewiseLinear;
import chainrule.data.Target;
import chainrule.nn.Network;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Activations;
import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Random models for tests. */
public final class RandomModel {
  private RandomModel() {}

  private static int below(int bound, long seed, int what) {
    return CounterRandom.below(bound, seed, 7, what);
  }

  /** Returns a model with random layers, activations, preprocessing and weights of any bits. */
  public static Model of(long seed) {
    List<InputColumn> inputs = new ArrayList<>();
    String[] odd = {"", "a", "ä \uD83D\uDE00", "\"q\\\"", "x\ny", "\0", "1", "long ".repeat(50)};
    for (int i = 0; i <= below(4, seed, 0); i++) {
      String name = odd[below(odd.length, seed, 10 + i)] + i;
      if (below(2, seed, 20 + i) == 0) inputs.add(number(name, seed, i));
      else inputs.add(new InputColumn(name, 0, 1, List.of(odd).subList(0, 1 + below(odd.length, seed, 50 + i))));
    }
    int width = inputs.stream().mapToInt(InputColumn::width).sum(), outputs = 1 + below(4, seed, 1);
    boolean classes = below(2, seed, 2) == 0;
    List<String> names = new ArrayList<>(), labels = new ArrayList<>();
    for (int j = 0; j < (classes ? 1 : outputs); j++) names.add("y" + j);
    for (int c = 0; classes && c < Math.max(2, outputs); c++) labels.add(odd[c] + c);
    Encoding e = new Encoding(inputs, new Target(names, labels, classes ? 0 : -1.5e-300, classes ? 1 : 1e300));
    if (inputs.stream().allMatch(in -> in.isNumber() && in.width() == 1) && below(2, seed, 3) == 0) {
      e = e.withImageSize(new Encoding.ImageSize(1, width));
    }
    Network.Builder b = Network.input(width);
    for (int l = 0; l < below(5, seed, 4); l++) {
      switch (below(4, seed, 60 + l)) {
        case 0 -> b.dropout(below(100, seed, 70 + l) / 100.0);
        case 1 -> b.activation(activation(seed, 80 + l));
        default -> b.dense(1 + below(9, seed, 90 + l), activation(seed, 80 + l));
      }
    }
    Network n = b.dense(outputs, activation(seed, 5)).build(seed);
    for (int i = 0; i < n.parameters().length; i++) {
      n.parameters()[i] = Double.longBitsToDouble(CounterRandom.bits(seed, 8, i));
    }
    n.parameters()[0] = new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE,
        1}[below(5, seed, 6)];
    return new Model(n, e, Map.of("loss", "mse", odd[below(odd.length, seed, 9)], "\u001b[2J"));
  }

  private static InputColumn number(String name, long seed, int i) {
    double mean = (below(99, seed, 30 + i) - 50) / 7.0, deviation = Double.MIN_VALUE + below(3, seed, 40 + i);
    return new InputColumn(name, mean, deviation, List.of()).withPieces(pieces(below(4, seed, 55 + i), seed));
  }

  private static PiecewiseLinear pieces(int count, long seed) {
    double[] knots = new double[count == 0 ? 0 : count + 1], means = new double[count];
    for (int k = 0; k < knots.length; k++) knots[k] = k / 3.0 - Double.MIN_VALUE;
    for (int k = 0; k < count; k++) means[k] = below(8, seed, 57 + k) / 7.0;
    return new PiecewiseLinear(knots, means);
  }

  private static Activation activation(long seed, int what) {
    List<String> names = Activations.names();
    int i = below(names.size() + 3, seed, what);
    return i < names.size() ? Activations.parse(names.get(i))
        : Activations.parse(
        new String[] {"leaky-relu:0.30000000000000004", "elu:4.9E-324", "leaky-relu:-0.0"}[i - names.size()]);
  }
}
