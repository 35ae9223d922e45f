// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.kernels.ScalarKernels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The main class of the process of a {@link PredictionEngine}, with the protocol of {@link EngineServer}.
 *
 * <pre>
 * request                     answer
 * prepare WORKLOAD THREADS    the engine's name
 * ways                        the names of the ways to call it
 * check WAY                   the largest difference from Chainrule's probabilities
 * run WAY CALLERS MILLIS      latency of a call in ns, p50 and p99, and calls per second of all callers
 * </pre>
 *
 * Argument: the class of the engine.
 */
public final class PredictionServer {
  private final PredictionEngine engine;
  private final PrintStream log;
  private Map<String, PredictionEngine.CallerFactory> ways = Map.of();
  private final Map<String, List<PredictionCaller>> callers = new HashMap<>();
  private double[] expected;

  PredictionServer(PredictionEngine engine, PrintStream log) {
    this.engine = engine;
    this.log = log;
  }

  public static void main(String[] args) throws IOException {
    PredictionServer server = null;
    String reason = "";
    try {
      Object engine = Class.forName(args[0]).getConstructor().newInstance();
      server = new PredictionServer((PredictionEngine) engine, System.err);
    } catch (ReflectiveOperationException | LinkageError e) {
      reason = "no " + EngineServer.reason(e);
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(EngineServer.MARK + (server == null ? reason : server.answer(line)));
      System.out.flush();
    }
    System.exit(0); // even if a library has left threads running
  }

  /** Returns the answer to a request, without the mark. */
  String answer(String request) {
    String[] words = request.split(" ");
    try {
      return "ok " + switch (words[0]) {
        case "prepare" -> prepare(Workload.parse(words[1]), Integer.parseInt(words[2]));
        case "ways" -> String.join(" ", ways.keySet());
        case "check" -> Double.toString(difference(caller(words[1], 0)));
        case "run" -> run(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
        default -> throw new IllegalArgumentException("unknown request: " + request);
      };
    } catch (Exception | LinkageError | AssertionError | OutOfMemoryError e) {
      e.printStackTrace(log);
      return "no " + EngineServer.reason(e);
    }
  }

  private String prepare(Workload work, int threads) throws Exception {
    callers.clear();
    ways = engine.prepare(work, threads);
    expected = ChainruleEngine.network(work, ScalarKernels.INSTANCE).predict(work.x());
    return engine.name();
  }

  /** Returns a caller by its number, which is created if necessary. */
  private PredictionCaller caller(String way, int number) throws Exception {
    List<PredictionCaller> list = callers.computeIfAbsent(way, w -> new ArrayList<>());
    while (list.size() <= number) list.add(ways.get(way).create());
    return list.get(number);
  }

  private double difference(PredictionCaller caller) throws Exception {
    caller.call();
    double[] found = caller.probabilities();
    double worst = found.length == expected.length ? 0 : Double.NaN;
    for (int i = 0; i < expected.length && !Double.isNaN(worst); i++) {
      worst = Math.max(worst, Math.abs(found[i] - expected[i]));
    }
    if (!(worst <= engine.agreement())) throw new ArithmeticException("different results, by " + worst);
    return worst;
  }

  private String run(String way, int count, int millis) throws Exception {
    List<PredictionCaller> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) chosen.add(caller(way, i));
    PredictionLoad load = PredictionLoad.run(chosen, millis * 1_000_000L);
    for (PredictionCaller caller : chosen) difference(caller);
    return load.percentile(0.5) + " " + load.percentile(0.99) + " " + load.callsPerSecond();
  }
}
