// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.format.Formatting;
import java.io.PrintStream;
import java.util.List;

/** Prints what was assumed about data, filled in or left out, one line each. */
final class Notices {
  private static final int MOST_LINES = 10, MOST_CHARACTERS = 500;

  private Notices() {}

  /**
   * Prints at most ten lines.
   *
   * @param advice where all of them are, if there are more
   */
  static void print(PrintStream out, List<String> notices, String advice) {
    int shown = notices.size() > MOST_LINES ? MOST_LINES - 1 : notices.size();
    for (String notice : notices.subList(0, shown)) out.println("note      " + line(notice));
    if (shown < notices.size()) {
      out.println("note      " + (notices.size() - shown) + " more notes; " + advice);
    }
  }

  /** Prints all of them to standard error. */
  static void warn(Terminal err, List<String> notices) {
    for (String notice : notices) err.stream().println(err.yellow("note:") + " " + line(notice));
  }

  /** Prints warnings of a result to standard error. */
  static void warnOfResult(Terminal err, List<String> warnings) {
    for (String warning : warnings) err.stream().println(err.yellow("warning:") + " " + warning);
  }

  private static String line(String notice) {
    return Formatting.line(notice, MOST_CHARACTERS);
  }
}
