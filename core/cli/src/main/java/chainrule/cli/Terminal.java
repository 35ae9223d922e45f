// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * A stream and what its reader can show: a terminal of some width, with or without color, or a file or pipe. A terminal
 * with {@code TERM=dumb} gets plain lines. {@code NO_COLOR} turns color off (no-color.org). On Windows, where consoles
 * print escape sequences as they are until a program changes a mode that Java cannot change, only a console that is
 * known to interpret them is a terminal.
 */
final class Terminal {
  private static final int MIN_WIDTH = 10;
  /** Set by Windows Terminal, by terminals of other systems, and by two programs that extend the console. */
  private static final List<String> INTERPRETING = List.of("WT_SESSION", "TERM", "ANSICON", "ConEmuANSI");

  private final PrintStream stream;
  private final boolean live;
  private final boolean colors;
  private final IntSupplier width;

  private Terminal(PrintStream stream, boolean live, boolean colors, IntSupplier width) {
    this.stream = stream;
    this.live = live;
    this.colors = colors;
    this.width = width;
  }

  /**
   * Describes a stream.
   *
   * @param terminal whether the stream is a terminal
   * @param environment the environment variables
   * @param width returns the current number of columns; only called for a terminal
   */
  static Terminal of(PrintStream stream, boolean terminal, Map<String, String> environment, IntSupplier width) {
    boolean interpreting = !isWindows(environment) || INTERPRETING.stream().anyMatch(environment::containsKey);
    boolean live = terminal && interpreting && !environment.getOrDefault("TERM", "").equals("dumb");
    return new Terminal(stream, live, live && environment.getOrDefault("NO_COLOR", "").isEmpty(), width);
  }

  static boolean isWindows(Map<String, String> environment) {
    return environment.getOrDefault("OS", "").equals("Windows_NT");
  }

  /** Returns a stream that is not a terminal. */
  static Terminal plain(PrintStream stream) {
    return new Terminal(stream, false, false, () -> 80);
  }

  PrintStream stream() {
    return stream;
  }

  /** Returns whether a line can be rewritten: see {@link LiveLine}. */
  boolean isLive() {
    return live;
  }

  /** Returns the current number of columns, ≥ 10. */
  int width() {
    return Math.max(MIN_WIDTH, width.getAsInt());
  }

  /** Emphasizes text, if this is a terminal with color. */
  String bold(String text) {
    return styled("1", text);
  }

  /** Makes text less prominent, if this is a terminal with color. */
  String dim(String text) {
    return styled("2", text);
  }

  /** Colors the start of an error message. */
  String red(String text) {
    return styled("1;31", text);
  }

  /** Colors the start of a warning. */
  String yellow(String text) {
    return styled("33", text);
  }

  private String styled(String code, String text) {
    return colors ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
