package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

import jdk.incubator.vector.DoubleVector;

/**
 * The micro-kernels of {@link MicroKernels} for a transposed A, which is read where it lies: row p of the stored matrix
 * holds a[0,p], a[1,p], … beside each other.
 *
 * <p>All else is said there, also why the text repeats itself. They differ in one index, but that one decides whether C2
 * can drop the range checks, so they are two families and not one with two distances.
 */
final class TransposedMicroKernels {
  private TransposedMicroKernels() {}

  /**
   * A tile of C of {@code rows} (8, 4 or 1) × {@code vectors} (1, 2 or 3). Columns of A (rows of the stored matrix) are ac
   * apart, rows of B br, rows of C ldc.
   */
  static void tile(
      int rows, int vectors, int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co,
      int ldc) {
    switch (rows * 4 + vectors) {
      case 35 -> tile8x3(kc, a, ao, ac, b, bo, br, c, co, ldc);
      case 34 -> tile8x2(kc, a, ao, ac, b, bo, br, c, co, ldc);
      case 33 -> tile8x1(kc, a, ao, ac, b, bo, br, c, co, ldc);
      case 19 -> tile4x3(kc, a, ao, ac, b, bo, br, c, co, ldc);
      case 18 -> tile4x2(kc, a, ao, ac, b, bo, br, c, co, ldc);
      case 17 -> tile4x1(kc, a, ao, ac, b, bo, br, c, co, ldc);
      case 7 -> tile1x3(kc, a, ao, ac, b, bo, br, c, co, ldc);
      case 6 -> tile1x2(kc, a, ao, ac, b, bo, br, c, co, ldc);
      default -> tile1x1(kc, a, ao, ac, b, bo, br, c, co, ldc);
    }
  }

