// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import chainrule.kernels.Kernels;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the points of the table in {@code bench/RESULTS.md}, prints them with their goals, compares them with the
 * stored run of the same kind of machine, and writes a page with charts. It is not a test: the exit status does not
 * depend on times.
 *
 * <p>Options:
 * <ul>
 * <li>{@code --points 1,2,8}: only these points
 * <li>{@code --quick}: fewer sizes, turns, starts and engines
 * <li>{@code --compare FILE}: compares with this run instead of the one in {@code bench/runs}
 * <li>{@code --from FILE}: shows this run again instead of measuring
 * <li>{@code --store}: stores the run for this kind of machine, and rewrites the tables of {@code bench/RESULTS.md}.
 *     Figures that were not measured in this run, because of {@code --points}, stay as they were stored
 * <li>{@code --out FILE}: the page, by default {@code bench/target/speed.html}; the run and the table in Markdown go
 *     next to it, as .tsv and .md
 * </ul>
 */
public final class SpeedReport {
  private static final String FEW_ENGINES = "chainrule,openblas,mkl",
      ENGINES = FEW_ENGINES + ",numpy,pytorch,pytorch-script,tensorflow";

  private final Path bench;
  private List<String> points = SpeedPoints.ALL.stream().map(SpeedPoint::number).toList();
  private boolean quick, store;
  private Path compare, from, out;

  private SpeedReport(Path bench, String[] args) {
    this.bench = bench;
    out = bench.resolve("target/speed.html");
    List<String> known = points;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> quick = true;
        case "--store" -> store = true;
        case "--points" -> points = List.of(value(args, ++i).split(","));
        case "--compare" -> compare = Path.of(value(args, ++i));
        case "--from" -> from = Path.of(value(args, ++i));
        case "--out" -> out = Path.of(value(args, ++i));
        default -> throw new IllegalArgumentException(
            args[i] + ": expected --points, --quick, --compare, --from, --store or --out");
      }
    }
    if (!known.containsAll(points)) {
      throw new IllegalArgumentException("--points: expected numbers of " + known + ", found " + points);
    }
    if (store && quick) throw new IllegalArgumentException("--store: not for a quick run");
    if (!out.toString().endsWith(".html")) {
      throw new IllegalArgumentException("--out: expected a name that ends with .html, found " + out);
    }
  }

  private static String value(String[] args, int i) {
    if (i == args.length) throw new IllegalArgumentException(args[i - 1] + ": expected a value");
    return args[i];
  }

  public static void main(String[] args) throws URISyntaxException {
    Path code = Path.of(SpeedReport.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path peers = code.getParent().getParent().getParent(); // bench/peers, from common/target/steps.jar or …/classes
    try {
      new SpeedReport(peers.getParent(), args).run();
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("SpeedReport: " + e.getMessage());
      System.exit(2);
    }
  }

  private void run() throws IOException {
    SpeedRun run = from == null ? measure() : SpeedRun.read(from);
    Path runs = bench.resolve("runs");
    Path stored = compare != null ? compare : storedRun(runs, run.kind());
    Comparison comparison = new Comparison(run, Files.exists(stored) ? SpeedRun.read(stored) : null);
    if (compare != null && comparison.stored() == null) throw new IOException("--compare: no file " + compare);
    SpeedTable table = new SpeedTable(comparison);
    System.out.println("\n" + run.machine() + ", " + run.date() + (run.settings().isEmpty() ? "" : ", "
        + run.settings()) + "\n\n" + table.text() + "\n" + table.changes());
    Path file = out.toAbsolutePath(), directory = Files.createDirectories(file.getParent());
    String name = file.getFileName().toString().replaceFirst("\\.html$", "");
    Files.writeString(file, new SpeedPage(comparison).html());
    Files.writeString(directory.resolve(name + ".md"), table.markdown());
    run.write(directory.resolve(name + ".tsv"));
    System.out.println("written: " + file + ", " + name + ".md, " + name + ".tsv");
    if (store) {
      store(run, runs);
    }
  }

  private void store(SpeedRun run, Path runs) throws IOException {
    Path file = storedRun(runs, run.kind()), results = bench.resolve("RESULTS.md");
    (Files.exists(file) ? run.over(SpeedRun.read(file)) : run).write(file);
    Files.writeString(results, ResultsTables.write(Files.readString(results), ResultsTables.read(runs)));
    System.out.println("stored: " + file + ", and its tables in " + results);
  }

  /** Returns the file of the stored run of a kind of machine. */
  static Path storedRun(Path runs, String kind) {
    return runs.resolve(kind + ".tsv");
  }

  private SpeedRun measure() {
    MachineKind machine = MachineKind.detect();
    boolean all = points.size() == SpeedPoints.ALL.size() && !quick;
    Measurements measurements = new Measurements(machine, quick, new TableProcess(bench.resolve("peers")),
        all ? ENGINES : FEW_ENGINES);
    List<Figure> figures = new ArrayList<>();
    for (SpeedPoint point : SpeedPoints.ALL) {
      if (!points.contains(point.number())) continue;
      FigureList list = new FigureList(point.number());
      point.source().measure(measurements, list);
      figures.addAll(list.figures());
    }
    figures.addAll(ChartFigures.of(measurements.done()));
    String words = machine + " (" + System.getProperty("java.version") + ", " + Kernels.best().name() + " kernels)";
    return new SpeedRun(machine.id(), words, LocalDate.now().toString(), quick ? "quick" : "", List.copyOf(figures));
  }
}
