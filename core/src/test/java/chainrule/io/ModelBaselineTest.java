// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.data.Encoding;
import chainrule.metrics.TrivialBaseline;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The baseline of the training rows, which a model may contain. */
class ModelBaselineTest {
  private static final List<String> THREE = List.of("a", "b", "c");

  private static Model classes() {
    return new Model(Network.input(2).dense(3, new Softmax()).build(1), Encoding.plain(2, THREE), Map.of());
  }

  private static Model copy(Model model) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.write(bytes);
    return Model.read(new ByteArrayInputStream(bytes.toByteArray()));
  }

  @Test
  void theBaselineIsWrittenAndReadToTheSameBits() {
    double third = 1.0 / 3;
    Model read = copy(classes().withBaseline(TrivialBaseline.ofMeans(third, 0.5, 1 - third - 0.5)));
    assertArrayEquals(new double[] {third, 0.5, 1 - third - 0.5}, read.baseline().get().means());
    assertEquals(1, read.baseline().get().majorityClass());
  }

  @Test
  void aModelWithoutABaselineHasNone() {
    assertEquals(Optional.empty(), copy(classes()).baseline());
  }

  @Test
  void aCalibrationDoesNotRemoveTheBaseline() {
    Model one = new Model(
        Network.input(2).dense(1, new Sigmoid()).build(1), Encoding.plain(2, List.of("no", "yes")), Map.of());
    TrivialBaseline baseline = TrivialBaseline.ofMeans(0.1);
    Model calibrated = one.withBaseline(baseline).withCalibration(new Calibration(0.3, List.of()));
    assertEquals(Optional.of(baseline), copy(calibrated).baseline());
    assertEquals(0.3, copy(calibrated).calibration().threshold());
  }

  @Test
  void aBaselineThatDoesNotFitTheOutputsIsRefused() {
    assertEquals("expected the baseline of 3 outputs, found 1", refusal(classes(), 0.5));
    assertEquals("baseline: expected shares from 0 to 1, found 1.5", refusal(classes(), 1.5, -0.5, 0));
    assertEquals("baseline: expected shares from 0 to 1, found NaN", refusal(classes(), Double.NaN, 0.5, 0.5));
    Model number = new Model(Network.input(1).dense(1, new Linear()).build(1), Encoding.plain(1, 1), Map.of());
    assertEquals(-7, number.withBaseline(TrivialBaseline.ofMeans(-7)).baseline().get().means()[0]);
    assertEquals("baseline: expected finite means, found Infinity", refusal(number, Double.POSITIVE_INFINITY));
  }

  private static String refusal(Model model, double... means) {
    TrivialBaseline baseline = TrivialBaseline.ofMeans(means);
    return assertThrows(IllegalArgumentException.class, () -> model.withBaseline(baseline)).getMessage();
  }
}
