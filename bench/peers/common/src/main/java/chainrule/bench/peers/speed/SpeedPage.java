// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the page: a summary, charts, and the table. It is one file without scripts. */
final class SpeedPage {
  /** Bars are cut at this multiple of Chainrule's slower bar. */
  private static final double LONGEST = 3.5;

  private final Comparison comparison;
  private final SpeedRun run;
  private final SpeedTable table;
  private final Markup m = new Markup();

  SpeedPage(Comparison comparison) {
    this.comparison = comparison;
    run = comparison.run();
    table = new SpeedTable(comparison);
  }

  String html() {
    m.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8");
    m.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    m.element("title", "Speed of Chainrule, " + run.date()).open("style").raw(SpeedStyle.CSS).close().close();
    m.open("body").open("header").element("h1", "Speed of Chainrule");
    m.element("p", run.machine() + ", " + run.date() + (run.settings().isEmpty() ? "" : ", " + run.settings()));
    summary();
    m.close().open("main");
    changes();
    steps();
    products();
    predictions();
    processes();
    coldStart();
    points();
    m.close().open("footer");
    m.element("p", "Medians of turns, with quartiles in parentheses. Ratios are computed turn by turn. Above 1, "
        + "Chainrule is faster than what it is compared with. bench/README.md explains how everything is measured.");
    m.close();
    return m.close().close().toString();
  }

  private void summary() {
    List<Figure> goals = run.figures().stream().filter(f -> f.goal().applies() && f.isMeasured()).toList();
    long reached = goals.stream().filter(Figure::isReached).count();
    long missing = run.figures().stream().filter(f -> !f.isMeasured()).count();
    int slower = comparison.figures(Comparison.Change.SLOWER).size();
    m.open("ul", "class", "figures");
    m.open("li").element("b", reached + " of " + goals.size()).raw("goals reached").close();
    if (missing > 0) m.open("li").element("b", Long.toString(missing)).raw("not measured").close();
    if (comparison.stored() == null) {
      m.open("li").element("b", "none").raw("stored run of this kind of machine").close();
    } else {
      m.open("li", "class", slower > 0 ? "bad" : "").element("b", Integer.toString(slower));
      m.raw("slower than the stored run").close();
      m.open("li").element("b", Integer.toString(comparison.figures(Comparison.Change.FASTER).size()));
      m.raw("faster than the stored run").close();
    }
    m.close();
  }

  private void changes() {
    for (Comparison.Change change : List.of(Comparison.Change.SLOWER, Comparison.Change.FASTER)) {
      List<Figure> figures = comparison.figures(change);
      if (figures.isEmpty()) continue;
      boolean slower = change == Comparison.Change.SLOWER;
      m.element("h2", slower ? "Slower than the stored run" : "Faster than the stored run");
      m.element("p", "Compared with " + comparison.stored().date() + ". Differences within the spread of either run "
          + "are not listed.").open("ul");
      for (Figure f : figures) m.element("li", table.change(f), "class", slower ? "bad" : "good");
      m.close();
    }
  }

  private void heading(String title, String text) {
    m.element("h2", title).element("p", text).open("div", "class", "cards");
  }

  private void card(String title) {
    m.open("section", "class", "card").element("h3", title);
  }

  private void legend(String... stylesAndNames) {
    m.open("ul", "class", "legend");
    for (int i = 0; i < stylesAndNames.length; i += 2) {
      m.open("li").open("svg", "class", "key", "viewBox", "0 0 28 10", "aria-hidden", "true");
      String style = stylesAndNames[i];
      if (style.equals("level")) m.empty("path", "class", "level", "d", "M0 5h28");
      else m.empty("rect", "class", "bar " + style, "width", "28", "height", "10");
      m.close().raw(Markup.escape(stylesAndNames[i + 1])).close();
    }
    m.close();
  }

  /** Draws the engines side by side, a chart for each workload. */
  private void steps() {
    List<Figure> figures = run.group(ChartFigures.STEPS);
    if (figures.isEmpty()) return;
    m.element("h2", "Training steps and predictions in each engine");
    m.element("p", "Time of a step, or of a prediction of one row. Shorter is faster. Long bars are cut.");
    legend("ours", "Chainrule, 1 thread", "ours2", "2 threads", "other", "other engines, 1 thread", "other2",
        "2 threads");
    m.open("div", "class", "cards");
    Map<String, Map<String, List<Figure>>> works = new LinkedHashMap<>();
    for (Figure f : figures) {
      String[] parts = f.name().split(", "); // workload, engine, threads
      works.computeIfAbsent(parts[0], w -> new LinkedHashMap<>()).computeIfAbsent(parts[1], e -> new ArrayList<>())
          .add(f);
    }
    works.forEach(this::steps);
    m.close();
  }

