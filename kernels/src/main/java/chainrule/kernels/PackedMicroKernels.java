package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;
import static chainrule.kernels.VectorMatmul.ROWS;

import jdk.incubator.vector.DoubleVector;

/**
 * The micro-kernels of packed panels: a tile of C stays in registers while a panel of A meets panels of B, kc times.
 *
 * <pre>
 *                b0     b1     b2          row p of three panels of B: a vector of each
 *   a[0,p] ·   c00    c01    c02
 *   a[1,p] ·   c10    c11    c12          cRV: row R, vector V of the tile;  cRV = fma(aR, bV, cRV)
 *      …        …      …      …
 * </pre>
 *
 * Every element starts from what C holds and adds its products in the order of p.
 *
 * <p><b>Edges.</b> A tile that would reach beyond C is pushed back inside. Its last vector begins {@code last} after
 * the first column and overlaps its neighbour: what is computed twice is the same twice, for a tile reads all of C
 * before it writes. Its first rows, which other tiles own, are turned to {@code cMin}, the first row that is its own;
 * what they leave there is overwritten when that row is stored, after them.
 *
 * <p><b>Why it is written so.</b> Both panels have a constant width that is a power of two: every index in the loop is
 * p times a constant, and C2 takes all range checks out of it (on JDK 17 a distance of three vectors, which is none,
 * costs a tenth). The text repeats itself because each accumulator must be a local variable to stay in a register, C2
 * inlines the Vector API's own methods without limit but ours only up to a budget that a tile exceeds, and unrolling p
 * by hand makes it spill. The rows of C are counted anew for the stores: eight offsets kept from the loads would take the
 * loop's own registers (seen on JDK 17 in one start of three, a tenth slower).
 */
final class PackedMicroKernels {
  private PackedMicroKernels() {}

  /**
   * C += A·B for a tile of {@code rows} (8 or 4, at most {@link VectorMatmul#ROWS}) × {@code vectors} (1, 2 or 3). a:
   * one panel [kc × ROWS]; b: {@code vectors} panels [kc × COUNT], one behind the other; rows of C are ldc apart,
   * none before cMin is touched.
   */
  static void tile(
      int rows, int vectors, int kc, double[] a, int ao, double[] b, int bo, double[] c, int co, int ldc, int cMin,
      int last) {
    switch (rows * 4 + vectors) {
      case 35 -> tile8x3(kc, a, ao, b, bo, c, co, ldc, cMin, last);
      case 34 -> tile8x2(kc, a, ao, b, bo, c, co, ldc, cMin, last);
      case 33 -> tile8x1(kc, a, ao, b, bo, c, co, ldc, cMin, last);
      case 19 -> tile4x3(kc, a, ao, b, bo, c, co, ldc, cMin, last);
      case 18 -> tile4x2(kc, a, ao, b, bo, c, co, ldc, cMin, last);
      default -> tile4x1(kc, a, ao, b, bo, c, co, ldc, cMin, last);
    }
  }

