package chainrule.kernels;

import static chainrule.kernels.Lanes.COUNT;
import static chainrule.kernels.Lanes.D;

import jdk.incubator.vector.DoubleVector;

/**
 * The micro-kernels of {@link PackedMicroKernels} for matrices that are read where they lie, because packing them would
 * cost more than it saves. Order, edges and the reason for the repetition are told there.
 *
 * <p>A is read along its rows with a step of one, so that C2 drops its range checks; those of B stay.
 */
final class DirectMicroKernels {
  private DirectMicroKernels() {}

  /**
   * C += A·B for a tile of {@code rows} (8 or 4) × {@code vectors} (1, 2 or 3). Rows of A are lda apart, rows of
   * B ldb, rows of C ldc; none of C before cMin is touched; the last vector of a row begins {@code last} after the first.
   */
  static void tile(
      int rows, int vectors, int kc, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c,
      int co, int ldc, int cMin, int last) {
    switch (rows * 4 + vectors) {
      case 35 -> tile8x3(kc, a, ao, lda, b, bo, ldb, c, co, ldc, cMin, last);
      case 34 -> tile8x2(kc, a, ao, lda, b, bo, ldb, c, co, ldc, cMin, last);
      case 33 -> tile8x1(kc, a, ao, lda, b, bo, ldb, c, co, ldc, cMin, last);
      case 19 -> tile4x3(kc, a, ao, lda, b, bo, ldb, c, co, ldc, cMin, last);
      case 18 -> tile4x2(kc, a, ao, lda, b, bo, ldb, c, co, ldc, cMin, last);
      default -> tile4x1(kc, a, ao, lda, b, bo, ldb, c, co, ldc, cMin, last);
    }
  }

