// SPDX-License-Identifier: MIT
package chainrule.cli;

/** The name of the program in help, suggestions and errors. */
final class LauncherName {
  private static final String POSIX = "./chainrule", WINDOWS = "chainrule";

  private LauncherName() {}

  /** Replaces {@code ./chainrule}, which cmd.exe does not find, if the launcher of Windows started the program. */
  static String in(String text) {
    return in(text, System.getProperty("chainrule.command", POSIX));
  }

  /** @param command the name by which the launcher was called */
  static String in(String text, String command) {
    return command.equals(WINDOWS) ? text.replace(POSIX + " ", WINDOWS + " ") : text;
  }
}
