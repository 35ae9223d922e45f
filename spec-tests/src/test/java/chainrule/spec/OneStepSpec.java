// SPDX-License-Identifier: MIT
package chainrule.spec;

import static chainrule.spec.OneStepProgram.FILE;
import static chainrule.spec.OneStepProgram.HIDDEN;
import static chainrule.spec.OneStepProgram.IN;
import static chainrule.spec.OneStepProgram.LAMBDA;
import static chainrule.spec.OneStepProgram.OUT;
import static chainrule.spec.OneStepProgram.RATE;
import static chainrule.spec.OneStepProgram.ROWS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.StepValues;
import chainrule.nn.TrainingStep;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.loss.CategoricalCrossEntropy;
import chainrule.nn.optimizer.GradientDescent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Compares each number of OneStep.java with the recorded step of the library. The sums have the same order, so the
 * two differ only by the roundings that fused multiply-add saves and by their exp and log. Each bound below adds these
 * roundings, u = 2⁻⁵³ each, to the bounds of the numbers that the formula uses.
 */
class OneStepSpec {
  private static final double U = 0x1p-53;

  private static Network network(OneStepProgram s) {
    Network net = Network.input(IN).dense(HIDDEN, new Sigmoid()).dense(OUT, new Softmax())
        .build(1);
    net.setWeights(0, s.w1);
    net.setBias(0, s.b1);
    net.setWeights(1, s.w2);
    net.setBias(1, s.b2);
    return net;
  }

  private static double[] flat(double[][] m) {
    return Arrays.stream(m).flatMapToDouble(Arrays::stream).toArray();
  }

