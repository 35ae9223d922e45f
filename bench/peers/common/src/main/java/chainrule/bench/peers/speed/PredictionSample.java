// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

/** What {@code PredictionTable} records for each engine, way to call it, number of threads and number of callers. */
enum PredictionSample {
  /** The median latency of a call in µs. */
  P50("p50", "p50", false),
  /** The latency in µs that 99 % of the calls do not exceed. */
  P99("p99", "p99", false),
  /** The calls per second of all callers. */
  CALLS("calls", "calls per second", true);

  private final String key;
  final String label;
  /** Whether more is better. */
  final boolean isRate;

  PredictionSample(String key, String label, boolean isRate) {
    this.key = key;
    this.label = label;
    this.isRate = isRate;
  }

  /** Returns the samples of the engine's best way and number of threads, by their median. */
  double[] best(TableSamples table, String work, String engine, int callers) throws NotMeasured {
    double[] best = null;
    for (String name : table.samples().keySet()) {
      String[] words = name.split(" "); // workload, engine, way, threads, callers, figure
      if (!words[0].equals(work) || !words[1].equals(engine) || !words[5].equals(key)
          || Integer.parseInt(words[4]) != callers) {
        continue;
      }
      double[] samples = table.samples().get(name);
      if (best == null || (Spread.of(samples).median() > Spread.of(best).median()) == isRate) best = samples;
    }
    return best == null ? table.get(work + " " + engine) : best;
  }
}
