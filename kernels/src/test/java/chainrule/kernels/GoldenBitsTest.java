// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static chainrule.kernels.KernelsUnderTest.SCALAR;
import static chainrule.kernels.KernelsUnderTest.VECTOR;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Compares the bits of every kernel on fixed data with the hashes in {@code golden.txt}. The other tests compare lanes
 * and threads within one JVM. This one requires the same bits on every JDK, {@code -XX:UseAVX} and processor.
 */
class GoldenBitsTest {

  @Test
  void everyKernelGivesTheRecordedBits() throws IOException {
    String file;
    try (InputStream in = GoldenBitsTest.class.getResourceAsStream("golden.txt")) {
      file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    StringBuilder fresh = new StringBuilder(file.substring(0, file.indexOf('\n') + 1));
    for (Map.Entry<String, String> e : hashes(SCALAR).entrySet()) {
      fresh.append(e.getKey()).append(' ').append(e.getValue()).append('\n');
    }
    assertEquals(file, fresh.toString(), "The bits of a kernel changed, or a kernel was added or removed. If this is "
        + "intended, copy the lines that differ into kernels/src/test/resources/chainrule/kernels/golden.txt. If bits "
        + "changed, also state the reason in CHANGELOG.md.");
    assertEquals(hashes(SCALAR), hashes(VECTOR), VECTOR.name());
    assertEquals(hashes(SCALAR), hashes(VECTOR.withThreads(3)), "3 threads");
  }

  private static Map<String, String> hashes(Kernels kernels) {
    Map<String, String> all = new TreeMap<>();
    for (KernelOperation operation : KernelOperation.values()) {
      MessageDigest digest = sha256();
      for (int[] size : new int[][] {{3, 37}, {1, 530}, {5, 8}, {2, 3}}) {
        KernelOperation.Shape shape = KernelOperation.Shape.of(size[0], size[1], 1, 2, 3);
        for (boolean special : new boolean[] {false, true}) {
          int n = shape.n() + 5;
          double[] z = data(n, 3, special);
          operation.run.on(kernels, shape, data(n, 1, special), data(n, 2, special), z);
          add(digest, z);
        }
      }
      all.put(operation.name(), hex(digest));
    }
    for (MatmulCase.Form form : MatmulCase.Form.values()) {
      MessageDigest digest = sha256();
      MatmulCase p = new MatmulCase(form, 13, 29, 300, 2, 3, false, 0);
      add(digest, p.on(kernels, data(11_000, 4, false), data(11_000, 5, false), data(600, 6, false)));
      all.put("MATMUL_" + form, hex(digest));
    }
    return all;
  }

  /**
   * Ordinary numbers, or with a special value in place of every eighth. The generator is written here, so that no JDK
   * can change it.
   */
  private static double[] data(int n, long seed, boolean withSpecial) {
    double[] special = {
      0, -0.0, 1, -1, Double.MIN_VALUE, 0x1p-1040, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN,
      709.7, -745.1, 1e300, -1e-300, 0.55, 36.9
    };
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      long z = (seed << 32) + (i + 1) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      double uniform = (z >> 11) * 0x1p-52, scale = (z & 3) == 0 ? 0.1 : (z & 3) == 1 ? 30 : 2;
      x[i] = withSpecial && (z & 0x70) == 0 ? special[(int) ((z >>> 7) % special.length)] : uniform * scale;
    }
    return x;
  }

  private static void add(MessageDigest digest, double[] x) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * x.length);
    for (double v : x) bytes.putLong(Double.doubleToLongBits(v)); // all NaNs hash alike
    digest.update(bytes.array());
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, 12);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
