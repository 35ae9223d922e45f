// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Writes the tables of {@code bench/RESULTS.md} from the stored runs, between markers. */
final class ResultsTables {
  private ResultsTables() {}

  /** Reads all stored runs, in the order of their names. */
  static List<SpeedRun> read(Path runs) throws IOException {
    List<SpeedRun> all = new ArrayList<>();
    if (!Files.exists(runs)) return all;
    try (Stream<Path> files = Files.list(runs)) {
      for (Path file : files.sorted().toList()) all.add(SpeedRun.read(file));
    }
    return all;
  }

  /** Returns the page with new tables. */
  static String write(String page, List<SpeedRun> runs) {
    return replace(replace(page, "points", points(runs)), "engines", engines(runs));
  }

  private static String replace(String page, String name, String text) {
    String begin = "<!-- " + name + ", written by SpeedReport -->\n", end = "<!-- end of " + name + " -->";
    int from = page.indexOf(begin), to = page.indexOf(end);
    if (from < 0 || to < from) throw new IllegalArgumentException("RESULTS.md: expected the lines " + begin + end);
    return page.substring(0, from + begin.length()) + "\n" + text + "\n" + page.substring(to);
  }

  /** Returns the machine and version of a run without details, such as "AMD Zen 4, JDK 17". */
  private static String title(SpeedRun run) {
    return run.machine().replaceFirst(" \\(.*", "").replaceFirst(",.*, ", ", ");
  }

  private static String points(List<SpeedRun> runs) {
    if (runs.isEmpty()) return "No run is stored.\n";
    StringBuilder text = new StringBuilder();
    for (SpeedRun run : runs) text.append("- ").append(run.machine()).append(", ").append(run.date()).append("\n");
    text.append("\n| |");
    for (SpeedRun run : runs) text.append(" ").append(title(run)).append(" |");
    text.append(" unit, goal |\n|---|").append("---|".repeat(runs.size() + 1)).append("\n");
    for (SpeedPoint point : SpeedPoints.ALL) {
      Map<String, Figure> rows = new LinkedHashMap<>(); // the first figure of each row
      for (SpeedRun run : runs) {
        for (Figure f : run.group(point.number())) if (f.isInTable()) rows.putIfAbsent(f.row(), f);
      }
      if (rows.isEmpty()) continue;
      text.append("| **").append(point.number()).append(". ").append(point.title()).append("** |");
      text.append(" |".repeat(runs.size() + 1)).append("\n");
      rows.forEach((row, first) -> {
        text.append("| ").append(row).append(" |");
        for (SpeedRun run : runs) text.append(" ").append(cell(run, first)).append(" |");
        text.append(" ").append(first.unit()).append(", ").append(first.goal()).append(" |\n");
      });
    }
    return text.toString();
  }

  /** Returns the least and the greatest median of a row; in bold if a goal is not reached. */
  private static String cell(SpeedRun run, Figure first) {
    List<Figure> figures = run.group(first.group()).stream().filter(f -> f.row().equals(first.row())).toList();
    double least = Double.POSITIVE_INFINITY, greatest = 0;
    boolean reached = true;
    for (Figure f : figures) {
      if (!f.isMeasured()) continue;
      least = Math.min(least, f.spread().median());
      greatest = Math.max(greatest, f.spread().median());
      reached &= f.isReached() || !f.goal().applies();
    }
    if (greatest == 0) return figures.isEmpty() ? "–" : "not measured: " + figures.get(0).reason();
    String text = SpeedTable.number(least);
    if (!SpeedTable.number(greatest).equals(text)) text += "–" + SpeedTable.number(greatest);
    return reached ? text : "**" + text + "**";
  }

  private static String engines(List<SpeedRun> runs) {
    StringBuilder text = new StringBuilder();
    for (SpeedRun run : runs) {
      Map<String, Map<String, List<Double>>> engines = new LinkedHashMap<>(); // engine → workload → µs by threads
      Set<String> works = new LinkedHashSet<>();
      for (Figure f : run.group(ChartFigures.STEPS)) {
        String[] parts = f.name().split(", ");
        works.add(parts[0]);
        engines.computeIfAbsent(parts[1], e -> new LinkedHashMap<>()).computeIfAbsent(parts[0], w -> new ArrayList<>())
            .add(f.spread().median());
      }
      if (!engines.containsKey("chainrule")) continue;
      text.append(text.length() > 0 ? "\n" : "").append("### ").append(title(run)).append("\n\n| engine |");
      for (String work : works) text.append(" ").append(work).append(" |");
      text.append("\n|---|").append("---|".repeat(works.size())).append("\n");
      engines.forEach((engine, times) -> {
        text.append("| ").append(engine).append(" |");
        for (String work : works) {
          List<Double> ours = engines.get("chainrule").getOrDefault(work, List.of());
          text.append(" ").append(cell(times.getOrDefault(work, List.of()), ours)).append(" |");
        }
        text.append("\n");
      });
    }
    return text.length() == 0 ? "No run is stored.\n" : text.toString();
  }

  /** Returns the times with each number of threads, and the ratio of the best to Chainrule's best. */
  private static String cell(List<Double> times, List<Double> ours) {
    if (times.isEmpty()) return "–";
    StringBuilder text = new StringBuilder();
    for (double time : times) text.append(text.length() > 0 ? ", " : "").append(SpeedTable.number(time));
    if (ours.isEmpty()) return text.toString();
    double ratio = times.stream().min(Double::compare).get() / ours.stream().min(Double::compare).get();
    return text + String.format(Locale.ROOT, " (%.2f)", ratio);
  }
}
