// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.io.OnnxFile.Attribute;
import chainrule.io.OnnxFile.Node;
import chainrule.io.OnnxValue.Chain;
import chainrule.io.OnnxValue.Constant;
import chainrule.io.OnnxValue.Sizes;
import java.util.ArrayList;
import java.util.List;

/**
 * What the nodes of an ONNX graph stand for that change shapes and not numbers. PyTorch writes {@code x.view(x.size(0),
 * -1)} as Shape, Gather, Unsqueeze, Concat and Reshape, so {@link Sizes} follow the computed shapes.
 */
final class OnnxShapes {
  /** The most whole numbers of a shape. */
  private static final int MOST_SIZES = 64;

  private OnnxShapes() {}

  /** Returns what a node stands for; null if it is not of this kind, or not supported. */
  static OnnxValue result(Node n, List<OnnxValue> in) {
    OnnxValue x = in.isEmpty() ? null : in.get(0), y = in.size() < 2 ? null : in.get(1);
    return switch (n.operator()) {
      case "Shape" -> shape(n, x);
      case "Gather" -> gather(sizes(x), sizes(y));
      case "Slice" -> slice(n, in);
      case "Concat" -> concat(in);
      case "Flatten" -> flatten(n, x);
      case "Reshape" -> x instanceof Chain c ? reshape(n, c, sizes(y == null ? attribute(n, "shape") : y)) : null;
      case "Squeeze", "Unsqueeze" -> squeeze(n, x, y == null ? attribute(n, "axes") : y);
      case "Transpose" -> transpose(n, x);
      default -> null;
    };
  }

  private static OnnxValue attribute(Node n, String name) {
    Attribute a = n.attributes().get(name);
    return a == null ? null : new Sizes(a.integers());
  }

  /** Returns the whole numbers of a value; null if it has none, or too many for a shape. */
  private static List<Long> sizes(OnnxValue v) {
    if (v instanceof Sizes s) return s.values();
    long[] values = v instanceof Constant c && c.tensor().elements() <= MOST_SIZES ? c.tensor().longs() : null;
    if (values == null) return null;
    List<Long> list = new ArrayList<>();
    for (long value : values) list.add(value);
    return list;
  }

  // ---------------------------------------------------------------- computed shapes

  private static OnnxValue shape(Node n, OnnxValue x) {
    if (!(x instanceof Chain c)) return null;
    List<Long> all = new ArrayList<>(List.of(c.rows() > 0 ? c.rows() : Sizes.ROWS));
    for (int d : c.dims()) all.add((long) d);
    if (all.contains(0L)) return null;
    int size = all.size();
    return new Sizes(all.subList(place(n.integer("start", 0), size), Math.max(
        place(n.integer("start", 0), size), place(n.integer("end", size), size))));
  }

  /** Returns an index that may count from the end, at most the size. */
  private static int place(long index, int size) {
    return (int) Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }

  private static OnnxValue gather(List<Long> from, List<Long> indices) {
    if (from == null || indices == null) return null;
    List<Long> found = new ArrayList<>();
    for (long i : indices) {
      long k = i < 0 ? i + from.size() : i;
      if (k < 0 || k >= from.size()) return null;
      found.add(from.get((int) k));
    }
    return new Sizes(found);
  }

  private static OnnxValue slice(Node n, List<OnnxValue> in) {
    List<Long> from = in.isEmpty() ? null : sizes(in.get(0));
    List<Long> starts = in.size() > 1 ? sizes(in.get(1)) : sizes(attribute(n, "starts"));
    List<Long> ends = in.size() > 2 ? sizes(in.get(2)) : sizes(attribute(n, "ends"));
    boolean plain = from != null && starts != null && ends != null && starts.size() == 1 && ends.size() == 1
        && (in.size() < 5 || List.of(1L).equals(sizes(in.get(4))));
    if (!plain) return null;
    int start = place(starts.get(0), from.size());
    return new Sizes(from.subList(start, Math.max(start, place(ends.get(0), from.size()))));
  }

  private static OnnxValue concat(List<OnnxValue> in) {
    List<Long> all = new ArrayList<>();
    for (OnnxValue v : in) {
      List<Long> part = sizes(v);
      if (part == null || all.size() + part.size() > MOST_SIZES) return null;
      all.addAll(part);
    }
    return new Sizes(all);
  }

