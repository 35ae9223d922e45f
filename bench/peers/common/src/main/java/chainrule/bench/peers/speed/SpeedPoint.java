// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

/**
 * A point of the table: a claim about speed, with goals.
 *
 * @param number "1" to "8"
 */
record SpeedPoint(String number, String title, Source source) {
  /** Measures the figures of a point. */
  interface Source {
    void measure(Measurements from, FigureList to);
  }
}
