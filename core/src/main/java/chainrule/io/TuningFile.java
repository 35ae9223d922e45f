// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.train.TrialResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results of a search so far, in a file from which it can be continued:
 * <pre>
 * {"format":"chainrule-tuning","version":1,"settings":{NAME:VALUE,…},
 *  "results":[{"candidate":1,"fold":1,"epochs":67,"loss":0.25,"score":0.9},…]}
 * </pre>
 * NaN and ∞ are the strings "NaN", "Infinity" and "-Infinity". The file is written completely or not at all
 * ({@link SafeFile}). Spec: TuningFileTest.
 *
 * @param settings what the search must have in common with one that continues it: names and values
 * @param results the results, in the order of the file
 */
public record TuningFile(Map<String, String> settings, List<TrialResult> results) {
  private static final String FORMAT = "chainrule-tuning";
  private static final int VERSION = 1;
  private static final long MOST_BYTES = 1 << 28;

  /**
   * Copies the settings and the results.
   *
   * @param settings names and values, in this order; not null
   * @param results the results; not null
   */
  public TuningFile {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    results = List.copyOf(results);
  }

  /**
   * Writes the results to a file.
   *
   * @param file the file, which is replaced if it exists
   * @throws UncheckedIOException if it cannot be written; a previous file is then unchanged
   */
  public void write(Path file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    json.put("settings", settings);
    json.put("results", results.stream().map(TuningFile::json).toList());
    byte[] bytes = (Json.text(json) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      SafeFile.write(file, out -> out.write(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> json(TrialResult r) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("candidate", r.candidate());
    json.put("fold", r.fold());
    json.put("epochs", r.epochs());
    json.put("loss", number(r.loss()));
    json.put("score", number(r.score()));
    return json;
  }

  private static Object number(double v) {
    return Math.abs(v) < Double.POSITIVE_INFINITY ? (Object) v : Double.toString(v);
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @return its settings and results
   * @throws DataException if it was not written by {@link #write}, by another version, or is damaged
   * @throws UncheckedIOException if it cannot be read
   */
  public static TuningFile read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) throw new DataException(file + ": too large for the results of a search");
      return parse(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Parses the text of a file.
   *
   * @param file the name of the file, for messages
   * @param text the whole text
   * @return its settings and results
   * @throws DataException as {@link #read}
   */
  public static TuningFile parse(String file, String text) {
    JsonObject json = JsonObject.parse(file, "the results of a search", text);
    if (!json.string("format").equals(FORMAT)) throw json.error("format", "'" + FORMAT + "'");
    if (json.whole("version") != VERSION) {
      throw new DataException(file + ": expected version " + VERSION + " of the results of a search, found "
          + json.whole("version") + ". Use the version of Chainrule that wrote it, or a newer one.");
    }
    List<TrialResult> results = new ArrayList<>();
    for (JsonObject r : json.objects("results")) {
      results.add(new TrialResult(r.whole("candidate"), r.whole("fold"), r.whole("epochs"), r.anyNumber("loss"),
          r.anyNumber("score")));
    }
    return new TuningFile(json.object("settings").strings(), results);
  }
}
