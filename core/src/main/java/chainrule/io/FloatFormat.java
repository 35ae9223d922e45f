// SPDX-License-Identifier: MIT
package chainrule.io;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/**
 * How files store real numbers. Each format widens to double exactly.
 * <pre>
 *             sign  exponent  fraction
 *   float16      1         5        10
 *   bfloat16     1         8         7    the upper half of a float32
 *   float32      1         8        23
 *   float64      1        11        52
 * </pre>
 */
enum FloatFormat {
  FLOAT16(2), BFLOAT16(2), FLOAT32(4), FLOAT64(8);

  /** The bytes of a number. */
  final int bytes;

  FloatFormat(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the format that numpy names {@code f2}, {@code f4} or {@code f8}, without the byte order. */
  static Optional<FloatFormat> ofNumpy(String code) {
    return switch (code) {
      case "f2" -> Optional.of(FLOAT16);
      case "f4" -> Optional.of(FLOAT32);
      case "f8" -> Optional.of(FLOAT64);
      default -> Optional.empty();
    };
  }

  /** Returns the format with this number in onnx.proto. */
  static Optional<FloatFormat> ofOnnx(long type) {
    return switch ((int) Math.min(type, Integer.MAX_VALUE)) {
      case 1 -> Optional.of(FLOAT32);
      case 10 -> Optional.of(FLOAT16);
      case 11 -> Optional.of(FLOAT64);
      case 16 -> Optional.of(BFLOAT16);
      default -> Optional.empty();
    };
  }

  /** Returns the number at this byte, in the byte order of the buffer. */
  double get(ByteBuffer b, int at) {
    return switch (this) {
      case FLOAT16 -> half(b.getShort(at));
      case BFLOAT16 -> Float.intBitsToFloat(b.getShort(at) << 16);
      case FLOAT32 -> b.getFloat(at);
      case FLOAT64 -> b.getDouble(at);
    };
  }

  /** Returns the value of a float16: f · 2⁻²⁴ for the exponent 0, else (1024 + f) · 2^(e − 25). */
  private static double half(short bits) {
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double magnitude = exponent == 31 ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
        : exponent == 0 ? fraction * 0x1p-24 : Math.scalb(1024 + fraction, exponent - 25);
    return bits < 0 ? -magnitude : magnitude;
  }

  /** Returns the name that numpy, PyTorch and ONNX use, such as float32. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
