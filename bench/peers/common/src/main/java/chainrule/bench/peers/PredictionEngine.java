// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.util.Map;

/** A library that serves predictions. Needs a constructor without arguments. Runs in a separate process. */
public interface PredictionEngine {
  /** Creates callers that share what {@link #prepare} has loaded. Each is used by one thread at a time. */
  interface CallerFactory {
    PredictionCaller create() throws Exception;
  }

  /** Returns the name and version. */
  String name();

  /** Returns the largest difference from Chainrule's probabilities that rounding explains. */
  default double agreement() {
    return 1e-12;
  }

  /** Loads the network on this number of threads, and returns the ways to call it by their names. */
  Map<String, CallerFactory> prepare(Workload work, int threads) throws Exception;
}
