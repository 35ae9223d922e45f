// SPDX-License-Identifier: MIT
package chainrule.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The file in which the tables also record what they measure, turn by turn, so that another program can compute ratios
 * and their spread. The system property {@code chainrule.samples} names it; without it nothing is recorded.
 *
 * <p>A line is a name, a tab, and numbers separated by spaces. Times are seconds of one run.
 */
public final class Samples {
  /** The system property that names the file. */
  public static final String PROPERTY = "chainrule.samples";

  private Samples() {}

  /** Appends a line, if the property is set. */
  public static void record(String name, double... values) {
    String file = System.getProperty(PROPERTY);
    if (file == null) return;
    String numbers = Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(" "));
    try {
      Files.writeString(Path.of(file), name + "\t" + numbers + "\n", StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the lines of a file. A missing file has none. */
  public static Map<String, double[]> read(Path file) throws IOException {
    Map<String, double[]> samples = new LinkedHashMap<>();
    if (!Files.exists(file)) return samples;
    for (String line : Files.readAllLines(file)) {
      int tab = line.indexOf('\t');
      double[] values = Arrays.stream(line.substring(tab + 1).split(" ")).mapToDouble(Double::parseDouble).toArray();
      samples.put(line.substring(0, tab), values);
    }
    return samples;
  }
}
