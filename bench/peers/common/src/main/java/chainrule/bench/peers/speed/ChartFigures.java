// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Computes the figures of the charts from the tables that have run. They have no goals. */
final class ChartFigures {
  /** The groups of figures, one for each kind of chart. */
  static final String STEPS = "steps", PRODUCTS = "products", NARROW_PRODUCTS = "products on 16 registers",
      COLD_START = "cold start", PREDICTIONS = "predictions", PROCESSES = "whole processes";
  /** The duration of a slice of {@code ColdStart} in ms. */
  static final int SLICE = 50;

  private final List<Figure> figures = new ArrayList<>();

  private ChartFigures() {}

  static List<Figure> of(Map<String, TableSamples> tables) {
    ChartFigures charts = new ChartFigures();
    tables.forEach((what, table) -> {
      if (what.startsWith(Measurements.STEPS)) charts.steps(table);
      if (what.equals(Measurements.PRODUCTS)) charts.products(PRODUCTS, table);
      if (what.equals(Measurements.PREDICTIONS)) charts.predictions(table);
      if (what.equals(Measurements.PROCESSES)) charts.processes(table);
      if (what.equals(Measurements.NARROW_PRODUCTS)) charts.products(NARROW_PRODUCTS, table);
    });
    charts.coldStart(tables, "step");
    charts.coldStart(tables, "matmul");
    return List.copyOf(charts.figures);
  }

  private void add(String group, String name, String unit, Spread spread) {
    figures.add(Figure.ofChart(group, name, unit, spread));
  }

  private void steps(TableSamples table) {
    table.samples().forEach((name, seconds) -> {
      String[] words = name.split(" "); // workload, engine, threads
      String threads = words[2].equals("1") ? "1 thread" : words[2] + " threads";
      add(STEPS, words[0] + ", " + words[1] + ", " + threads, "µs", Spread.of(seconds).times(1e6));
    });
  }

  /** Adds the best way and number of threads of each engine, for each workload and number of callers. */
  private void predictions(TableSamples table) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : table.samples().keySet()) {
      String[] words = name.split(" "); // workload, engine, way, threads, callers, figure
      for (PredictionSample figure : PredictionSample.values()) {
        String title = words[0] + ", " + words[1] + ", " + words[4] + (words[4].equals("1") ? " caller" : " callers")
            + ", " + figure.label;
        if (!names.add(title)) continue;
        try {
          double[] best = figure.best(table, words[0], words[1], Integer.parseInt(words[4]));
          add(PREDICTIONS, title, figure.isRate ? "calls/s" : "µs", Spread.of(best));
        } catch (NotMeasured e) {
          throw new IllegalStateException(e); // the name is in the table
        }
      }
    }
  }

  private void processes(TableSamples table) {
    table.samples().forEach((name, seconds) -> add(PROCESSES, name.replace(" ", ", "), "s", Spread.of(seconds)));
  }

  private void products(String group, TableSamples table) {
    double[] peak = table.samples().get("peak");
    if (peak == null) return;
    add(group, "peak of one core", "GFLOP/s", Spread.of(peak[0] / 1e9));
    table.samples().forEach((name, seconds) -> {
      if (!name.matches("AB (\\d+)x\\1x\\1 (chainrule|OpenBLAS)")) return;
      String[] words = name.split("[ x]"); // AB, n, n, n, engine
      double flops = 2 * Math.pow(Integer.parseInt(words[1]), 3);
      Spread time = Spread.of(seconds);
      add(group, "n = " + words[1] + ", " + words[4], "GFLOP/s", time.inverse(flops / 1e9));
      if (words[4].equals("chainrule")) {
        add(group, "n = " + words[1] + ", share", Figure.OF_PEAK, time.inverse(flops / peak[0]));
      }
    });
  }

  /** Adds the share of the warm rate in each slice of the first second, over several starts. */
  private void coldStart(Map<String, TableSamples> tables, String task) {
    List<double[]> slices = new ArrayList<>();
    List<Double> first = new ArrayList<>();
    tables.forEach((what, table) -> {
      if (!what.startsWith(Measurements.COLD_START) || !what.endsWith(task)) return;
      if (!table.samples().containsKey("slices")) return;
      slices.add(table.samples().get("slices"));
      first.add(table.samples().get("first")[0] * 1e3);
    });
    if (slices.isEmpty()) return;
    add(COLD_START, task + ", first run", "ms", Spread.of(first.stream().mapToDouble(v -> v).toArray()));
    for (int s = 0; s < slices.get(0).length; s++) {
      int slice = s;
      add(COLD_START, task + ", " + (s + 1) * SLICE + " ms", "of the warm rate",
          Spread.of(slices.stream().mapToDouble(shares -> shares[slice]).toArray()));
    }
  }
}