  private void steps(String work, Map<String, List<Figure>> engines) {
    card(work);
    List<Figure> all = engines.values().stream().flatMap(List::stream).toList();
    double longest = all.stream().mapToDouble(f -> f.spread().median()).max().orElseThrow();
    double ours = engines.getOrDefault("chainrule", all).stream().mapToDouble(f -> f.spread().median()).max()
        .orElseThrow();
    boolean ms = ours >= 10_000;
    double scale = ms ? 1e-3 : 1;
    List<BarChart.Row> rows = new ArrayList<>();
    engines.forEach((engine, figures) -> {
      List<BarChart.Bar> bars = new ArrayList<>();
      for (Figure f : figures) {
        String style = (engine.equals("chainrule") ? "ours" : "other") + (f.name().endsWith("1 thread") ? "" : "2");
        double value = f.spread().median() * scale;
        bars.add(new BarChart.Bar(style, value, SpeedTable.number(value) + (ms ? " ms" : " µs")));
      }
      rows.add(new BarChart.Row(engine, bars));
    });
    double limit = Math.min(longest, LONGEST * ours) * scale;
    new BarChart("Times of " + work + ": " + texts(work, all), ms ? "ms" : "µs", limit, rows).draw(m);
    m.close();
  }

  /** Draws the rate of products of square matrices over their size. */
  private void products() {
    Map<String, String> charts = new LinkedHashMap<>();
    charts.put(ChartFigures.PRODUCTS, "All registers");
    charts.put(ChartFigures.NARROW_PRODUCTS, "16 registers of four lanes; OpenBLAS with its kernels for Haswell");
    if (charts.keySet().stream().allMatch(group -> run.group(group).isEmpty())) return;
    heading("Matrix products on one thread", "A·B of n × n matrices. Higher is faster.");
    charts.forEach((group, title) -> {
      if (!run.group(group).isEmpty()) products(group, title);
    });
    m.close();
  }

  private void products(String group, String title) {
    Map<Integer, Figure> ours = new LinkedHashMap<>(), theirs = new LinkedHashMap<>(), shares = new LinkedHashMap<>();
    double peak = Double.NaN, most = 0;
    String limit = "";
    for (Figure f : run.group(group)) {
      double value = f.spread().median();
      if (f.name().startsWith("peak")) {
        peak = value;
        limit = f.name() + ", " + SpeedTable.value(f);
      }
      if (f.unit().equals("GFLOP/s")) most = Math.max(most, value);
      if (!f.name().startsWith("n = ")) continue;
      int n = Integer.parseInt(f.name().substring(4, f.name().indexOf(',')));
      (f.name().endsWith("chainrule") ? ours : f.name().endsWith("OpenBLAS") ? theirs : shares).put(n, f);
    }
    if (ours.size() < 2) return;
    card(title);
    double step = step(most);
    double[] sizes = new TreeSet<>(ours.keySet()).stream().mapToDouble(n -> n)
        .filter(n -> Integer.bitCount((int) n) == 1).toArray();
    String texts = shares.entrySet().stream()
        .map(e -> "n = " + e.getKey() + " " + SpeedTable.value(e.getValue())).collect(Collectors.joining("; "));
    new CurveChart("GFLOP/s of A·B over n. Chainrule reaches these shares of the peak: " + texts, "n", "GFLOP/s", true,
        sizes, Math.ceil(most / step) * step, step, peak,
        List.of(curve("other", theirs, Map.of()), curve("ours", ours, shares))).draw(m);
    legend("ours", "Chainrule", "other", "OpenBLAS", "level", limit);
    m.close();
  }

  private static CurveChart.Curve curve(String style, Map<Integer, Figure> figures, Map<Integer, Figure> shares) {
    double[] x = figures.keySet().stream().mapToDouble(n -> n).toArray();
    double[] y = figures.values().stream().mapToDouble(f -> f.spread().median()).toArray();
    List<String> texts = new ArrayList<>();
    figures.forEach((n, f) -> texts.add(f.name() + ": " + SpeedTable.value(f)
        + (shares.containsKey(n) ? ", " + SpeedTable.value(shares.get(n)) : "")));
    return new CurveChart.Curve(style, x, y, texts);
  }