  /** Returns the product of two sizes; null if one of them is the number of rows. */
  static OnnxValue product(OnnxValue x, OnnxValue y) {
    List<Long> a = sizes(x), b = sizes(y);
    boolean known = a != null && b != null && a.size() == 1 && b.size() == 1 && Math.min(a.get(0), b.get(0)) > 0
        && a.get(0) <= Integer.MAX_VALUE && b.get(0) <= Integer.MAX_VALUE;
    return known ? new Sizes(List.of(a.get(0) * b.get(0))) : null;
  }

  // ---------------------------------------------------------------- shapes of rows

  private static OnnxValue flatten(Node n, OnnxValue x) {
    if (!(x instanceof Chain c)) return null;
    long axis = n.integer("axis", 1);
    return axis == 1 || axis == 1 - c.rank() ? c.shaped(List.of(c.width())) : null;
  }

  /** Reshapes the numbers of each row, which keep their order. */
  private static OnnxValue reshape(Node n, Chain c, List<Long> to) {
    if (to == null || to.isEmpty()) return null;
    boolean copies = n.integer("allowzero", 0) == 0;
    long first = to.get(0);
    int width = c.width(), rows = first == Sizes.ROWS || first == 0 && copies || first == c.rows() && first > 0 ? 1 : 0;
    int free = 0;
    long product = 1;
    List<Integer> dims = new ArrayList<>();
    for (int k = 1; k < to.size(); k++) {
      long d = to.get(k) == 0 && copies && k < c.rank() ? c.dims().get(k - 1) : to.get(k);
      if (d == -1 && free++ == 0) {
        dims.add(0);
      } else if (d > 0 && d <= width) {
        dims.add((int) d);
        product = Math.min(product * d, Integer.MAX_VALUE);
      } else {
        return refusedShape(n, c, to);
      }
    }
    boolean inferred = free == 1 && rows == 1 && (width == 0 ? dims.size() == 1 : width % product == 0);
    boolean whole = free == 0 && product == width && (rows == 1 || first == -1 || first == 1 && c.rows() == 0);
    if (!inferred && !whole) return refusedShape(n, c, to);
    dims.replaceAll(d -> d == 0 ? (int) (width / Math.max(1, productOf(dims))) : d);
    return c.shaped(dims);
  }

  private static int productOf(List<Integer> dims) {
    return dims.stream().filter(d -> d > 0).reduce(1, (a, b) -> a * b);
  }

  private static OnnxValue refusedShape(Node n, Chain c, List<Long> to) {
    List<String> shown = to.stream().limit(8).map(d -> d == Sizes.ROWS ? "N" : String.valueOf(d)).toList();
    return OnnxOperators.refused(n, "reshapes to [" + String.join(", ", shown) + (to.size() > 8 ? ", …" : "")
        + "]; expected rows of " + c.width() + " columns");
  }

  /** Removes or adds dimensions of one number; whole numbers keep their values. */
  private static OnnxValue squeeze(Node n, OnnxValue x, OnnxValue axes) {
    if (sizes(x) != null) return new Sizes(sizes(x));
    if (!(x instanceof Chain c)) return null;
    boolean adds = n.operator().equals("Unsqueeze");
    List<Long> at = axes == null ? null : sizes(axes);
    List<Integer> dims = new ArrayList<>(c.dims());
    if (at == null && axes == null && !adds) { // all dimensions of 1
      dims.removeIf(d -> d == 1);
      return c.shaped(dims);
    }
    if (at == null || at.size() != 1) return null;
    int size = dims.size() + (adds ? 2 : 1), k = (int) (at.get(0) < 0 ? at.get(0) + size : at.get(0)) - 1;
    if (k < 0 || k >= size - 1 || !adds && dims.get(k) != 1) return null;
    if (adds) dims.add(k, 1);
    else dims.remove(k);
    return c.shaped(dims);
  }

  private static OnnxValue transpose(Node n, OnnxValue x) {
    Attribute perm = n.attributes().get("perm");
    boolean swaps = perm == null || perm.integers().equals(List.of(1L, 0L));
    return x instanceof Constant c && c.tensor().rank() == 2 && swaps ? new Constant(c.tensor(), !c.transposed())
        : null;
  }
}
