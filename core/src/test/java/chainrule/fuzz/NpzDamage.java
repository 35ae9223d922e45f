// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import chainrule.io.Zip.Entry;
import chainrule.io.Zip;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Damaged models and checkpoints: bytes, and what lies deeper, with lengths and checksums made right again. */
final class NpzDamage {
  private static final Pattern PIECES = Pattern.compile("(\"(?:knots|piece_means)\": ?)(\\[[^\\]]*\\])");

  private NpzDamage() {}

  static byte[] damaged(FuzzRandom c, byte[] npz) {
    if (c.oneIn(30)) return npz;
    if (c.oneIn(7)) return Mutation.bytes(c, npz);
    if (c.oneIn(100)) return c.bytes(c.fewBelow(200));
    List<Entry> entries = Zip.entries(npz);
    for (int n = 1 + c.fewBelow(3); n > 0; n--) damage(c, entries);
    byte[] zip = Zip.of(entries);
    return c.oneIn(30) ? Mutation.bytes(c, zip) : zip;
  }

  /** Damages the lists of knots and of means in a model whose numbers have pieces. */
  static byte[] ofPieces(FuzzRandom c, byte[] npz) {
    List<Entry> entries = Zip.entries(npz);
    for (Entry e : entries) {
      int start = headerLength(e.content);
      if (!name(e).contains("model.json") || start < 0) continue;
      String json = new String(e.content, start, e.content.length - start, StandardCharsets.UTF_8);
      e.with(Zip.npy(PIECES.matcher(json).replaceAll(m -> Matcher.quoteReplacement(
          c.oneIn(2) ? m.group() : m.group(1) + Mutation.text(c, m.group(2))))));
    }
    return Zip.of(entries);
  }

  /** Gives arrays other names, and other places in the file. */
  static List<Entry> renamed(FuzzRandom c, byte[] npz) {
    List<Entry> entries = Zip.entries(npz);
    for (int n = 1 + c.fewBelow(4); n > 0; n--) {
      Entry e = entries.remove(c.below(entries.size()));
      e.name = c.of(name(e), "W1.npy", "b1.npy", "l2.weight.npy", "l10.weight.npy", "dense/kernel:0.npy", "arr_7.npy",
          "1.running_mean.npy", "step.npy", "x.npy").getBytes(StandardCharsets.UTF_8);
      entries.add(c.below(entries.size() + 1), e);
    }
    return entries;
  }

  private static void damage(FuzzRandom c, List<Entry> entries) {
    if (entries.isEmpty()) return;
    Entry e = entries.get(c.below(entries.size()));
    switch (c.below(8)) {
      case 0, 1, 2 -> {
        List<Entry> texts = entries.stream().filter(t -> name(t).contains("json")).toList();
        if (!texts.isEmpty()) text(c, texts.get(c.below(texts.size())));
      }
      case 3 -> header(c, e);
      case 4 -> e.with(Mutation.bytes(c, e.content));
      case 5 -> rearrange(c, entries, e);
      case 6 -> falsify(c, entries, e);
      default -> weights(c, e);
    }
  }

  private static String name(Entry e) {
    return new String(e.name, StandardCharsets.UTF_8);
  }

  /** Returns the length of an array's header, which is the offset of its data; −1 if this is not an array. */
  private static int headerLength(byte[] npy) {
    if (npy.length < 10 || npy[6] != 1) return -1;
    int length = 10 + (npy[8] & 0xFF) + ((npy[9] & 0xFF) << 8);
    return length <= npy.length ? length : -1;
  }

  private static void text(FuzzRandom c, Entry e) {
    int start = headerLength(e.content);
    if (start < 0) return;
    String json = new String(e.content, start, e.content.length - start, StandardCharsets.UTF_8);
    e.with(Zip.npy(Mutation.text(c, json)));
  }

  private static void header(FuzzRandom c, Entry e) {
    int start = headerLength(e.content);
    if (start < 0) return;
    String header = new String(e.content, 10, start - 10, StandardCharsets.ISO_8859_1).strip();
    e.with(Zip.npy(1 + c.below(3), Mutation.text(c, header), Arrays.copyOfRange(e.content, start, e.content.length)));
  }

  private static void weights(FuzzRandom c, Entry e) {
    byte[] b = e.content.clone();
    int start = headerLength(b);
    if (start < 0 || b.length < start + 8) return;
    long bits = Double.doubleToRawLongBits(c.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e308,
        -1e308, 4.9e-324, 0.0));
    int at = start + 8 * c.below((b.length - start) / 8);
    for (int i = 0; i < 8; i++) b[at + i] = (byte) (bits >> 8 * i);
    e.with(b);
  }

  private static void rearrange(FuzzRandom c, List<Entry> entries, Entry e) {
    Entry other = entries.get(c.below(entries.size()));
    switch (c.below(6)) {
      case 0 -> entries.remove(e);
      case 1 -> entries.add(e);
      case 2 -> e.name = other.name;
      case 3 -> e.name = c.of("../../x.npy", "/x.npy", "layer0.weight", "optimizer99999.npy", "best.npy", "",
          "\0.npy").getBytes(StandardCharsets.UTF_8);
      case 4 -> e.with(other.content.clone());
      default -> entries.add(
          c.below(entries.size()), new Entry(c.of("optimizer2.npy", "epoch.npy", "x", "dir/"), other.content));
    }
  }

  private static void falsify(FuzzRandom c, List<Entry> entries, Entry e) {
    int extreme = c.of(0, 1, -1, -2, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE, e.size + 1, e.size - 1);
    switch (c.below(9)) {
      case 0 -> e.size = extreme;
      case 1 -> e.compressedSize = extreme;
      case 2 -> e.offset = extreme;
      case 3 -> e.crc ^= 1;
      case 4 -> e.method = c.of(1, 8, 9, 14, 99);
      case 5 -> e.flags = c.below(1 << 16);
      case 6 -> e.comment = c.bytes(c.below(9));
      case 7 -> e.extra = c.oneIn(2) ? c.bytes(c.below(40)) : zip64(c);
      default -> new ArrayList<>(entries).forEach(x -> x.size = extreme);
    }
  }

  /** Returns an extra field for sizes of more than 32 bits. */
  private static byte[] zip64(FuzzRandom c) {
    byte[] b = c.bytes(28);
    b[0] = 1;
    b[1] = 0;
    b[2] = (byte) (8 * c.below(4));
    b[3] = 0;
    return b;
  }
}
