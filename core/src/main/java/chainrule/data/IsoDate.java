// SPDX-License-Identifier: MIT
package chainrule.data;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Parses ISO dates: {@code 2026-11-29}, followed or not by {@code T} or a blank and a time {@code 14:05[:30[.25]]}, and
 * then by {@code Z} or an offset from UTC, such as {@code +02:00}. A time without an offset is read as UTC.
 */
final class IsoDate {
  private static final int DATE = 10;

  private IsoDate() {}

  /** Returns the days since 1970-01-01, with the time as a fraction; NaN if the cell is not an ISO date that exists. */
  static double parse(String cell) {
    if (cell.length() < DATE || cell.charAt(4) != '-' || cell.charAt(7) != '-') return Double.NaN;
    int year = number(cell, 0, 4), month = number(cell, 5, 7), day = number(cell, 8, DATE);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > YearMonth.of(year, month).lengthOfMonth()) {
      return Double.NaN;
    }
    long days = LocalDate.of(year, month, day).toEpochDay();
    if (cell.length() == DATE) return days;
    char mark = cell.charAt(DATE);
    if (mark != 'T' && mark != 't' && mark != ' ') return Double.NaN;
    return days + seconds(cell, DATE + 1) / 86400;
  }

  /** Returns the seconds of a time since midnight in UTC; negative or ≥ 86400 if its offset leads to another day. */
  private static double seconds(String s, int from) {
    int i = from + 5;
    if (s.length() < i || s.charAt(from + 2) != ':') return Double.NaN;
    int hour = number(s, from, from + 2), minute = number(s, from + 3, i);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return Double.NaN;
    double seconds = hour * 3600 + minute * 60;
    if (i < s.length() && s.charAt(i) == ':') {
      int second = number(s, i + 1, i + 3);
      if (second < 0 || second > 59) return Double.NaN;
      int end = i + 3;
      if (end < s.length() && (s.charAt(end) == '.' || s.charAt(end) == ',')) {
        int digits = end + 1;
        end = digits;
        while (end < s.length() && isDigit(s.charAt(end))) end++;
        if (end == digits) return Double.NaN;
        seconds += Double.parseDouble("0." + s.substring(digits, end));
      }
      seconds += second;
      i = end;
    }
    return seconds - offset(s, i);
  }

  /** Returns an offset from UTC in seconds: nothing, Z, ±hh:mm, ±hhmm or ±hh. */
  private static double offset(String s, int from) {
    String zone = s.substring(from);
    if (zone.isEmpty() || zone.equals("Z") || zone.equals("z")) return 0;
    char sign = zone.charAt(0);
    if (sign != '+' && sign != '-' && sign != '\u2212') return Double.NaN;
    int minuteAt = zone.length() == 6 && zone.charAt(3) == ':' ? 4 : 3;
    if (zone.length() != 3 && zone.length() != minuteAt + 2) return Double.NaN;
    int hour = number(zone, 1, 3), minute = zone.length() == 3 ? 0 : number(zone, minuteAt, minuteAt + 2);
    if (hour < 0 || hour > 18 || minute < 0 || minute > 59) return Double.NaN;
    return (sign == '+' ? 1 : -1) * (hour * 3600 + minute * 60);
  }

  /** Returns the number that these digits write, or −1 if there are other characters. */
  private static int number(String s, int from, int to) {
    if (to > s.length()) return -1;
    int n = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(s.charAt(i))) return -1;
      n = 10 * n + s.charAt(i) - '0';
    }
    return n;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
