// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a framework's program measured. It prints each line, and {@link #write} stores them for {@link RosettaPage}:
 * <pre>topic TAB here TAB = | ≠ | − TAB there TAB figure</pre>
 * A line with = must agree within its tolerance, and a line with ≠ must not.
 */
public final class RosettaReport {
  /** The tolerance of everything that is not drawn at random. */
  public static final double TOLERANCE = 1e-12;

  private final List<String> lines = new ArrayList<>();
  private final String framework;
  private int failures;

  /** @param framework its name and version */
  public RosettaReport(String framework) {
    this.framework = framework;
    System.out.println(framework);
  }

  /** Adds a setting there that equals the setting here. */
  public void same(String topic, String here, String there, double difference) {
    within(topic, here, there, difference, TOLERANCE, figure(difference));
  }

  /** Adds a setting there that equals the setting here within a tolerance, with its own figure. */
  public void within(
      String topic, String here, String there, double difference, double tolerance, String figure) {
    add(topic, here, "=", there, figure, difference <= tolerance);
  }

  /** Adds a setting there that looks like the setting here, but is not equal. */
  public void differs(String topic, String here, String there, double difference) {
    differs(topic, here, there, difference, TOLERANCE, figure(difference));
  }

  /** Adds a setting there that differs by more than a tolerance, with its own figure. */
  public void differs(String topic, String here, String there, double difference, double tolerance, String figure) {
    add(topic, here, "≠", there, figure, difference > tolerance);
  }

  /** Adds a setting here for which this framework has none. */
  public void none(String topic, String here, String reason) {
    add(topic, here, "−", reason, "", true);
  }

  private void add(String topic, String here, String sign, String there, String figure, boolean asExpected) {
    String line = String.join("\t", topic, here, sign, there, figure);
    lines.add(line);
    if (!asExpected) failures++;
    System.out.println((asExpected ? "" : "UNEXPECTED  ") + line.replace("\t", "  "));
  }

  static String figure(double difference) {
    return difference == 0 ? "0" : String.format(Locale.ROOT, "%.1e", difference);
  }

  /** Writes the lines and ends the process with status 1 if one of them is not as expected. */
  public void write(Path file) throws IOException {
    lines.add(0, framework);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, String.join("\n", lines) + "\n");
    if (failures > 0) {
      System.err.println(failures + " of " + (lines.size() - 1) + " lines are not as expected");
      System.exit(1);
    }
  }
}