  private static void tile8x3(
      int kc, double[] a, int ao, double[] b, int bo, double[] c, int co, int ldc, int cMin, int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    int r4 = Math.max(co + 4 * ldc, cMin);
    int r5 = Math.max(co + 5 * ldc, cMin);
    int r6 = Math.max(co + 6 * ldc, cMin);
    int r7 = Math.max(co + 7 * ldc, cMin);
    DoubleVector c00 = DoubleVector.fromArray(D, c, r0);
    DoubleVector c01 = DoubleVector.fromArray(D, c, r0 + COUNT);
    DoubleVector c02 = DoubleVector.fromArray(D, c, r0 + last);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c11 = DoubleVector.fromArray(D, c, r1 + COUNT);
    DoubleVector c12 = DoubleVector.fromArray(D, c, r1 + last);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c21 = DoubleVector.fromArray(D, c, r2 + COUNT);
    DoubleVector c22 = DoubleVector.fromArray(D, c, r2 + last);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c31 = DoubleVector.fromArray(D, c, r3 + COUNT);
    DoubleVector c32 = DoubleVector.fromArray(D, c, r3 + last);
    DoubleVector c40 = DoubleVector.fromArray(D, c, r4);
    DoubleVector c41 = DoubleVector.fromArray(D, c, r4 + COUNT);
    DoubleVector c42 = DoubleVector.fromArray(D, c, r4 + last);
    DoubleVector c50 = DoubleVector.fromArray(D, c, r5);
    DoubleVector c51 = DoubleVector.fromArray(D, c, r5 + COUNT);
    DoubleVector c52 = DoubleVector.fromArray(D, c, r5 + last);
    DoubleVector c60 = DoubleVector.fromArray(D, c, r6);
    DoubleVector c61 = DoubleVector.fromArray(D, c, r6 + COUNT);
    DoubleVector c62 = DoubleVector.fromArray(D, c, r6 + last);
    DoubleVector c70 = DoubleVector.fromArray(D, c, r7);
    DoubleVector c71 = DoubleVector.fromArray(D, c, r7 + COUNT);
    DoubleVector c72 = DoubleVector.fromArray(D, c, r7 + last);
    int o1 = bo + kc * COUNT, o2 = o1 + kc * COUNT;
    for (int p = 0; p < kc; p++) {
      DoubleVector b0 = DoubleVector.fromArray(D, b, bo + p * COUNT);
      DoubleVector b1 = DoubleVector.fromArray(D, b, o1 + p * COUNT);
      DoubleVector b2 = DoubleVector.fromArray(D, b, o2 + p * COUNT);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p * ROWS]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ao + p * ROWS + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ao + p * ROWS + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ao + p * ROWS + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      DoubleVector a4 = DoubleVector.broadcast(D, a[ao + p * ROWS + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      DoubleVector a5 = DoubleVector.broadcast(D, a[ao + p * ROWS + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      DoubleVector a6 = DoubleVector.broadcast(D, a[ao + p * ROWS + 6]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      c62 = a6.fma(b2, c62);
      DoubleVector a7 = DoubleVector.broadcast(D, a[ao + p * ROWS + 7]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
      c72 = a7.fma(b2, c72);
    }
    int next = co, s = Math.max(next, cMin);
    c00.intoArray(c, s);
    c01.intoArray(c, s + COUNT);
    c02.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c10.intoArray(c, s);
    c11.intoArray(c, s + COUNT);
    c12.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c20.intoArray(c, s);
    c21.intoArray(c, s + COUNT);
    c22.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c30.intoArray(c, s);
    c31.intoArray(c, s + COUNT);
    c32.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c40.intoArray(c, s);
    c41.intoArray(c, s + COUNT);
    c42.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c50.intoArray(c, s);
    c51.intoArray(c, s + COUNT);
    c52.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c60.intoArray(c, s);
    c61.intoArray(c, s + COUNT);
    c62.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c70.intoArray(c, s);
    c71.intoArray(c, s + COUNT);
    c72.intoArray(c, s + last);
  }

  private static void tile8x2(
      int kc, double[] a, int ao, double[] b, int bo, double[] c, int co, int ldc, int cMin, int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    int r4 = Math.max(co + 4 * ldc, cMin);
    int r5 = Math.max(co + 5 * ldc, cMin);
    int r6 = Math.max(co + 6 * ldc, cMin);
    int r7 = Math.max(co + 7 * ldc, cMin);
    DoubleVector c00 = DoubleVector.fromArray(D, c, r0);
    DoubleVector c01 = DoubleVector.fromArray(D, c, r0 + last);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c11 = DoubleVector.fromArray(D, c, r1 + last);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c21 = DoubleVector.fromArray(D, c, r2 + last);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c31 = DoubleVector.fromArray(D, c, r3 + last);
    DoubleVector c40 = DoubleVector.fromArray(D, c, r4);
    DoubleVector c41 = DoubleVector.fromArray(D, c, r4 + last);
    DoubleVector c50 = DoubleVector.fromArray(D, c, r5);
    DoubleVector c51 = DoubleVector.fromArray(D, c, r5 + last);
    DoubleVector c60 = DoubleVector.fromArray(D, c, r6);
    DoubleVector c61 = DoubleVector.fromArray(D, c, r6 + last);
    DoubleVector c70 = DoubleVector.fromArray(D, c, r7);
    DoubleVector c71 = DoubleVector.fromArray(D, c, r7 + last);
    int o1 = bo + kc * COUNT;
    for (int p = 0; p < kc; p++) {
      DoubleVector b0 = DoubleVector.fromArray(D, b, bo + p * COUNT);
      DoubleVector b1 = DoubleVector.fromArray(D, b, o1 + p * COUNT);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p * ROWS]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ao + p * ROWS + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ao + p * ROWS + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ao + p * ROWS + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      DoubleVector a4 = DoubleVector.broadcast(D, a[ao + p * ROWS + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      DoubleVector a5 = DoubleVector.broadcast(D, a[ao + p * ROWS + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      DoubleVector a6 = DoubleVector.broadcast(D, a[ao + p * ROWS + 6]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      DoubleVector a7 = DoubleVector.broadcast(D, a[ao + p * ROWS + 7]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
    }
    int next = co, s = Math.max(next, cMin);
    c00.intoArray(c, s);
    c01.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c10.intoArray(c, s);
    c11.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c20.intoArray(c, s);
    c21.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c30.intoArray(c, s);
    c31.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c40.intoArray(c, s);
    c41.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c50.intoArray(c, s);
    c51.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c60.intoArray(c, s);
    c61.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c70.intoArray(c, s);
    c71.intoArray(c, s + last);
  }

  private static void tile8x1(
      int kc, double[] a, int ao, double[] b, int bo, double[] c, int co, int ldc, int cMin, int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    int r4 = Math.max(co + 4 * ldc, cMin);
    int r5 = Math.max(co + 5 * ldc, cMin);
    int r6 = Math.max(co + 6 * ldc, cMin);
    int r7 = Math.max(co + 7 * ldc, cMin);
    DoubleVector c00 = DoubleVector.fromArray(D, c, r0);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c40 = DoubleVector.fromArray(D, c, r4);
    DoubleVector c50 = DoubleVector.fromArray(D, c, r5);
    DoubleVector c60 = DoubleVector.fromArray(D, c, r6);
    DoubleVector c70 = DoubleVector.fromArray(D, c, r7);
    for (int p = 0; p < kc; p++) {
      DoubleVector b0 = DoubleVector.fromArray(D, b, bo + p * COUNT);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p * ROWS]);
      c00 = a0.fma(b0, c00);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ao + p * ROWS + 1]);
      c10 = a1.fma(b0, c10);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ao + p * ROWS + 2]);
      c20 = a2.fma(b0, c20);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ao + p * ROWS + 3]);
      c30 = a3.fma(b0, c30);
      DoubleVector a4 = DoubleVector.broadcast(D, a[ao + p * ROWS + 4]);
      c40 = a4.fma(b0, c40);
      DoubleVector a5 = DoubleVector.broadcast(D, a[ao + p * ROWS + 5]);
      c50 = a5.fma(b0, c50);
      DoubleVector a6 = DoubleVector.broadcast(D, a[ao + p * ROWS + 6]);
      c60 = a6.fma(b0, c60);
      DoubleVector a7 = DoubleVector.broadcast(D, a[ao + p * ROWS + 7]);
      c70 = a7.fma(b0, c70);
    }
    int next = co, s = Math.max(next, cMin);
    c00.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c10.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c20.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c30.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c40.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c50.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c60.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c70.intoArray(c, s);
  }

  private static void tile4x3(
      int kc, double[] a, int ao, double[] b, int bo, double[] c, int co, int ldc, int cMin, int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    DoubleVector c00 = DoubleVector.fromArray(D, c, r0);
    DoubleVector c01 = DoubleVector.fromArray(D, c, r0 + COUNT);
    DoubleVector c02 = DoubleVector.fromArray(D, c, r0 + last);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c11 = DoubleVector.fromArray(D, c, r1 + COUNT);
    DoubleVector c12 = DoubleVector.fromArray(D, c, r1 + last);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c21 = DoubleVector.fromArray(D, c, r2 + COUNT);
    DoubleVector c22 = DoubleVector.fromArray(D, c, r2 + last);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c31 = DoubleVector.fromArray(D, c, r3 + COUNT);
    DoubleVector c32 = DoubleVector.fromArray(D, c, r3 + last);
    int o1 = bo + kc * COUNT, o2 = o1 + kc * COUNT;
    for (int p = 0; p < kc; p++) {
      DoubleVector b0 = DoubleVector.fromArray(D, b, bo + p * COUNT);
      DoubleVector b1 = DoubleVector.fromArray(D, b, o1 + p * COUNT);
      DoubleVector b2 = DoubleVector.fromArray(D, b, o2 + p * COUNT);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p * ROWS]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ao + p * ROWS + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ao + p * ROWS + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ao + p * ROWS + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
    }
    int next = co, s = Math.max(next, cMin);
    c00.intoArray(c, s);
    c01.intoArray(c, s + COUNT);
    c02.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c10.intoArray(c, s);
    c11.intoArray(c, s + COUNT);
    c12.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c20.intoArray(c, s);
    c21.intoArray(c, s + COUNT);
    c22.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c30.intoArray(c, s);
    c31.intoArray(c, s + COUNT);
    c32.intoArray(c, s + last);
  }

  private static void tile4x2(
      int kc, double[] a, int ao, double[] b, int bo, double[] c, int co, int ldc, int cMin, int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    DoubleVector c00 = DoubleVector.fromArray(D, c, r0);
    DoubleVector c01 = DoubleVector.fromArray(D, c, r0 + last);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c11 = DoubleVector.fromArray(D, c, r1 + last);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c21 = DoubleVector.fromArray(D, c, r2 + last);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c31 = DoubleVector.fromArray(D, c, r3 + last);
    int o1 = bo + kc * COUNT;
    for (int p = 0; p < kc; p++) {
      DoubleVector b0 = DoubleVector.fromArray(D, b, bo + p * COUNT);
      DoubleVector b1 = DoubleVector.fromArray(D, b, o1 + p * COUNT);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p * ROWS]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ao + p * ROWS + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ao + p * ROWS + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ao + p * ROWS + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
    }
    int next = co, s = Math.max(next, cMin);
    c00.intoArray(c, s);
    c01.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c10.intoArray(c, s);
    c11.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c20.intoArray(c, s);
    c21.intoArray(c, s + last);
    next += ldc;
    s = Math.max(next, cMin);
    c30.intoArray(c, s);
    c31.intoArray(c, s + last);
  }

  private static void tile4x1(
      int kc, double[] a, int ao, double[] b, int bo, double[] c, int co, int ldc, int cMin, int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    DoubleVector c00 = DoubleVector.fromArray(D, c, r0);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    for (int p = 0; p < kc; p++) {
      DoubleVector b0 = DoubleVector.fromArray(D, b, bo + p * COUNT);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p * ROWS]);
      c00 = a0.fma(b0, c00);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ao + p * ROWS + 1]);
      c10 = a1.fma(b0, c10);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ao + p * ROWS + 2]);
      c20 = a2.fma(b0, c20);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ao + p * ROWS + 3]);
      c30 = a3.fma(b0, c30);
    }
    int next = co, s = Math.max(next, cMin);
    c00.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c10.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c20.intoArray(c, s);
    next += ldc;
    s = Math.max(next, cMin);
    c30.intoArray(c, s);
  }
}