  /** Draws the latency of a single caller, and the calls per second over the number of callers. */
  private void predictions() {
    Map<String, List<Figure>> works = new LinkedHashMap<>();
    for (Figure f : run.group(ChartFigures.PREDICTIONS)) {
      works.computeIfAbsent(f.name().split(", ")[0], w -> new ArrayList<>()).add(f);
    }
    if (works.isEmpty()) return;
    m.element("h2", "Predictions for a server");
    m.element("p", "Each engine in its best way and with its best number of threads. The upper bar is the median "
        + "latency of a call, the lower bar the 99th percentile.");
    legend("ours", "Chainrule, p50", "ours2", "p99", "other", "ONNX Runtime, p50", "other2", "p99");
    m.open("div", "class", "cards");
    works.forEach(this::latency);
    works.forEach(this::throughput);
    m.close();
  }

  private void latency(String work, List<Figure> figures) {
    List<Figure> one = figures.stream()
        .filter(f -> f.name().contains(", 1 caller, ") && f.unit().equals("µs")).toList();
    if (one.isEmpty()) return;
    card(work + ", 1 caller");
    Map<String, List<BarChart.Bar>> rows = new LinkedHashMap<>();
    for (Figure f : one) {
      String engine = f.name().split(", ")[1];
      String style = (engine.equals("chainrule") ? "ours" : "other") + (f.name().endsWith("p50") ? "" : "2");
      double value = f.spread().median();
      rows.computeIfAbsent(engine, e -> new ArrayList<>())
          .add(new BarChart.Bar(style, value, SpeedTable.number(value) + " µs"));
    }
    double longest = one.stream().mapToDouble(f -> f.spread().median()).max().orElseThrow();
    new BarChart("Latency of " + work + ": " + texts(work, one), "µs", longest,
        rows.entrySet().stream().map(e -> new BarChart.Row(e.getKey().replace("onnxruntime", "onnx"), e.getValue()))
            .toList()).draw(m);
    m.close();
  }

  private static String texts(String work, List<Figure> figures) {
    return figures.stream().map(f -> f.name().replace(work + ", ", "") + " " + SpeedTable.value(f))
        .collect(Collectors.joining("; "));
  }

  private void throughput(String work, List<Figure> figures) {
    Map<String, Map<Integer, Figure>> engines = new LinkedHashMap<>();
    double most = 0;
    for (Figure f : figures) {
      if (!f.unit().equals("calls/s")) continue;
      String[] parts = f.name().split(", "); // workload, engine, callers
      engines.computeIfAbsent(parts[1], e -> new LinkedHashMap<>())
          .put(Integer.parseInt(parts[2].replaceFirst(" .*", "")), f);
      most = Math.max(most, f.spread().median());
    }
    if (engines.isEmpty() || engines.values().iterator().next().size() < 2) return;
    card(work + ", calls per second");
    boolean millions = most >= 2e6;
    double unit = millions ? 1e6 : 1e3, step = step(most / unit);
    List<CurveChart.Curve> curves = new ArrayList<>();
    engines.forEach((engine, byCallers) -> {
      double[] x = byCallers.keySet().stream().mapToDouble(c -> c).toArray();
      double[] y = byCallers.values().stream().mapToDouble(f -> f.spread().median() / unit).toArray();
      String style = engine.equals("chainrule") ? "ours" : engine.endsWith("float") ? "second" : "other";
      curves.add(new CurveChart.Curve(style, x, y,
          byCallers.values().stream().map(f -> f.name() + ": " + SpeedTable.value(f)).toList()));
    });
    List<Figure> several = figures.stream().filter(f -> f.unit().equals("calls/s") || f.name().contains(" callers, "))
        .toList();
    new CurveChart("Calls per second of " + work + ", and latencies: " + texts(work, several), "callers",
        (millions ? "million" : "thousand") + " calls/s", true, curves.get(0).x(),
        Math.ceil(most / unit / step) * step, step, Double.NaN, curves).draw(m);
    legend("ours", "Chainrule", "other", "ONNX Runtime", "second", "ONNX Runtime, float");
    m.close();
  }

  /** Returns the smallest of 1, 2, 5 × 10ᵉ that divides an axis into at most six parts. */
  private static double step(double limit) {
    double step = Math.pow(10, Math.floor(Math.log10(limit / 6)));
    for (double factor : new double[] {1, 2, 5}) if (limit / (step * factor) <= 6) return step * factor;
    return step * 10;
  }