  private static void tile8x3(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    final int v1 = COUNT, v2 = 2 * COUNT;
    int r1 = co + ldc, r2 = r1 + ldc, r3 = r2 + ldc, r4 = r3 + ldc, r5 = r4 + ldc, r6 = r5 + ldc, r7 = r6 + ldc;
    DoubleVector c00 = DoubleVector.fromArray(D, c, co);
    DoubleVector c01 = DoubleVector.fromArray(D, c, co + v1);
    DoubleVector c02 = DoubleVector.fromArray(D, c, co + v2);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c11 = DoubleVector.fromArray(D, c, r1 + v1);
    DoubleVector c12 = DoubleVector.fromArray(D, c, r1 + v2);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c21 = DoubleVector.fromArray(D, c, r2 + v1);
    DoubleVector c22 = DoubleVector.fromArray(D, c, r2 + v2);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c31 = DoubleVector.fromArray(D, c, r3 + v1);
    DoubleVector c32 = DoubleVector.fromArray(D, c, r3 + v2);
    DoubleVector c40 = DoubleVector.fromArray(D, c, r4);
    DoubleVector c41 = DoubleVector.fromArray(D, c, r4 + v1);
    DoubleVector c42 = DoubleVector.fromArray(D, c, r4 + v2);
    DoubleVector c50 = DoubleVector.fromArray(D, c, r5);
    DoubleVector c51 = DoubleVector.fromArray(D, c, r5 + v1);
    DoubleVector c52 = DoubleVector.fromArray(D, c, r5 + v2);
    DoubleVector c60 = DoubleVector.fromArray(D, c, r6);
    DoubleVector c61 = DoubleVector.fromArray(D, c, r6 + v1);
    DoubleVector c62 = DoubleVector.fromArray(D, c, r6 + v2);
    DoubleVector c70 = DoubleVector.fromArray(D, c, r7);
    DoubleVector c71 = DoubleVector.fromArray(D, c, r7 + v1);
    DoubleVector c72 = DoubleVector.fromArray(D, c, r7 + v2);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + v1);
      DoubleVector b2 = DoubleVector.fromArray(D, b, bp + v2);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ap]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ap + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ap + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ap + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      DoubleVector a4 = DoubleVector.broadcast(D, a[ap + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      DoubleVector a5 = DoubleVector.broadcast(D, a[ap + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      DoubleVector a6 = DoubleVector.broadcast(D, a[ap + 6]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      c62 = a6.fma(b2, c62);
      DoubleVector a7 = DoubleVector.broadcast(D, a[ap + 7]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
      c72 = a7.fma(b2, c72);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + v1);
    c02.intoArray(c, co + v2);
    c10.intoArray(c, r1);
    c11.intoArray(c, r1 + v1);
    c12.intoArray(c, r1 + v2);
    c20.intoArray(c, r2);
    c21.intoArray(c, r2 + v1);
    c22.intoArray(c, r2 + v2);
    c30.intoArray(c, r3);
    c31.intoArray(c, r3 + v1);
    c32.intoArray(c, r3 + v2);
    c40.intoArray(c, r4);
    c41.intoArray(c, r4 + v1);
    c42.intoArray(c, r4 + v2);
    c50.intoArray(c, r5);
    c51.intoArray(c, r5 + v1);
    c52.intoArray(c, r5 + v2);
    c60.intoArray(c, r6);
    c61.intoArray(c, r6 + v1);
    c62.intoArray(c, r6 + v2);
    c70.intoArray(c, r7);
    c71.intoArray(c, r7 + v1);
    c72.intoArray(c, r7 + v2);
  }

  private static void tile8x2(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    final int v1 = COUNT;
    int r1 = co + ldc, r2 = r1 + ldc, r3 = r2 + ldc, r4 = r3 + ldc, r5 = r4 + ldc, r6 = r5 + ldc, r7 = r6 + ldc;
    DoubleVector c00 = DoubleVector.fromArray(D, c, co);
    DoubleVector c01 = DoubleVector.fromArray(D, c, co + v1);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c11 = DoubleVector.fromArray(D, c, r1 + v1);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c21 = DoubleVector.fromArray(D, c, r2 + v1);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c31 = DoubleVector.fromArray(D, c, r3 + v1);
    DoubleVector c40 = DoubleVector.fromArray(D, c, r4);
    DoubleVector c41 = DoubleVector.fromArray(D, c, r4 + v1);
    DoubleVector c50 = DoubleVector.fromArray(D, c, r5);
    DoubleVector c51 = DoubleVector.fromArray(D, c, r5 + v1);
    DoubleVector c60 = DoubleVector.fromArray(D, c, r6);
    DoubleVector c61 = DoubleVector.fromArray(D, c, r6 + v1);
    DoubleVector c70 = DoubleVector.fromArray(D, c, r7);
    DoubleVector c71 = DoubleVector.fromArray(D, c, r7 + v1);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + v1);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ap]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ap + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ap + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ap + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      DoubleVector a4 = DoubleVector.broadcast(D, a[ap + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      DoubleVector a5 = DoubleVector.broadcast(D, a[ap + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      DoubleVector a6 = DoubleVector.broadcast(D, a[ap + 6]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      DoubleVector a7 = DoubleVector.broadcast(D, a[ap + 7]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + v1);
    c10.intoArray(c, r1);
    c11.intoArray(c, r1 + v1);
    c20.intoArray(c, r2);
    c21.intoArray(c, r2 + v1);
    c30.intoArray(c, r3);
    c31.intoArray(c, r3 + v1);
    c40.intoArray(c, r4);
    c41.intoArray(c, r4 + v1);
    c50.intoArray(c, r5);
    c51.intoArray(c, r5 + v1);
    c60.intoArray(c, r6);
    c61.intoArray(c, r6 + v1);
    c70.intoArray(c, r7);
    c71.intoArray(c, r7 + v1);
  }

  private static void tile8x1(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    int r1 = co + ldc, r2 = r1 + ldc, r3 = r2 + ldc, r4 = r3 + ldc, r5 = r4 + ldc, r6 = r5 + ldc, r7 = r6 + ldc;
    DoubleVector c0 = DoubleVector.fromArray(D, c, co);
    DoubleVector c1 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c2 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c3 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c4 = DoubleVector.fromArray(D, c, r4);
    DoubleVector c5 = DoubleVector.fromArray(D, c, r5);
    DoubleVector c6 = DoubleVector.fromArray(D, c, r6);
    DoubleVector c7 = DoubleVector.fromArray(D, c, r7);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ap]);
      c0 = a0.fma(b0, c0);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ap + 1]);
      c1 = a1.fma(b0, c1);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ap + 2]);
      c2 = a2.fma(b0, c2);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ap + 3]);
      c3 = a3.fma(b0, c3);
      DoubleVector a4 = DoubleVector.broadcast(D, a[ap + 4]);
      c4 = a4.fma(b0, c4);
      DoubleVector a5 = DoubleVector.broadcast(D, a[ap + 5]);
      c5 = a5.fma(b0, c5);
      DoubleVector a6 = DoubleVector.broadcast(D, a[ap + 6]);
      c6 = a6.fma(b0, c6);
      DoubleVector a7 = DoubleVector.broadcast(D, a[ap + 7]);
      c7 = a7.fma(b0, c7);
    }
    c0.intoArray(c, co);
    c1.intoArray(c, r1);
    c2.intoArray(c, r2);
    c3.intoArray(c, r3);
    c4.intoArray(c, r4);
    c5.intoArray(c, r5);
    c6.intoArray(c, r6);
    c7.intoArray(c, r7);
  }

  private static void tile4x3(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    final int v1 = COUNT, v2 = 2 * COUNT;
    int r1 = co + ldc, r2 = r1 + ldc, r3 = r2 + ldc;
    DoubleVector c00 = DoubleVector.fromArray(D, c, co);
    DoubleVector c01 = DoubleVector.fromArray(D, c, co + v1);
    DoubleVector c02 = DoubleVector.fromArray(D, c, co + v2);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c11 = DoubleVector.fromArray(D, c, r1 + v1);
    DoubleVector c12 = DoubleVector.fromArray(D, c, r1 + v2);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c21 = DoubleVector.fromArray(D, c, r2 + v1);
    DoubleVector c22 = DoubleVector.fromArray(D, c, r2 + v2);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c31 = DoubleVector.fromArray(D, c, r3 + v1);
    DoubleVector c32 = DoubleVector.fromArray(D, c, r3 + v2);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + v1);
      DoubleVector b2 = DoubleVector.fromArray(D, b, bp + v2);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ap]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ap + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ap + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ap + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + v1);
    c02.intoArray(c, co + v2);
    c10.intoArray(c, r1);
    c11.intoArray(c, r1 + v1);
    c12.intoArray(c, r1 + v2);
    c20.intoArray(c, r2);
    c21.intoArray(c, r2 + v1);
    c22.intoArray(c, r2 + v2);
    c30.intoArray(c, r3);
    c31.intoArray(c, r3 + v1);
    c32.intoArray(c, r3 + v2);
  }

  private static void tile4x2(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    final int v1 = COUNT;
    int r1 = co + ldc, r2 = r1 + ldc, r3 = r2 + ldc;
    DoubleVector c00 = DoubleVector.fromArray(D, c, co);
    DoubleVector c01 = DoubleVector.fromArray(D, c, co + v1);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c11 = DoubleVector.fromArray(D, c, r1 + v1);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c21 = DoubleVector.fromArray(D, c, r2 + v1);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c31 = DoubleVector.fromArray(D, c, r3 + v1);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + v1);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ap]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ap + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ap + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ap + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + v1);
    c10.intoArray(c, r1);
    c11.intoArray(c, r1 + v1);
    c20.intoArray(c, r2);
    c21.intoArray(c, r2 + v1);
    c30.intoArray(c, r3);
    c31.intoArray(c, r3 + v1);
  }

  private static void tile4x1(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    int r1 = co + ldc, r2 = r1 + ldc, r3 = r2 + ldc;
    DoubleVector c0 = DoubleVector.fromArray(D, c, co);
    DoubleVector c1 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c2 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c3 = DoubleVector.fromArray(D, c, r3);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ap]);
      c0 = a0.fma(b0, c0);
      DoubleVector a1 = DoubleVector.broadcast(D, a[ap + 1]);
      c1 = a1.fma(b0, c1);
      DoubleVector a2 = DoubleVector.broadcast(D, a[ap + 2]);
      c2 = a2.fma(b0, c2);
      DoubleVector a3 = DoubleVector.broadcast(D, a[ap + 3]);
      c3 = a3.fma(b0, c3);
    }
    c0.intoArray(c, co);
    c1.intoArray(c, r1);
    c2.intoArray(c, r2);
    c3.intoArray(c, r3);
  }

  private static void tile1x3(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    final int v1 = COUNT, v2 = 2 * COUNT;
    DoubleVector c0 = DoubleVector.fromArray(D, c, co);
    DoubleVector c1 = DoubleVector.fromArray(D, c, co + v1);
    DoubleVector c2 = DoubleVector.fromArray(D, c, co + v2);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + v1);
      DoubleVector b2 = DoubleVector.fromArray(D, b, bp + v2);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ap]);
      c0 = a0.fma(b0, c0);
      c1 = a0.fma(b1, c1);
      c2 = a0.fma(b2, c2);
    }
    c0.intoArray(c, co);
    c1.intoArray(c, co + v1);
    c2.intoArray(c, co + v2);
  }

  private static void tile1x2(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    final int v1 = COUNT;
    DoubleVector c0 = DoubleVector.fromArray(D, c, co);
    DoubleVector c1 = DoubleVector.fromArray(D, c, co + v1);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + v1);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ap]);
      c0 = a0.fma(b0, c0);
      c1 = a0.fma(b1, c1);
    }
    c0.intoArray(c, co);
    c1.intoArray(c, co + v1);
  }

  private static void tile1x1(
      int kc, double[] a, int ao, int ac, double[] b, int bo, int br, double[] c, int co, int ldc) {
    DoubleVector c0 = DoubleVector.fromArray(D, c, co);
    for (int p = 0; p < kc; p++) {
      int ap = ao + p * ac, bp = bo + p * br;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ap]);
      c0 = a0.fma(b0, c0);
    }
    c0.intoArray(c, co);
  }
}
