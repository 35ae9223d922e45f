// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.bench.Samples;
import chainrule.bench.Timing;
import chainrule.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Prints the table of matrix products: the rate of Chainrule, its share of the FMA peak measured in the same process,
 * and the ratio to each other engine. Engines are timed alternately, so that noise affects all of them, and each figure
 * is a median. Every product is compared with Chainrule's before it is timed.
 *
 * <p>Arguments: [threads, default 1] [substrings of the shapes to measure, separated by commas] [turns, default 15].
 *
 * <p>{@code -Dnetlib=true} adds netlib's VectorBLAS, which should be measured in a separate run. It uses another
 * vector class ({@code SPECIES_MAX}), and on JDK 17 two vector classes in one JVM spoil C2's type profiles for both
 * (our kernels ran at a fiftieth of their speed). With more than one thread, idle workers of OpenBLAS spin and occupy
 * cores, so {@code chainrule.bench.ThreadsTable} measures threads without other engines.
 */
public final class MatmulTable {
  private static final double TURN_SECONDS = 0.02;

  private MatmulTable() {}

  private record Shape(MatmulEngine.Form form, int m, int n, int k) {
    @Override public String toString() {
      return form + " " + m + "x" + n + "x" + k;
    }

    double flops() {
      return 2.0 * m * n * k;
    }
  }

  private record Group(String name, List<Shape> shapes) {}

  private static List<Group> groups() {
    List<Shape> small = new ArrayList<>(), middle = new ArrayList<>(), large = new ArrayList<>();
    for (int n : new int[] {8, 16, 24, 32, 48}) small.add(new Shape(MatmulEngine.Form.AB, n, n, n));
    for (int n : new int[] {64, 96, 128, 192, 256}) middle.add(new Shape(MatmulEngine.Form.AB, n, n, n));
    for (int n : new int[] {512, 1024, 2048}) large.add(new Shape(MatmulEngine.Form.AB, n, n, n));
    List<Shape> layers = new ArrayList<>(), vectors = new ArrayList<>();
    int[][] sizes = {{784, 128}, {128, 10}, {1024, 1024}, {30, 16}};
    for (int batch : new int[] {1, 16, 64, 256}) {
      for (int[] l : sizes) {
        layers.add(new Shape(MatmulEngine.Form.AB, batch, l[1], l[0])); // Z = X·W
        layers.add(new Shape(MatmulEngine.Form.ATB, l[0], l[1], batch)); // dW = Xᵀ·δ
        layers.add(new Shape(MatmulEngine.Form.ABT, batch, l[0], l[1])); // dX = δ·Wᵀ
      }
    }
    for (MatmulEngine.Form form : MatmulEngine.Form.values()) {
      boolean outer = form == MatmulEngine.Form.ATB;
      vectors.add(new Shape(form, outer ? 4096 : 1, 4096, outer ? 1 : 4096));
    }
    return List.of(new Group("n = 8 … 48", small), new Group("n = 64 … 256", middle),
        new Group("n = 512 … 2048", large), new Group("layers", layers),
        new Group("one row, a matrix of 128 MiB", vectors));
  }

  public static void main(String[] args) {
    int threads = args.length > 0 ? Integer.parseInt(args[0]) : 1;
    List<String> only = List.of((args.length > 1 ? args[1] : "").split(","));
    int turns = args.length > 2 ? Integer.parseInt(args[2]) : 15;
    List<MatmulEngine> engines = new ArrayList<>();
    engines.add(new ChainruleMatmul(Kernels.best().withThreads(threads)));
    add(engines, "OpenBLAS", () -> new OpenBlasMatmul(threads, false));
    add(engines, "OpenBLAS, double[]", () -> new OpenBlasMatmul(threads, true));
    if (Boolean.getBoolean("netlib")) add(engines, "netlib", NetlibMatmul::new);

    System.getenv().forEach((name, value) -> {
      boolean matters = name.startsWith("OPENBLAS_") && !name.equals("OPENBLAS_VERBOSE");
      if (matters) System.out.println("warning: " + name + "=" + value + " changes the behavior of OpenBLAS; unset it");
    });
    double peak = Timing.peakFlops() * threads;
    System.out.printf(Locale.ROOT, "Java %s, %s, %d thread%s, FMA peak %.1f GFLOP/s%s, one core reads %.1f GB/s%n",
        System.getProperty("java.version"), Kernels.best().name(), threads, threads == 1 ? "" : "s", peak / 1e9,
        threads == 1 ? "" : " (one core's times threads)", Timing.readBandwidth() / 1e9);
    System.out.printf("%-20s %9s %6s", "C += op(A)op(B)", "GFLOP/s", "peak");
    for (MatmulEngine e : engines.subList(1, engines.size())) System.out.printf("   %20s", e.name());
    System.out.println();
    Samples.record("peak", peak);
    for (Group g : groups()) print(g, only, engines, peak, turns);
  }

