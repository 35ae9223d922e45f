package chainrule.cli;

/** Texts that come from files or arguments, for a terminal or a log: lines that it cannot take for commands. */
final class PrintableText {
  private PrintableText() {}

  /** One line of at most {@code most} characters; control characters, line ends and marks nobody sees become spaces. */
  static String line(String text, int most) {
    String s = text;
    if (text.length() > most) {
      int cut = most - 1;
      s = text.substring(0, Character.isHighSurrogate(text.charAt(cut - 1)) ? cut - 1 : cut) + "…";
    }
    return s.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", " ");
  }
}
