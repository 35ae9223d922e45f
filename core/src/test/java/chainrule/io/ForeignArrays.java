// SPDX-License-Identifier: MIT
package chainrule.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Builds an {@code .npz} as other programs write it: other types, byte orders, Fortran order, compression. */
public final class ForeignArrays {
  private final List<Zip.Entry> entries = new ArrayList<>();
  private String type = "<f4";
  private boolean columnMajor, compressed;

  /** Sets numpy's code of the type of the arrays that follow. */
  public ForeignArrays type(String code) {
    type = code;
    return this;
  }

  /** Stores the matrices that follow by columns. */
  public ForeignArrays columnMajor() {
    columnMajor = true;
    return this;
  }

  /** Compresses the arrays that follow. */
  public ForeignArrays compressed() {
    compressed = true;
    return this;
  }

  /** Adds an array whose element i is {@code value(name, i)}, i counted row by row, and the shape is these sizes. */
  public ForeignArrays add(String name, int... shape) {
    int n = 1;
    for (int size : shape) n *= size;
    double[] values = new double[n];
    for (int i = 0; i < n; i++) values[i] = value(name, i);
    return add(name, values, shape);
  }

  /** Adds an array with these elements, row by row. */
  public ForeignArrays add(String name, double[] rowMajor, int... shape) {
    StringBuilder sizes = new StringBuilder("(");
    for (int size : shape) sizes.append(size).append(", ");
    boolean byColumns = columnMajor && shape.length == 2;
    int bytes = type.length() < 3 ? 8 : type.charAt(2) - '0';
    ByteBuffer data = ByteBuffer.allocate(rowMajor.length * bytes)
        .order(type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (int k = 0; k < rowMajor.length; k++) {
      double v = rowMajor[byColumns ? k % shape[0] * shape[1] + k / shape[0] : k];
      switch (type.substring(1)) {
        case "f2" -> data.putShort(half(v));
        case "f4" -> data.putFloat((float) v);
        case "f8" -> data.putDouble(v);
        case "i8" -> data.putLong((long) v);
        default -> data.put((byte) v);
      }
    }
    Zip.Entry entry = new Zip.Entry(name + ".npy", Zip.npy(1, "{'descr': '" + type + "', 'fortran_order': "
        + (byColumns ? "True" : "False") + ", 'shape': " + sizes + "), }", data.array()));
    entries.add(compressed ? entry.deflated() : entry);
    return this;
  }

  /** Adds an entry as it is. */
  public ForeignArrays add(Zip.Entry entry) {
    entries.add(entry);
    return this;
  }

  public byte[] bytes() {
    return Zip.of(entries);
  }

  /** Returns an eighth between −2 and 2 that depends on the name and the index; exact in every format. */
  public static double value(String name, int i) {
    return (Math.floorMod(name.hashCode() * 31 + i * 17, 33) - 16) / 8.0;
  }

  /** Returns the float16 of a number that has one: a sign, 5 bits of exponent, 10 bits of fraction. */
  static short half(double v) {
    if (v == 0) return 0;
    int exponent = Math.getExponent(v);
    int bits = (exponent + 15) << 10 | (int) ((Math.abs(v) / Math.scalb(1.0, exponent) - 1) * 1024);
    return (short) (v < 0 ? bits | 0x8000 : bits);
  }
}
