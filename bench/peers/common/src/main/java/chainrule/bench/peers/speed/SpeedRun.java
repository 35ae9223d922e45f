// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All figures of a run, with a text form for storage: lines of fields that are separated by tabs, first the header,
 * then an empty line, the names of the columns, and the figures.
 *
 * @param kind the {@link MachineKind#id} of the machine
 * @param machine the machine, the Java version and the limits of the processor in words
 * @param settings the settings of the run, such as "quick"
 */
record SpeedRun(String kind, String machine, String date, String settings, List<Figure> figures) {
  private static final String COLUMNS = "group\trow\tname\tunit\tgoal\tlower quartile\tmedian\tupper quartile\treason";
  private static final List<String> HEADER = List.of("kind", "machine", "date", "settings");

  Optional<Figure> find(String key) {
    return figures.stream().filter(f -> f.key().equals(key)).findFirst();
  }

  /** Returns the figures of a group. */
  List<Figure> group(String group) {
    return figures.stream().filter(f -> f.group().equals(group)).toList();
  }

  /** Returns this run with the figures of an older one that it lacks, such as those of other points. */
  SpeedRun over(SpeedRun older) {
    Map<String, Figure> merged = new LinkedHashMap<>();
    for (Figure f : older.figures) merged.put(f.key(), f);
    for (Figure f : figures) merged.put(f.key(), f);
    String dates = older.date.endsWith(date) ? older.date : older.date.replaceFirst(" to .*", "") + " to " + date;
    return new SpeedRun(kind, machine, dates, settings, List.copyOf(merged.values()));
  }

  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    String[] header = {kind, machine, date, settings};
    for (int h = 0; h < header.length; h++) text.append(HEADER.get(h) + "\t" + header[h] + "\n");
    text.append("\n" + COLUMNS + "\n");
    for (Figure f : figures) {
      String numbers = f.isMeasured() ? f.spread().low() + "\t" + f.spread().median() + "\t" + f.spread().high()
          : "\t\t";
      text.append(String.join("\t", f.group(), f.row(), f.name(), f.unit(), f.goal().toString(), numbers,
          f.reason()) + "\n");
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }

  /** Reads a stored run. The message of an exception names the file and the line. */
  static SpeedRun read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    Map<String, String> header = new LinkedHashMap<>();
    int at = 0;
    for (; at < lines.size() && !lines.get(at).isEmpty(); at++) {
      String[] fields = lines.get(at).split("\t", 2);
      header.put(fields[0], fields.length > 1 ? fields[1] : "");
    }
    if (!header.keySet().containsAll(HEADER) || at + 1 >= lines.size() || !lines.get(at + 1).equals(COLUMNS)) {
      throw new IOException(file + ":" + Math.min(at + 2, lines.size()) + ": expected the lines " + HEADER
          + ", an empty line and the columns " + COLUMNS.replace("\t", ", "));
    }
    List<Figure> figures = new ArrayList<>();
    for (int line = at + 2; line < lines.size(); line++) {
      try {
        figures.add(figure(lines.get(line)));
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ":" + (line + 1) + ": " + e.getMessage(), e);
      }
    }
    return new SpeedRun(header.get("kind"), header.get("machine"), header.get("date"), header.get("settings"),
        List.copyOf(figures));
  }

  private static Figure figure(String line) {
    String[] f = line.split("\t", -1);
    if (f.length != 9) throw new IllegalArgumentException("expected 9 fields, found " + f.length);
    Spread spread = null;
    if (!f[6].isEmpty()) {
      double[] q = Arrays.stream(f, 5, 8).mapToDouble(Double::parseDouble).toArray();
      spread = new Spread(q[0], q[1], q[2]);
    }
    return new Figure(f[0], f[1], f[2], f[3], Goal.parse(f[4]), spread, f[8]);
  }
}
