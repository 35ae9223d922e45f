// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The points of the table: what is measured, and the goals. */
final class SpeedPoints {
  private static final String REFERENCE = "784-128-10/64/sgd";
  private static final String OPENBLAS = "× OpenBLAS";
  private static final int[] SIZES = {8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024};
  private static final int[] QUICK_SIZES = {16, 32, 64, 96, 128, 256, 512};

  static final List<SpeedPoint> ALL = List.of(
      new SpeedPoint("1", "16 registers, compared with OpenBLAS's kernels for Haswell", SpeedPoints::narrow),
      new SpeedPoint("2", "Small networks and narrow products, compared with OpenBLAS", SpeedPoints::corners),
      new SpeedPoint("3", "Two threads", SpeedPoints::threads),
      new SpeedPoint("4", "The reference step, compared with MKL", SpeedPoints::mkl),
      new SpeedPoint("5", "The first second: whole processes, compared with PyTorch", SpeedPoints::firstSecond),
      new SpeedPoint("6", "Starts of a JVM", SpeedPoints::starts),
      new SpeedPoint("7", "Predictions, compared with ONNX Runtime", SpeedPoints::predictions),
      new SpeedPoint("8", "Elementary functions", SpeedPoints::elementary));

  private SpeedPoints() {}

  private static List<ProductShape> squares(Measurements m) {
    return IntStream.of(m.quick ? QUICK_SIZES : SIZES).mapToObj(ProductShape::square).toList();
  }

  /** The products of a layer: Z = X·W, dW = Xᵀ·δ, dX = δ·Wᵀ. */
  private static Stream<ProductShape> layer(int batch, int in, int out) {
    return Stream.of(new ProductShape("AB", batch, out, in), new ProductShape("ATB", in, out, batch),
        new ProductShape("ABT", batch, in, out));
  }

  private static List<String> keys(List<ProductShape> shapes) {
    return shapes.stream().map(ProductShape::key).toList();
  }

  private static void narrow(Measurements m, FigureList to) {
    List<ProductShape> shapes = new ArrayList<>(squares(m));
    layer(64, 784, 128).forEach(shapes::add);
    layer(64, 128, 10).forEach(shapes::add);
    TableSamples products = m.narrowProducts(keys(shapes));
    for (ProductShape s : shapes) {
      boolean large = s.isSquare() && s.n() >= 128;
      String row = large ? "A·B of n × n, n ≥ 128" : s.isSquare() ? "A·B of n × n, n < 128" : "products of layers";
      to.add(row, s.title(), OPENBLAS, Goal.atLeast(large ? 1 : 0.95), () -> s.ratio(products));
    }
    TableSamples step = m.narrowSteps(REFERENCE);
    to.add("step " + REFERENCE, OPENBLAS, Goal.atLeast(1.05), () -> stepRatio(step, REFERENCE, "openblas", 1));
  }

  private static Spread stepRatio(TableSamples steps, String work, String engine, int threads) throws NotMeasured {
    return Spread.ratio(steps.get(work + " " + engine + " " + threads), steps.get(work + " chainrule " + threads));
  }

  private static void corners(Measurements m, FigureList to) {
    Map<String, Double> works = new LinkedHashMap<>();
    works.put("4-8-3/16/adam", 1.1);
    works.put("2-16-16-3/32/sgd", 1.15);
    works.forEach((work, goal) -> to.add("step " + work, OPENBLAS, Goal.atLeast(goal),
        () -> stepRatio(m.steps(work), work, "openblas", 1)));
    List<ProductShape> narrow = new ArrayList<>();
    for (int batch : m.quick ? new int[] {64} : new int[] {16, 64, 256}) {
      layer(batch, 30, 16).limit(2).forEach(narrow::add);
      layer(batch, 128, 10).limit(2).forEach(narrow::add);
    }
    ProductShape single = new ProductShape("ABT", 1, 784, 128);
    List<ProductShape> shapes = new ArrayList<>(squares(m));
    shapes.addAll(narrow);
    shapes.add(single);
    TableSamples products = m.products(keys(shapes));
    for (ProductShape s : narrow) {
      String row = s.form().equals("AB") ? "A·B with 10 or 16 columns" : "Aᵀ·B with 10 or 16 columns";
      to.add(row, s.title(), OPENBLAS, Goal.atLeast(0.9), () -> s.ratio(products));
    }
    for (ProductShape s : squares(m)) {
      if (s.n() < 16 || s.n() > 96) continue;
      to.add("A·B of n × n, n = 16 … 96", s.title(), OPENBLAS, Goal.atLeast(1), () -> s.ratio(products));
    }
    to.add("A·Bᵀ of one row, in cache", single.title(), OPENBLAS, Goal.atLeast(0.8), () -> single.ratio(products));
  }