  /** Draws the time of trainings as whole processes. */
  private void processes() {
    Map<String, List<Figure>> tasks = new LinkedHashMap<>();
    for (Figure f : run.group(ChartFigures.PROCESSES)) {
      tasks.computeIfAbsent(f.name().split(", ")[0], t -> new ArrayList<>()).add(f);
    }
    if (tasks.isEmpty()) return;
    heading("Trainings as whole processes", "From the start of the command to its end, on all cores: the start of the "
        + "JVM or of Python, reading, training and testing.");
    tasks.forEach((task, figures) -> {
      card(task);
      List<BarChart.Row> rows = new ArrayList<>();
      for (Figure f : figures) {
        String engine = f.name().split(", ")[1];
        rows.add(new BarChart.Row(engine, List.of(new BarChart.Bar(engine.equals("chainrule") ? "ours" : "other",
            f.spread().median(), SpeedTable.number(f.spread().median()) + " s"))));
      }
      double longest = figures.stream().mapToDouble(f -> f.spread().median()).max().orElseThrow();
      new BarChart("Seconds of whole processes: " + texts(task, figures), "s", longest, rows).draw(m);
      m.close();
    });
    m.close();
  }

  /** Draws the share of the warm rate over the first second of a JVM. */
  private void coldStart() {
    List<Figure> figures = run.group(ChartFigures.COLD_START);
    if (figures.isEmpty()) return;
    heading("The first second of a JVM", "Speed in each " + ChartFigures.SLICE + " ms, in percent of the speed after "
        + "warm-up.");
    card("Cold start");
    Set<String> tasks = new LinkedHashSet<>();
    for (Figure f : figures) tasks.add(f.name().split(", ")[0]);
    List<CurveChart.Curve> curves = new ArrayList<>();
    StringBuilder first = new StringBuilder();
    double end = 0;
    for (String task : tasks) {
      List<Double> x = new ArrayList<>(), y = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (Figure f : figures) {
        String[] parts = f.name().split(", ");
        if (!parts[0].equals(task)) continue;
        if (parts[1].equals("first run")) {
          first.append(" The first " + task + " takes " + SpeedTable.value(f) + ".");
          continue;
        }
        x.add(Double.parseDouble(parts[1].replace(" ms", "")));
        y.add(Math.min(110, 100 * f.spread().median()));
        texts.add(String.format(Locale.ROOT, "%s: %s", f.name(), SpeedTable.value(f)));
      }
      double[] xs = x.stream().mapToDouble(v -> v).toArray();
      end = Math.max(end, xs[xs.length - 1]);
      curves.add(new CurveChart.Curve(task.equals("step") ? "ours" : "second", xs,
          y.stream().mapToDouble(v -> v).toArray(), texts));
    }
    double[] ticks = {0, end / 4, end / 2, end * 3 / 4, end};
    new CurveChart("Percent of the warm rate in the first second of a JVM." + first, "ms", "% of the warm rate", false,
        ticks, 110, 20, 100, curves).draw(m);
    legend("ours", "step of 784-128-10, 64 rows", "second", "product of 256 × 256 matrices", "level", "warm");
    m.element("p", first.toString().strip()).close().close();
  }

  /** Writes the table of points. */
  private void points() {
    m.element("h2", "The points").element("p", "Goals that name a maker apply to its processors only.");
    m.open("table").open("thead").open("tr");
    for (int c = 0; c < SpeedTable.COLUMNS.size(); c++) {
      m.element("th", SpeedTable.COLUMNS.get(c), "scope", "col", "class", c < 2 ? "" : "n");
    }
    m.close().close().open("tbody");
    for (SpeedPoint point : SpeedPoints.ALL) {
      List<Figure> figures = run.group(point.number()).stream().filter(Figure::isInTable).toList();
      if (figures.isEmpty()) continue;
      m.open("tr", "class", "point");
      m.element("th", point.number() + ". " + point.title(), "colspan", "6", "scope", "rowgroup").close();
      for (Figure f : figures) row(f);
    }
    m.close().close();
  }

  private void row(Figure f) {
    List<String> cells = table.cells(f);
    boolean missed = f.goal().applies() && f.isMeasured() && !f.isReached();
    m.open("tr").element("th", cells.get(0), "scope", "row");
    m.element("td", cells.get(1), "class", f.isMeasured() ? "" : "missing");
    m.element("td", cells.get(2), "class", "n", "data-name", "goal");
    m.element("td", missed ? "no" : cells.get(3), "class", missed ? "n bad" : "n", "data-name", "reached");
    m.element("td", cells.get(4), "class", "n", "data-name", "stored");
    Comparison.Change change = comparison.change(f);
    String style = change == Comparison.Change.SLOWER ? "n bad" : change == Comparison.Change.FASTER ? "n good" : "n";
    m.element("td", cells.get(5), "class", style, "data-name", "ratio").close();
  }
}
