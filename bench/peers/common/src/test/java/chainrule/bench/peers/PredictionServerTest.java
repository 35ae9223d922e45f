// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.kernels.ScalarKernels;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PredictionServerTest {
  private static PredictionServer server(PredictionEngine engine) {
    return new PredictionServer(engine, new PrintStream(new ByteArrayOutputStream()));
  }

  @Test void chainruleAnswersWithItsOwnProbabilitiesInEveryWay() {
    for (String work : new String[] {"4-8-3/1/predict", "20-16-10/16/predict"}) {
      PredictionServer server = server(new ChainrulePredictionEngine());
      assertTrue(server.answer("prepare " + work + " 1").startsWith("ok Chainrule, "));
      assertEquals("ok Predictor Network.predict", server.answer("ways"));
      for (String way : new String[] {"Predictor", "Network.predict"}) {
        assertEquals("ok 0.0", server.answer("check " + way));
        String[] figures = server.answer("run " + way + " 3 2").split(" ");
        assertEquals(4, figures.length);
        assertTrue(Double.parseDouble(figures[1]) <= Double.parseDouble(figures[2]));
        assertTrue(Double.parseDouble(figures[3]) > 0);
      }
    }
  }

  @Test void theExpectedProbabilitiesAreThoseOfPlainLoops() {
    Workload work = Workload.parse("20-16-10/3/predict");
    double[] plain = new double[10], first = new double[10];
    new ReferenceWorkload(work).predict(plain);
    System.arraycopy(ChainruleEngine.network(work, ScalarKernels.INSTANCE).predict(work.x()), 0, first, 0, 10);
    assertArrayEquals(plain, first, 1e-15);
  }

  @Test void anEngineWithOtherResultsIsRefused() {
    PredictionServer server = server(new PredictionEngine() {
      @Override public String name() {
        return "zeros";
      }

      @Override public Map<String, CallerFactory> prepare(Workload work, int threads) {
        return Map.of("zeros", () -> new PredictionCaller() {
          @Override public void call() {}

          @Override public double[] probabilities() {
            return new double[work.batch() * work.classes()];
          }
        });
      }
    });
    assertEquals("ok zeros", server.answer("prepare 4-8-3/1/predict 1"));
    String answer = server.answer("check zeros");
    assertTrue(answer.startsWith("no ArithmeticException: different results, by 0."), answer);
  }

  @Test void unknownRequestsAreRefused() {
    assertEquals("no IllegalArgumentException: unknown request: other",
        server(new ChainrulePredictionEngine()).answer("other"));
  }
}
