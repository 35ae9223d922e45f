// SPDX-License-Identifier: MIT
package chainrule.data;

/**
 * Draws synthetic digits. Each digit is a few strokes through fixed points of a unit square, which are jittered,
 * rotated, sheared, scaled and shifted at random, then drawn with a pen of random width and a soft edge. Noise is
 * added.
 */
final class DigitImages {
  private DigitImages() {}

  static final int SIDE = 28;

  /** The strokes of each digit: points x, y in a unit square, y downwards, joined by straight lines. */
  private static final double[][][] STROKES = {
    {{.5, .05, .25, .15, .15, .5, .25, .85, .5, .95, .75, .85, .85, .5, .75, .15, .5, .05}},
    {{.3, .25, .55, .05, .55, .95}},
    {{.18, .28, .3, .1, .5, .05, .72, .12, .8, .3, .7, .5, .18, .95, .85, .95}},
    {{.2, .12, .5, .05, .75, .15, .75, .35, .45, .48, .75, .58, .82, .78, .6, .95, .35, .95, .15, .85}},
    {{.65, .95, .65, .05, .12, .65, .9, .65}},
    {{.8, .05, .25, .05, .2, .45, .5, .4, .75, .5, .82, .7, .7, .9, .45, .96, .18, .86}},
    {{.7, .05, .4, .25, .22, .6, .28, .85, .5, .96, .74, .85, .78, .65, .6, .5, .38, .52, .23, .68}},
    {{.15, .05, .85, .05, .42, .95}},
    {{.5, .48, .25, .36, .25, .16, .5, .05, .75, .16, .75, .36, .5, .48, .2, .62, .2, .85, .5, .96, .8, .85, .8, .62,
      .5, .48}},
    {{.77, .32, .62, .48, .4, .5, .22, .35, .26, .15, .5, .04, .72, .15, .78, .4, .6, .75, .3, .95}},
  };

  /** Draws example i of a digit into SIDE × SIDE pixels of x, row by row, 0 (paper) … 1 (ink). */
  static void draw(int digit, long seed, int i, double[] x, int o) {
    double turn = 0.18 * normal(seed, 10, i), shear = 0.15 * normal(seed, 11, i);
    double sx = 0.62 + 0.07 * normal(seed, 12, i), sy = 0.72 + 0.06 * normal(seed, 13, i);
    double dx = 0.04 * normal(seed, 14, i), dy = 0.04 * normal(seed, 15, i);
    double pen = 0.038 + 0.014 * Generators.uniform(seed, 16, i);
    double cos = StrictMath.cos(turn), sin = StrictMath.sin(turn);

    double[][] strokes = STROKES[digit];
    double[][] placed = new double[strokes.length][];
    for (int s = 0; s < strokes.length; s++) {
      placed[s] = new double[strokes[s].length];
      for (int p = 0; p < strokes[s].length; p += 2) {
        double u = (strokes[s][p] - 0.5 + 0.025 * normal(seed, 100 + 50 * s + p, i)) * sx;
        double v = (strokes[s][p + 1] - 0.5 + 0.025 * normal(seed, 101 + 50 * s + p, i)) * sy;
        u += shear * v;
        placed[s][p] = 0.5 + dx + cos * u - sin * v;
        placed[s][p + 1] = 0.5 + dy + sin * u + cos * v;
      }
    }
    for (int r = 0; r < SIDE; r++) {
      for (int c = 0; c < SIDE; c++) {
        double px = (c + 0.5) / SIDE, py = (r + 0.5) / SIDE, nearest = 1;
        for (double[] s : placed) {
          for (int p = 0; p + 3 < s.length; p += 2) {
            nearest = Math.min(nearest, distanceSquared(px, py, s[p], s[p + 1], s[p + 2], s[p + 3]));
          }
        }
        double ink = 1 - (Math.sqrt(nearest) - pen) * SIDE; // the edge is one pixel wide
        double noise = 0.06 * (2 * Generators.uniform(seed, 1000 + r * SIDE + c, i) - 1);
        x[o + r * SIDE + c] = clamp(clamp(ink) + noise);
      }
    }
  }

  private static double normal(long seed, long detail, long i) {
    return Generators.normal(seed, detail, i);
  }

  private static double clamp(double v) {
    return Math.max(0, Math.min(1, v));
  }

  /** Returns the squared distance from a point to the segment from (ax, ay) to (bx, by). */
  private static double distanceSquared(double px, double py, double ax, double ay, double bx, double by) {
    double ux = bx - ax, uy = by - ay, length = ux * ux + uy * uy;
    double t = length == 0 ? 0 : clamp(((px - ax) * ux + (py - ay) * uy) / length);
    double ex = px - (ax + t * ux), ey = py - (ay + t * uy);
    return ex * ex + ey * ey;
  }
}
