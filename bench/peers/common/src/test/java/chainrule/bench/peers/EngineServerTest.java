// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineServerTest {
  private static EngineServer server(Engine engine) {
    return new EngineServer(engine, new PrintStream(OutputStream.nullOutputStream()));
  }

  private static double[] values(String answer) {
    assertTrue(answer.startsWith("ok "), answer);
    return Arrays.stream(answer.substring(3).split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"784-128-10/64/sgd", "2-16-16-3/32/sgd", "4-8-3/16/adam", "4-8-3/1/predict",
      "5-7-6-4/3/adam"})
  void chainruleAndHandWrittenStepsAgreeWithPlainLoops(String text) {
    Workload work = Workload.parse(text);
    double[] expected = EngineServer.firstResults(new ReferenceWorkload(work), work);
    EngineServer server = server(new ChainruleEngine());
    assertTrue(server.answer("prepare " + text + " 2").startsWith("ok Chainrule"));
    assertArrayEquals(expected, values(server.answer("check")), 1e-12);
    assertArrayEquals(
        expected, EngineServer.firstResults(new ArrayBlasWorkload(work, new PlainBlas()), work), 1e-12);
    assertTrue(values(server.answer("run 10"))[0] > 0);
  }

  @Test void trainingRestartsBeforeItsStateBecomesSubnormal() {
    int[] prepared = {0}, steps = {0};
    EngineServer server = server(new Engine() {
      @Override public PreparedWorkload prepare(Workload work, int threads) {
        prepared[0]++;
        return new PreparedWorkload() {
          @Override public double step() {
            return ++steps[0];
          }

          @Override public void predict(double[] probabilities) {}
        };
      }

      @Override public String name() {
        return "counter";
      }
    });
    assertEquals("ok counter", server.answer("prepare 4-8-3/16/adam 1"));
    server.answer("run 10000");
    assertEquals(10_000, steps[0]);
    assertEquals(3, prepared[0]);
  }

  @Test void refusalsStateTheReason() {
    EngineServer server = server(new Engine() {
      @Override public PreparedWorkload prepare(Workload work, int threads) {
        throw new UnsupportedOperationException("only one thread");
      }

      @Override public String name() {
        return "";
      }
    });
    assertEquals("no only one thread", server.answer("prepare 4-8-3/16/adam 2"));
    assertEquals("no IllegalArgumentException: unknown request: fly", server.answer("fly"));
  }

  @Test void aLossThatIsNotFiniteIsRejected() {
    EngineServer server = server(new Engine() {
      @Override public PreparedWorkload prepare(Workload work, int threads) {
        return new PreparedWorkload() {
          @Override public double step() {
            return Double.NaN;
          }

          @Override public void predict(double[] probabilities) {}
        };
      }

      @Override public String name() {
        return "NaN";
      }
    });
    server.answer("prepare 4-8-3/16/sgd 1");
    assertEquals("no ArithmeticException: the loss became NaN", server.answer("run 5"));
  }

  /** Matrix products as triple loops. */
  private static final class PlainBlas implements ArrayBlas {
    @Override public void gemm(boolean ta, boolean tb, int m, int n, int k, double alpha, double[] a, int ao, int lda,
        double[] b, int bo, int ldb, double beta, double[] c, int co, int ldc) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          for (int p = 0; p < k; p++) {
            sum += a[ao + (ta ? p * lda + i : i * lda + p)] * b[bo + (tb ? j * ldb + p : p * ldb + j)];
          }
          c[co + i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[co + i * ldc + j]);
        }
      }
    }

    @Override public void gemv(int n, int k, double[] x, double[] b, int bo, double[] y) {
      gemm(false, false, 1, n, k, 1, x, 0, k, b, bo, n, 0, y, 0, n);
    }
  }
}
