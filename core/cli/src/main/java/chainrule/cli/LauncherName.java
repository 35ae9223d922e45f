// SPDX-License-Identifier: MIT
package chainrule.cli;

/** The name of the program in help, suggestions, errors and reports. */
final class LauncherName {
  private static final String PROPERTY = "chainrule.command", POSIX = "./chainrule", WINDOWS = "chainrule";

  private LauncherName() {}

  /** Returns the name by which the launcher was called, quoted for the shell. */
  static String quoted() {
    return TrainingSettings.quoted(System.getProperty(PROPERTY, POSIX));
  }

  /** Replaces {@code ./chainrule}, which cmd.exe does not find, if the launcher of Windows started the program. */
  static String in(String text) {
    return in(text, System.getProperty(PROPERTY, POSIX));
  }

  /** @param command the name by which the launcher was called */
  static String in(String text, String command) {
    return command.equals(WINDOWS) ? text.replace(POSIX + " ", WINDOWS + " ") : text;
  }
}