  @Test
  void everyNumberOfThePlainStepIsThatOfTheLibrary() {
    OneStepProgram s = new OneStepProgram();
    Network net = network(s);
    TrainingStep step = new TrainingStep(net, new CategoricalCrossEntropy(), Regularization.l2(LAMBDA),
        new GradientDescent(RATE), ROWS);
    StepValues v = step.record(ROWS, flat(s.x), 0, flat(s.y), 0);
    s.forward();
    s.loss();
    s.backward();

    double[][] none = new double[ROWS][IN];
    double[][] z1 = compare("z1", s.z1, v.z(0), sumBounds(s.x, none, s.w1, s.b1));
    double[][] a1 = new double[ROWS][HIDDEN];
    for (int r = 0; r < ROWS; r++) {
      // σ' ≤ ¼; the library's σ is within 2 ulp, and 1 / (1 + e^−z) is within 3
      for (int j = 0; j < HIDDEN; j++) a1[r][j] = z1[r][j] / 4 + 10 * U * s.a1[r][j];
    }
    compare("a1", s.a1, v.a(0), a1);
    double[][] z2 = compare("z2", s.z2, v.z(1), sumBounds(s.a1, a1, s.w2, s.b2));
    double[][] a2 = new double[ROWS][OUT], delta2 = new double[ROWS][OUT];
    double[][] delta1 = new double[ROWS][HIDDEN];
    double loss = 0;
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < OUT; j++) {
        // ∂ŷ_j/∂z: ŷ_j(1 − ŷ_j) in all; exp is within 1 ulp here and there, the library subtracts the largest z
        double input = Math.max(z2[r][0], z2[r][1]) + U * Math.abs(s.z2[r][0] - s.z2[r][1]);
        a2[r][j] = s.a2[r][j] * (2 * input + 16 * U);
        delta2[r][j] = (a2[r][j] + 2 * U * Math.abs(s.a2[r][j] - s.y[r][j])) / ROWS;
        double log = Math.abs(Math.log(s.a2[r][j]));
        loss += s.y[r][j] * (a2[r][j] / s.a2[r][j] + 8 * U * (1 + log)) / ROWS;
      }
    }
    compare("a2", s.a2, v.a(1), a2);
    compare("delta2", s.delta2, v.delta(1), delta2);
    assertEquals(s.penalty, v.penalty(), 16 * U * s.penalty, "penalty: twelve terms, which are positive");
    assertEquals(s.loss + s.penalty, v.loss(), loss + 18 * U * (s.loss + s.penalty), "loss");
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < HIDDEN; i++) {
        double sum = 0, terms = 0, bound = 0, slope = s.a1[r][i] * (1 - s.a1[r][i]);
        for (int j = 0; j < OUT; j++) {
          sum += s.delta2[r][j] * s.w2[i][j];
          terms += Math.abs(s.delta2[r][j] * s.w2[i][j]);
          bound += delta2[r][j] * Math.abs(s.w2[i][j]);
        }
        bound += 3 * OUT * U * terms;
        delta1[r][i] = slope * bound + Math.abs(sum) * (a1[r][i] + 6 * U * slope);
      }
    }
    compare("delta1", s.delta1, v.delta(0), delta1);
    double[][][] second = gradientBounds(s.a1, a1, s.delta2, delta2, s.w2);
    double[][][] first = gradientBounds(s.x, none, s.delta1, delta1, s.w1);
    compare("dW2", s.dw2, v.weightGradient(1), second[0]);
    compare("db2", new double[][] {s.db2}, new double[][] {v.biasGradient(1)}, second[1]);
    compare("dW1", s.dw1, v.weightGradient(0), first[0]);
    compare("db1", new double[][] {s.db1}, new double[][] {v.biasGradient(0)}, first[1]);
    s.update();
    compareUpdated("W2", s.w2, net.weights(1), second[0]);
    compareUpdated("b2", new double[][] {s.b2}, new double[][] {net.bias(1)}, second[1]);
    compareUpdated("W1", s.w1, net.weights(0), first[0]);
    compareUpdated("b1", new double[][] {s.b1}, new double[][] {net.bias(0)}, first[1]);
  }

  /** Bounds of b_j + Σ_i x_i·w_ij: each of the 2m + 2 roundings, and the bounds of x. */
  private static double[][] sumBounds(double[][] x, double[][] xBounds, double[][] w, double[] b) {
    double[][] bounds = new double[x.length][b.length];
    for (int r = 0; r < x.length; r++) {
      for (int j = 0; j < b.length; j++) {
        double terms = Math.abs(b[j]);
        for (int i = 0; i < w.length; i++) {
          terms += Math.abs(x[r][i] * w[i][j]);
          bounds[r][j] += xBounds[r][i] * Math.abs(w[i][j]);
        }
        bounds[r][j] += (3 * w.length + 1) * U * terms;
      }
    }
    return bounds;
  }

  /** Bounds of dW = Σ_r x_r·δ_r + 2λW and db = Σ_r δ_r. */
  private static double[][][] gradientBounds(
      double[][] x, double[][] xBounds, double[][] delta, double[][] deltaBounds, double[][] w) {
    double[][] dw = new double[w.length][w[0].length], db = new double[1][w[0].length];
    int roundings = 3 * x.length + 3;
    for (int r = 0; r < x.length; r++) {
      for (int j = 0; j < w[0].length; j++) {
        double d = Math.abs(delta[r][j]);
        db[0][j] += deltaBounds[r][j] + roundings * U * d;
        for (int i = 0; i < w.length; i++) {
          dw[i][j] += Math.abs(x[r][i]) * (deltaBounds[r][j] + roundings * U * d) + xBounds[r][i] * d
              + roundings * U * 2 * LAMBDA * Math.abs(w[i][j]) / x.length;
        }
      }
    }
    return new double[][][] {dw, db};
  }

  private static double[][] compare(String what, double[][] plain, double[][] library, double[][] bounds) {
    assertEquals(plain.length, library.length, what);
    for (int i = 0; i < plain.length; i++) {
      assertEquals(plain[i].length, library[i].length, what);
      for (int j = 0; j < plain[i].length; j++) {
        assertEquals(plain[i][j], library[i][j], bounds[i][j], what + " [" + i + "][" + j + "]");
        assertTrue(bounds[i][j] < 1e-14, what + ": a bound of " + bounds[i][j] + " would accept a wrong digit");
      }
    }
    return bounds;
  }

  private static void compareUpdated(String what, double[][] plain, double[][] library, double[][] gradientBounds) {
    double[][] bounds = new double[plain.length][plain[0].length];
    for (int i = 0; i < plain.length; i++) {
      for (int j = 0; j < plain[i].length; j++) {
        bounds[i][j] = RATE * gradientBounds[i][j] + 4 * U * (Math.abs(plain[i][j]) + 1);
      }
    }
    compare(what, plain, library, bounds);
  }

  @Test
  void theFileRunsWithoutTheLibraryInEveryLocale() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder = new ProcessBuilder(java.toString(), FILE.toString()).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    builder.environment().remove("CLASSPATH");
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, process.waitFor(), printed);
    OneStepProgram s = new OneStepProgram();
    s.forward();
    s.loss();
    s.backward();
    String[] numbers = {format(s.a1[1][2]), format(s.delta1[1][2]), format(s.dw2[0][1]), format(s.loss + s.penalty)};
    for (String number : numbers) assertTrue(printed.contains(number), number + " in\n" + printed);
    s.update();
    s.forward();
    s.loss();
    assertTrue(printed.strip().endsWith(format(s.loss + s.penalty)), printed);
  }

  private static String format(double v) {
    return String.format(Locale.ROOT, "%.12f", v);
  }

  @Test
  void theIdsInTheFileAreThoseOfTheCatalogue() throws IOException {
    Matcher comment = Pattern.compile("// (\\d{3}-\\S+)$", Pattern.MULTILINE).matcher(Files.readString(FILE));
    Set<String> ids = new TreeSet<>();
    while (comment.find()) ids.add(comment.group(1));
    assertTrue(ids.size() >= 12, ids.toString());
    String catalogue = Files.readString(Path.of("src/test/resources/chainrule/spec/ledger/catalogue.txt"));
    for (String id : ids) assertTrue(catalogue.contains("\n" + id + "  "), id);
  }
}