  private static void tile8x3(
      int kc, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc, int cMin,
      int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    int r4 = Math.max(co + 4 * ldc, cMin);
    int r5 = Math.max(co + 5 * ldc, cMin);
    int r6 = Math.max(co + 6 * ldc, cMin);
    int r7 = Math.max(co + 7 * ldc, cMin);
    int i1 = ao + lda;
    int i2 = i1 + lda;
    int i3 = i2 + lda;
    int i4 = i3 + lda;
    int i5 = i4 + lda;
    int i6 = i5 + lda;
    int i7 = i6 + lda;
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
    for (int p = 0; p < kc; p++) {
      int bp = bo + p * ldb;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + COUNT);
      DoubleVector b2 = DoubleVector.fromArray(D, b, bp + last);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      DoubleVector a1 = DoubleVector.broadcast(D, a[i1 + p]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      DoubleVector a2 = DoubleVector.broadcast(D, a[i2 + p]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      DoubleVector a3 = DoubleVector.broadcast(D, a[i3 + p]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      DoubleVector a4 = DoubleVector.broadcast(D, a[i4 + p]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      DoubleVector a5 = DoubleVector.broadcast(D, a[i5 + p]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      DoubleVector a6 = DoubleVector.broadcast(D, a[i6 + p]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      c62 = a6.fma(b2, c62);
      DoubleVector a7 = DoubleVector.broadcast(D, a[i7 + p]);
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
      int kc, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc, int cMin,
      int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    int r4 = Math.max(co + 4 * ldc, cMin);
    int r5 = Math.max(co + 5 * ldc, cMin);
    int r6 = Math.max(co + 6 * ldc, cMin);
    int r7 = Math.max(co + 7 * ldc, cMin);
    int i1 = ao + lda;
    int i2 = i1 + lda;
    int i3 = i2 + lda;
    int i4 = i3 + lda;
    int i5 = i4 + lda;
    int i6 = i5 + lda;
    int i7 = i6 + lda;
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
    for (int p = 0; p < kc; p++) {
      int bp = bo + p * ldb;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + last);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(D, a[i1 + p]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(D, a[i2 + p]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(D, a[i3 + p]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      DoubleVector a4 = DoubleVector.broadcast(D, a[i4 + p]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      DoubleVector a5 = DoubleVector.broadcast(D, a[i5 + p]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      DoubleVector a6 = DoubleVector.broadcast(D, a[i6 + p]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      DoubleVector a7 = DoubleVector.broadcast(D, a[i7 + p]);
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
      int kc, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc, int cMin,
      int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    int r4 = Math.max(co + 4 * ldc, cMin);
    int r5 = Math.max(co + 5 * ldc, cMin);
    int r6 = Math.max(co + 6 * ldc, cMin);
    int r7 = Math.max(co + 7 * ldc, cMin);
    int i1 = ao + lda;
    int i2 = i1 + lda;
    int i3 = i2 + lda;
    int i4 = i3 + lda;
    int i5 = i4 + lda;
    int i6 = i5 + lda;
    int i7 = i6 + lda;
    DoubleVector c00 = DoubleVector.fromArray(D, c, r0);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c40 = DoubleVector.fromArray(D, c, r4);
    DoubleVector c50 = DoubleVector.fromArray(D, c, r5);
    DoubleVector c60 = DoubleVector.fromArray(D, c, r6);
    DoubleVector c70 = DoubleVector.fromArray(D, c, r7);
    for (int p = 0; p < kc; p++) {
      int bp = bo + p * ldb;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p]);
      c00 = a0.fma(b0, c00);
      DoubleVector a1 = DoubleVector.broadcast(D, a[i1 + p]);
      c10 = a1.fma(b0, c10);
      DoubleVector a2 = DoubleVector.broadcast(D, a[i2 + p]);
      c20 = a2.fma(b0, c20);
      DoubleVector a3 = DoubleVector.broadcast(D, a[i3 + p]);
      c30 = a3.fma(b0, c30);
      DoubleVector a4 = DoubleVector.broadcast(D, a[i4 + p]);
      c40 = a4.fma(b0, c40);
      DoubleVector a5 = DoubleVector.broadcast(D, a[i5 + p]);
      c50 = a5.fma(b0, c50);
      DoubleVector a6 = DoubleVector.broadcast(D, a[i6 + p]);
      c60 = a6.fma(b0, c60);
      DoubleVector a7 = DoubleVector.broadcast(D, a[i7 + p]);
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
      int kc, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc, int cMin,
      int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    int i1 = ao + lda;
    int i2 = i1 + lda;
    int i3 = i2 + lda;
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
    for (int p = 0; p < kc; p++) {
      int bp = bo + p * ldb;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + COUNT);
      DoubleVector b2 = DoubleVector.fromArray(D, b, bp + last);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      DoubleVector a1 = DoubleVector.broadcast(D, a[i1 + p]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      DoubleVector a2 = DoubleVector.broadcast(D, a[i2 + p]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      DoubleVector a3 = DoubleVector.broadcast(D, a[i3 + p]);
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
      int kc, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc, int cMin,
      int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    int i1 = ao + lda;
    int i2 = i1 + lda;
    int i3 = i2 + lda;
    DoubleVector c00 = DoubleVector.fromArray(D, c, r0);
    DoubleVector c01 = DoubleVector.fromArray(D, c, r0 + last);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c11 = DoubleVector.fromArray(D, c, r1 + last);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c21 = DoubleVector.fromArray(D, c, r2 + last);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    DoubleVector c31 = DoubleVector.fromArray(D, c, r3 + last);
    for (int p = 0; p < kc; p++) {
      int bp = bo + p * ldb;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector b1 = DoubleVector.fromArray(D, b, bp + last);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(D, a[i1 + p]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(D, a[i2 + p]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(D, a[i3 + p]);
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
      int kc, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc, int cMin,
      int last) {
    int r0 = Math.max(co, cMin);
    int r1 = Math.max(co + ldc, cMin);
    int r2 = Math.max(co + 2 * ldc, cMin);
    int r3 = Math.max(co + 3 * ldc, cMin);
    int i1 = ao + lda;
    int i2 = i1 + lda;
    int i3 = i2 + lda;
    DoubleVector c00 = DoubleVector.fromArray(D, c, r0);
    DoubleVector c10 = DoubleVector.fromArray(D, c, r1);
    DoubleVector c20 = DoubleVector.fromArray(D, c, r2);
    DoubleVector c30 = DoubleVector.fromArray(D, c, r3);
    for (int p = 0; p < kc; p++) {
      int bp = bo + p * ldb;
      DoubleVector b0 = DoubleVector.fromArray(D, b, bp);
      DoubleVector a0 = DoubleVector.broadcast(D, a[ao + p]);
      c00 = a0.fma(b0, c00);
      DoubleVector a1 = DoubleVector.broadcast(D, a[i1 + p]);
      c10 = a1.fma(b0, c10);
      DoubleVector a2 = DoubleVector.broadcast(D, a[i2 + p]);
      c20 = a2.fma(b0, c20);
      DoubleVector a3 = DoubleVector.broadcast(D, a[i3 + p]);
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