  private static void print(Group g, List<String> only, List<MatmulEngine> engines, double peak, int turns) {
    List<double[]> ratios = new ArrayList<>();
    for (Shape s : g.shapes) {
      if (only.stream().noneMatch(s.toString()::contains)) continue;
      double[] seconds = measure(engines, s, turns);
      System.out.printf(
          Locale.ROOT, "%-20s %9.1f %6.2f", s, s.flops() / seconds[0] / 1e9, s.flops() / seconds[0] / peak);
      double[] r = new double[engines.size()];
      for (int e = 1; e < engines.size(); e++) {
        r[e] = seconds[e] / seconds[0];
        System.out.printf(Locale.ROOT, "   %10.2f x %7.1f", r[e], s.flops() / seconds[e] / 1e9);
      }
      ratios.add(r);
      System.out.println();
    }
    if (ratios.isEmpty()) return;
    for (int e = 1; e < engines.size(); e++) {
      double log = 0, least = Double.POSITIVE_INFINITY;
      for (double[] r : ratios) {
        log += Math.log(r[e]) / ratios.size();
        least = Math.min(least, r[e]);
      }
      System.out.printf(Locale.ROOT, "  %s, relative to %s: geometric mean %.2f x, least %.2f x%n",
          g.name, engines.get(e).name(), Math.exp(log), least);
    }
  }

  private interface Maker {
    MatmulEngine make();
  }

  /** Adds an engine, or reports that it does not load. */
  private static void add(List<MatmulEngine> engines, String name, Maker maker) {
    try {
      engines.add(maker.make());
    } catch (RuntimeException | LinkageError e) {
      System.out.println(name + " is skipped: " + e);
    }
  }

  private static double[] measure(List<MatmulEngine> engines, Shape s, int turns) {
    SplittableRandom random = new SplittableRandom(1);
    double[] a = random.doubles((long) s.m * s.k, -1, 1).toArray();
    double[] b = random.doubles((long) s.k * s.n, -1, 1).toArray();
    MatmulEngine.Product[] products = new MatmulEngine.Product[engines.size()];
    Runnable[] runs = new Runnable[products.length];
    for (int e = 0; e < products.length; e++) {
      products[e] = engines.get(e).prepare(s.form, s.m, s.n, s.k, a, b, new double[s.m * s.n]);
      products[e].run();
      runs[e] = products[e]::run;
    }
    for (int e = 1; e < products.length; e++) {
      requireEqual(s, engines.get(e), products[0].result(), products[e].result());
    }
    double[][] samples = Timing.samples(turns, TURN_SECONDS, runs);
    double[] medians = new double[runs.length];
    for (int e = 0; e < runs.length; e++) {
      medians[e] = Timing.median(samples[e]);
      Samples.record(s + " " + (e == 0 ? "chainrule" : engines.get(e).name()), samples[e]);
    }
    return medians;
  }

  /** Checks that two results agree: sums of k products below 1, in any order, differ by at most 2k²·2⁻⁵³. */
  private static void requireEqual(Shape s, MatmulEngine e, double[] ours, double[] theirs) {
    double bound = 2.0 * s.k * s.k * 0x1p-53;
    for (int i = 0; i < ours.length; i++) {
      if (!(Math.abs(ours[i] - theirs[i]) <= bound)) {
        throw new IllegalStateException(e.name() + ", " + s + ": element " + i + " is " + theirs[i]
            + ", Chainrule computes " + ours[i]);
      }
    }
  }
}
