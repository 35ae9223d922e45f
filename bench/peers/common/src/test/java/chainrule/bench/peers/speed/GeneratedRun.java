// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Runs with generated samples, for tests. */
final class GeneratedRun {
  private GeneratedRun() {}

  /** Returns a run with figures of several points, tables for every chart, and one figure that was not measured. */
  static SpeedRun of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FigureList points = new FigureList("2");
    points.add("step 4-8-3/16/adam", "× OpenBLAS", Goal.atLeast(1.1), () -> spread(random, 1.2));
    points.add("A·B 16 × 16 × 16", "× OpenBLAS", Goal.atLeast(1), () -> spread(random, 0.93));
    FigureList starts = new FigureList("6");
    starts.add("slowest ÷ fastest start", "× fastest", Goal.atMost(1.1), () -> Spread.of(1.04));
    FigureList mkl = new FigureList("4");
    mkl.add("step 784-128-10/64/sgd, 1 thread", "× MKL", Goal.parse("≥ 1.00 on Intel"), () -> {
      throw new NotMeasured("bench/peers/mkl is not built <yet>");
    });
    List<Figure> figures = new ArrayList<>(points.figures());
    figures.addAll(mkl.figures());
    figures.addAll(starts.figures());
    figures.addAll(ChartFigures.of(tables(random)));
    return new SpeedRun("amd-zen4-512-2cores-jdk17", "AMD Zen 4, 512-bit lanes, 2 cores, JDK 17", "2026-11-30", "",
        List.copyOf(figures));
  }

  private static Map<String, TableSamples> tables(SplittableRandom random) {
    Map<String, TableSamples> tables = new LinkedHashMap<>();
    double base = 560e-6;
    for (String work : List.of("784-128-10/64/sgd", "1024-1024-1024-10/256/sgd", "2-16-16-3/32/sgd")) {
      Map<String, double[]> samples = new LinkedHashMap<>();
      double factor = 1;
      for (String engine : List.of("chainrule", "openblas", "mkl", "numpy", "pytorch", "pytorch-script",
          "tensorflow")) {
        samples.put(work + " " + engine + " 1", samples(random, base * factor));
        samples.put(work + " " + engine + " 2", samples(random, base * factor / 1.6));
        factor += 0.6 * random.nextDouble();
      }
      tables.put(Measurements.STEPS + work, table(samples));
      base = base < 1e-3 ? base * 80 : base / 10_000;
    }
    for (String what : List.of(Measurements.PRODUCTS, Measurements.NARROW_PRODUCTS)) {
      double peak = what.equals(Measurements.PRODUCTS) ? 58e9 : 41e9;
      Map<String, double[]> samples = new LinkedHashMap<>(Map.of("peak", new double[] {peak}));
      for (int n = 8; n <= 1024; n = Integer.bitCount(n) == 1 ? n * 3 / 2 : n / 3 * 4) {
        double seconds = 2.0 * n * n * n / peak / (1 - 4.0 / n);
        samples.put("AB " + n + "x" + n + "x" + n + " chainrule", samples(random, seconds));
        samples.put("AB " + n + "x" + n + "x" + n + " OpenBLAS", samples(random, seconds * 1.07));
      }
      tables.put(what, table(samples));
    }
    Map<String, double[]> calls = new LinkedHashMap<>();
    for (String work : List.of("784-128-10/1/predict", "4-8-3/16/predict")) {
      double latency = 9;
      for (String engine : List.of("chainrule", "onnxruntime", "onnxruntime-float")) {
        latency *= 1.4;
        for (int callers = 1; callers <= 8; callers *= 2) {
          String name = work + " " + engine + " way 1 " + callers + " ";
          calls.put(name + "p50", samples(random, latency));
          calls.put(name + "p99", samples(random, 2 * latency));
          calls.put(name + "calls", samples(random, 1e6 / latency * Math.min(2, callers)));
        }
      }
    }
    Map<String, double[]> processes = new LinkedHashMap<>();
    for (String name : List.of("spirals chainrule", "spirals pytorch-eager", "digits chainrule")) {
      processes.put(name, samples(random, 1 + 3 * random.nextDouble()));
    }
    tables.put(Measurements.PROCESSES, table(processes));
    tables.put(Measurements.PREDICTIONS, table(calls));
    for (String task : List.of("step", "matmul")) {
      double[] slices = new double[20];
      for (int s = 0; s < 20; s++) slices[s] = Math.min(1, s * s / 150.0);
      tables.put(Measurements.COLD_START + "1, " + task, table(Map.of("first", new double[] {0.17}, "slices", slices)));
    }
    return tables;
  }

  private static TableSamples table(Map<String, double[]> samples) {
    return new TableSamples(samples, List.of(), "");
  }

  private static Spread spread(SplittableRandom random, double median) {
    return Spread.of(samples(random, median));
  }

  private static double[] samples(SplittableRandom random, double median) {
    return random.doubles(11, 0.99 * median, 1.01 * median).toArray();
  }
}
