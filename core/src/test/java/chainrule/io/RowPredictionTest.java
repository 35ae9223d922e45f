// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.Encoding;
import chainrule.data.Generators;
import chainrule.data.InputColumn;
import chainrule.data.Table;
import chainrule.data.Target;
import chainrule.kernels.ScalarKernels;
import chainrule.nn.Network;
import chainrule.nn.Predictor;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests predictions of single raw rows. */
class RowPredictionTest {
  /** Returns the model 1000 + 100·(2·(a − 10)/5 + 30·[c = red] + 40·[c = blue]). */
  private static Model handmade() {
    Network net = Network.input(3).dense(1, new Linear()).build(1);
    System.arraycopy(new double[] {2, 30, 40, 0}, 0, net.parameters(), 0, 4);
    List<InputColumn> columns =
        List.of(InputColumn.number("a", 10, 5), InputColumn.categories("c", List.of("red", "blue")));
    return new Model(net, new Encoding(columns, Target.numbers(List.of("y"), 1000, 100)), Map.of());
  }

  @Test
  void aRawRowIsPredictedByNameInOrderAndFromATable() {
    Model model = handmade();
    double expected = 1000 + 100 * (2 * (20 - 10) / 5.0 + 40);
    assertEquals(expected, model.predict(Map.of("c", "blue", "a", 20)).value(0, 0));
    assertEquals(expected, model.predict(List.of(20, "blue")).value(0, 0));
    assertEquals(expected, model.predict(20, "blue").value(0, 0));
    assertEquals(expected, model.predict(Table.parse("f", "a,c\n20,blue\n")).value(0, 0));
    assertEquals(expected, model.predictEncoded(new double[] {2, 0, 1}).value(0, 0));
    assertEquals(1, model.predict(20, "blue").rows());
  }

  @Test
  void anEncodedRowIsNotAcceptedAsARawRow() {
    assertEquals("expected 2 values in the order of the columns a, c; found 3",
        assertThrows(IllegalArgumentException.class, () -> handmade().predict(new double[] {2, 0, 1})).getMessage());
    assertEquals("column 'c': expected a string, one of red, blue, found the number 0.0",
        assertThrows(IllegalArgumentException.class, () -> handmade().predict(new double[] {2, 0})).getMessage());
  }

  @Test
  void rawNumbersAreStandardizedInEveryFormOfInput() {
    Table table = Table.parse("f", "x,y\n1000,1\n1200,2\n1400,4\n1900,3\n");
    Encoding encoding = Encoding.of(table).target("y").task(Encoding.Task.REGRESS).fit();
    Model model = new Model(Network.input(1).dense(3, new Tanh()).dense(1, new Linear()).build(5), encoding, Map.of());
    double[] expected = model.predict(table).yhat(), raw = {1000, 1200, 1400, 1900};
    assertArrayEquals(expected, model.predict(raw).yhat());
    for (int i = 0; i < 4; i++) {
      assertEquals(expected[i], model.predict(raw[i]).yhat()[0]);
      assertEquals(expected[i], model.predict(new double[] {raw[i]}).yhat()[0]);
    }
  }

  @Test
  void encodingAndPredictingARowAllocatesNothing() {
    Model model = new Model(
        Network.input(2).dense(8, new Tanh()).dense(1, new Sigmoid()).kernels(ScalarKernels.INSTANCE).build(1),
        new Encoding(List.of(InputColumn.number("a", 0.5, 2), InputColumn.number("b", -1, 0.25)),
            Target.classes("class", List.of("n", "y"))),
        Map.of());
    double[] rows = Generators.MOONS.generate(100, 1).x();
    double[] expected = model.predict(rows).yhat();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Predictor predictor = model.network().predictor(1);
    double[] x = new double[2], y = new double[100];
    long least = Long.MAX_VALUE; // the minimum excludes one-time allocations such as class loading
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        model.encoding().encodeRow(rows, 2 * i, x, 0);
        predictor.predict(1, x, 0, y, i);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
    assertArrayEquals(expected, y);
  }
}