  private static void threads(Measurements m, FigureList to) {
    Map<String, Double> works = new LinkedHashMap<>();
    works.put("784-128-10/1/predict", 0.98);
    works.put("2-16-16-3/32/sgd", 0.98);
    works.put("4-8-3/16/adam", 0.98);
    works.put("4-8-3/1/predict", 0.98);
    works.put(REFERENCE, 1.8);
    works.put("1024-1024-1024-10/256/sgd", 1.9);
    works.forEach((work, goal) -> {
      String name = (work.endsWith("predict") ? "" : "step ") + work;
      to.add(goal < 1 ? "one row, and small networks" : name, name, "× one thread", Goal.atLeast(goal), () -> {
        TableSamples steps = m.steps(work);
        return Spread.ratio(steps.get(work + " chainrule 1"), steps.get(work + " chainrule 2"));
      });
    });
  }

  private static void mkl(Measurements m, FigureList to) {
    TableSamples steps = m.steps(REFERENCE);
    to.add("step " + REFERENCE + ", 1 thread", "× MKL", Goal.atLeast(1).on("Intel", m.machine),
        () -> stepRatio(steps, REFERENCE, "mkl", 1));
    to.add("step " + REFERENCE + ", 2 threads", "× MKL", Goal.atLeast(0.9).on("Intel", m.machine),
        () -> stepRatio(steps, REFERENCE, "mkl", 2));
  }

  private static void firstSecond(Measurements m, FigureList to) {
    m.coldStarts("step"); // for the chart
    m.coldStarts("matmul");
    Map<String, String> tasks = new LinkedHashMap<>();
    tasks.put("spirals", "a table of 1,500 rows, 100 epochs");
    tasks.put("digits", "60,000 digits to accuracy 0.99");
    TableSamples processes = m.processes();
    tasks.forEach((task, name) -> {
      for (String mode : List.of("eager", "script")) {
        String unit = mode.equals("eager") ? "× PyTorch" : "× PyTorch script";
        to.add(name + (mode.equals("eager") ? ", eager" : ", script"), unit, Goal.atLeast(1),
            () -> Spread.ratio(processes.get(task + " pytorch-" + mode), processes.get(task + " chainrule")));
      }
    });
  }

  private static void starts(Measurements m, FigureList to) {
    TableSamples starts = m.starts();
    to.add("slowest ÷ fastest start", "× fastest", Goal.atMost(1.1), () -> slowestOfFastest(starts.get("starts")));
    to.add("the same, relative to a constant process", "× fastest", Goal.atMost(1.1),
        () -> slowestOfFastest(starts.get("starts ÷ reference")));
  }

  private static Spread slowestOfFastest(double[] starts) {
    DoubleSummaryStatistics all = DoubleStream.of(starts).summaryStatistics();
    return Spread.of(all.getMax() / all.getMin());
  }

  private static void predictions(Measurements m, FigureList to) {
    TableSamples table = m.predictions(m.quick ? List.of("1", "8") : List.of("1", "2", "4", "8"));
    for (String work : List.of(
        "784-128-10/1/predict", "784-128-10/16/predict", "4-8-3/1/predict", "4-8-3/16/predict")) {
      for (String engine : List.of("onnxruntime", "onnxruntime-float")) {
        String row = work.replace("/predict", " rows").replace("/", ", ").replace(" 1 rows", " one row")
            + (engine.endsWith("float") ? ", its float" : ", double");
        for (int callers : new int[] {1, 8}) {
          for (PredictionSample figure : PredictionSample.values()) {
            String name = row + ": " + figure.label + ", " + callers + (callers == 1 ? " caller" : " callers");
            to.add(row, name, "× ONNX Runtime", Goal.atLeast(1.3), () -> {
              double[] theirs = figure.best(table, work, engine, callers);
              double[] ours = figure.best(table, work, "chainrule", callers);
              return figure.isRate ? Spread.ratio(ours, theirs) : Spread.ratio(theirs, ours);
            });
          }
        }
      }
    }
  }

  private static void elementary(Measurements m, FigureList to) {
    TableSamples f = m.elementary(List.of("TANH 1000", "TANH 8192", "SOFTMAX 64 rows of 10",
        "SOFTMAX_GRADIENT 64 rows of 10", "ELU_GRADIENT 1000", "ELU_GRADIENT 8192"));
    for (int n : new int[] {1000, 8192}) {
      to.add("tanh", "tanh, " + n + " elements", "× lanewise", Goal.atLeast(2),
          () -> ratio(f, "TANH " + n, "lanewise"));
    }
    to.add("softmax, rows of 10", "× Math loop", Goal.atLeast(4), () -> ratio(f, "SOFTMAX 64 rows of 10", "math"));
    to.add("gradient of softmax, rows of 10", "× Math loop", Goal.atLeast(1),
        () -> ratio(f, "SOFTMAX_GRADIENT 64 rows of 10", "math"));
    for (int n : new int[] {1000, 8192}) {
      to.add("ELU′", "ELU′, " + n + " elements", "× Math loop", Goal.atLeast(5),
          () -> ratio(f, "ELU_GRADIENT " + n, "math"));
    }
  }

  private static Spread ratio(TableSamples f, String row, String candidate) throws NotMeasured {
    return Spread.ratio(f.get(row + " " + candidate), f.get(row + " chainrule"));
  }
}
