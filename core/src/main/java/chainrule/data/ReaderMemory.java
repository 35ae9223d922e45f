// SPDX-License-Identifier: MIT
package chainrule.data;

/** Refuses tables that do not fit into memory, with the amount that they need. */
final class ReaderMemory {
  private static final long OVERHEAD = 32L << 20;

  private ReaderMemory() {}

  /** Throws if this many bytes do not fit into the heap besides what reading itself needs. */
  static void require(String file, double bytes) {
    long limit = Runtime.getRuntime().maxMemory();
    if (bytes + OVERHEAD > limit) throw refusal(file, bytes + OVERHEAD);
  }

  /** Returns the error for a table that needs this many bytes, or more than the limit if that is larger. */
  static DataException refusal(String file, double bytes) {
    long limit = Runtime.getRuntime().maxMemory();
    double needed = Math.max(bytes, 1.25 * limit);
    return new DataException(file + ": needs about " + shown(needed) + " of memory, the limit is " + shown(limit)
        + ". Allow more with CHAINRULE_JAVA_OPTIONS=-Xmx" + option(needed));
  }

  private static String shown(double bytes) {
    double mega = bytes / (1 << 20);
    return mega < 1000 ? Math.round(mega) + " MB" : Math.round(mega / 102.4) / 10.0 + " GB";
  }

  private static String option(double bytes) {
    double mega = 1.2 * bytes / (1 << 20);
    return mega < 1000 ? (long) Math.ceil(mega / 100) * 100 + "m" : (long) Math.ceil(mega / 1024) + "g";
  }
}
