// SPDX-License-Identifier: MIT
package chainrule.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The template of the unrolled micro-kernels {@link PackedMicroKernels}, {@link DirectMicroKernels}, {@link
 * HalfPackedMicroKernels}, {@link TransposedMicroKernels}, {@link NarrowMicroKernels} and {@link RowMicroKernels}.
 * {@link MicroKernelTemplateTest} compares its output with the committed sources.
 *
 * <pre>
 *   row offsets                                          once a call
 *   accumulators ← C                                     every vector of the tile
 *   for p in 0 … kc:
 *     vectors of one operand                             loaded once a turn
 *     for each element of the other operand:
 *       broadcast it; accumulator = fma(element, vector, accumulator) for each vector
 *   C ← accumulators
 * </pre>
 *
 * In the packed and direct kernels the elements come from rows of A and the vectors from rows of B. In the narrow
 * kernels it is the other way around. Apart from that, the layouts differ only in where the elements of a turn lie.
 */
enum MicroKernelTemplate {

  /** Both operands packed into panels. */
  PACKED("PackedMicroKernels", """
      import static chainrule.kernels.Lanes.COUNT;
      import static chainrule.kernels.Lanes.D;
      import static chainrule.kernels.Panels.WIDTH;

      import jdk.incubator.vector.DoubleVector;

      /**
       * The micro-kernels on packed panels ({@link Panels}). A tile of C stays in registers while one panel of A and up
       * to three panels of B stream by.
       *
       * <pre>
       *                b0     b1     b2          turn p of three panels of B, one vector of each
       *   a[0,p] ·   c00    c01    c02
       *   a[1,p] ·   c10    c11    c12          cRV: row R, vector V of the tile;  cRV = fma(aR, bV, cRV)
       *      …        …      …      …
       * </pre>
       *
       * Each element starts from its value in C and adds its products in the order of p.
       *
       * <p><b>Edges.</b> A tile that would cross an edge of C is moved back inside, so it overlaps its neighbor.
       * <ul>
       * <li>Columns: the last vector starts {@code last} elements after the first column and may overlap the vector
       *     before it. Both compute the same values, because a tile reads all of C before it writes any of it.
       * <li>Rows: rows before {@code cMin} belong to other tiles. They are redirected to row {@code cMin}, the first
       *     row of this tile. That row is stored after them and overwrites what they left there.
       * </ul>
       *
       * <p><b>Why the code is unrolled.</b>
       * <ul>
       * <li>Each accumulator must be a local variable to stay in a register. C2 inlines the methods of the Vector API
       *     without limit, but our methods only within a budget that a tile exceeds.
       * <li>The loop over p is not unrolled: that makes C2 spill registers.
       * <li>The branch in the tile of 6 × 2 is never taken. It divides the loop into two basic blocks. Otherwise C2
       *     loads all six elements of A first, which needs 20 registers, and 6 × 2 is the tile for 16 (JDK 17 and 25:
       *     0.65 of the peak instead of 1.0, with the operands in the first-level cache).
       * <li>Tiles of 6 and 4 rows count elements instead of turns, which saves C2 a shift per operand (4 × 2 on JDK 25:
       *     0.95 of the peak instead of 0.7). For 8 × 3 it makes C2 spill in some starts.
       * <li>The panels' widths are constant powers of two, so every index in the loop is a constant times p, and C2
       *     moves all range checks out of the loop. On JDK 17 a width of three vectors costs a tenth of the speed.
       * <li>Tiles of 8 rows compute the row offsets again for the stores. Keeping eight offsets alive would take
       *     registers from the loop (a tenth slower in one of three starts on JDK 17).
       * <li>Kernels of 6 and 4 rows compute a row of tiles. C2 moves the bounds checks of C out of the loop over tiles
       *     (16 registers, A·Bᵀ 64 × 128 × 10: 1.1 to 1.2 times as fast). With 8 rows that gains nothing.
       * </ul>
       */
      """, """
      /**
       * C += A·B for a row of equal tiles of {@code rows} × {@code vectors}: 8, 6 or 4 rows and 3, 2 or 1 vectors.
       *
       * @param a one panel of A [kc × WIDTH]
       * @param b {@code vectors} panels of B [kc × COUNT] for each tile, one after the other
       * @param co the first element of the first tile; it may lie before {@code cMin}
       * @param cMin the first element of the first row of C that the tile may touch
       * @param last the distance from the first vector of a tile's row to the last
       * @param cols the columns of all tiles; with 8 rows there is one tile
       */
      """, "int kc, double[] a, int ao, double[] b, int bo, double[] c, int co, int ldc, int cMin, int last, "
      + "int cols") {

    @Override String beforeLoop(int vectors) {
      return IntStream.range(1, vectors).mapToObj(v -> ", o" + v + " = " + (v == 1 ? "bo" : "o" + (v - 1)) + " + size")
          .reduce("int size = kc * COUNT", String::concat) + ";";
    }

    /** The kernels of 6 and 4 rows compute a row of tiles. */
    @Override List<String> tile(int rows, int vectors) {
      if (rows == 8) return super.tile(rows, vectors);
      List<String> text = new ArrayList<>(rowOffsets(rows));
      text.add("int size = kc * COUNT;");
      text.add("for (int j = 0; j < cols; j += " + (vectors == 1 ? "" : vectors + " * ") + "COUNT) {");
      String starts = IntStream.range(1, vectors).mapToObj(v -> ", o" + v + " = o" + (v - 1) + " + size")
          .reduce("int o0 = bo + j * kc", String::concat);
      text.add("  " + starts + ";");
      for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
          text.add("  DoubleVector c" + r + v + " = DoubleVector.fromArray(D, c, r" + r + " + j" + columnAt(v, vectors)
              + ");");
        }
      }
      for (String line : loop(rows, vectors)) text.add("  " + line.replace("(D, b, bo + i)", "(D, b, o0 + i)"));
      for (int r = 0; r < rows; r++) {
        for (int v = 0; v < vectors; v++) {
          text.add("  c" + r + v + ".intoArray(c, r" + r + " + j" + columnAt(v, vectors) + ");");
        }
      }
      text.add("}");
      return text;
    }

    @Override List<String> loopOver(int rows) {
      return rows == 8
          ? List.of("for (int p = 0; p < kc; p++) {", "  int i = p * COUNT;")
          : List.of("for (int i = 0; i < size; i += COUNT) {");
    }

    @Override String neverTaken() {
      return "i == size";
    }

    @Override String vectorAt(int v, int vectors) {
      return "b, " + (v == 0 ? "bo" : "o" + v) + " + i";
    }

    @Override String elementAt(int e) {
      return "a[ao + i * (WIDTH / COUNT)" + (e == 0 ? "" : " + " + e) + "]";
    }
  },

  /** Both operands read in place. */
  DIRECT("DirectMicroKernels", """
      import static chainrule.kernels.Lanes.COUNT;
      import static chainrule.kernels.Lanes.D;

      import jdk.incubator.vector.DoubleVector;

      /**
       * The micro-kernels on matrices that are read in place, because packing them would cost more than it saves. The
       * order of additions, the edges and the reason for the unrolled code are those of {@link PackedMicroKernels}.
       *
       * <p>A is read along its rows with a step of one, so C2 moves its range checks out of the loop. Those of B stay.
       */
      """, """
      /**
       * C += A·B for a tile of {@code rows} × {@code vectors}: 8, 6 or 4 rows, and 3, 2 or 1 vectors. Rows of A are
       * {@code lda} apart, rows of B {@code ldb}, rows of C {@code ldc}.
       *
       * @param co the tile's first element; it may lie before {@code cMin}
       * @param cMin the first element of the first row of C that the tile may touch
       * @param last the distance from a row's first vector to its last
       */
      """, "int kc, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc, int cMin, "
      + "int last") {

    @Override List<String> elementOffsets(int elements) {
      return rowsOfA(elements);
    }

    @Override List<String> loopOver(int rows) {
      return List.of("for (int p = 0; p < kc; p++) {", "  int bp = bo + p * ldb;");
    }

    @Override String neverTaken() {
      return "p == kc";
    }

    @Override String vectorAt(int v, int vectors) {
      return "b, bp" + columnAt(v, vectors);
    }

    @Override String elementAt(int e) {
      return "a[" + (e == 0 ? "ao" : "i" + e) + " + p]";
    }
  },

  /** A read in place, B packed into panels. */
  HALF_PACKED("HalfPackedMicroKernels", """
      import static chainrule.kernels.Lanes.COUNT;
      import static chainrule.kernels.Lanes.D;

      import jdk.incubator.vector.DoubleVector;

      /**
       * The micro-kernels for two vectors of columns, on an A that is read in place and two packed panels of B, with 32
       * registers. With B in place, a turn of 4 × 2 needs 41 instructions for 8 multiply-adds, 12 of them for the
       * offsets and bounds checks of B. The order of additions, the edges and the reason for the unrolled code are
       * those of {@link PackedMicroKernels}.
       *
       * <p>The branch in the loop is never taken. Otherwise C2 loads all elements of A first (JDK 25, n = 32: 1.2 times
       * as long).
       */
      """, """
      /**
       * C += A·B for a tile of {@code rows} × {@code vectors}: 8 or 4 rows, and 2 vectors. Rows of A are {@code lda}
       * apart, rows of C {@code ldc}.
       *
       * @param b two panels of B [kc × COUNT], one after the other
       * @param co the tile's first element; it may lie before {@code cMin}
       * @param cMin the first element of the first row of C that the tile may touch
       * @param last the distance from a row's first vector to its last
       */
      """, "int kc, double[] a, int ao, int lda, double[] b, int bo, double[] c, int co, int ldc, int cMin, int last") {

    @Override List<String> elementOffsets(int elements) {
      return rowsOfA(elements);
    }

    @Override String beforeLoop(int vectors) {
      return "int o1 = bo + kc * COUNT;";
    }

    @Override List<String> loopOver(int rows) {
      return List.of("for (int p = 0; p < kc; p++) {", "  int i = p * COUNT;");
    }

    @Override String neverTaken() {
      return "p == kc";
    }

    @Override int elementsBeforeBranch(int elements, int vectors) {
      return elements == 8 ? 3 : 0;
    }

    @Override String vectorAt(int v, int vectors) {
      return "b, " + (v == 0 ? "bo" : "o" + v) + " + i";
    }

    @Override String elementAt(int e) {
      return "a[" + (e == 0 ? "ao" : "i" + e) + " + p]";
    }

    @Override int[][] sizes() {
      return new int[][] {{8, 2}, {4, 2}};
    }
  },

  /** Aᵀ·B with both operands read in place. */
  TRANSPOSED("TransposedMicroKernels", """
      import static chainrule.kernels.Lanes.COUNT;
      import static chainrule.kernels.Lanes.D;

      import jdk.incubator.vector.DoubleVector;

      /**
       * The micro-kernels of Aᵀ·B on matrices that are read in place. The elements of a turn are neighbors in a row of
       * A. The order of additions, the edges and the reason for the unrolled code are those of {@link
       * PackedMicroKernels}.
       */
      """, """
      /**
       * C += Aᵀ·B for a tile of {@code rows} × {@code vectors}: 8 or 4 rows, and 3, 2 or 1 vectors. Rows of A are
       * {@code lda} apart, rows of B {@code ldb}, rows of C {@code ldc}.
       *
       * @param co the tile's first element; it may lie before {@code cMin}
       * @param cMin the first element of the first row of C that the tile may touch
       * @param last the distance from a row's first vector to its last
       * @param out co once more. With one parameter for loads and stores, C2 keeps the rows' offsets during the loop,
       *     in vector registers, and moves between registers compete with multiply-adds (8 × 2: 0.87 of the peak
       *     instead of 1.0)
       */
      """, "int kc, double[] a, int ao, int lda, double[] b, int bo, int ldb, double[] c, int co, int ldc, int cMin, "
      + "int last, int out") {

    @Override List<String> loopOver(int rows) {
      return List.of("for (int p = 0; p < kc; p++) {", "  int bp = bo + p * ldb, ap = ao + p * lda;");
    }

    @Override String vectorAt(int v, int vectors) {
      return "b, bp" + columnAt(v, vectors);
    }

    @Override String elementAt(int e) {
      return "a[ap" + (e == 0 ? "" : " + " + e) + "]";
    }

    @Override int[][] sizes() {
      return new int[][] {{8, 3}, {8, 2}, {8, 1}, {4, 3}, {4, 2}, {4, 1}};
    }

    @Override String storesFrom() {
      return "out";
    }
  },

  /** Aᵀ·B with few columns: vectors of A, elements of B, C transposed in a scratch array. */
  NARROW("NarrowMicroKernels", """
      import static chainrule.kernels.Lanes.COUNT;
      import static chainrule.kernels.Lanes.D;
      import static chainrule.kernels.NarrowKernels.STRIP;

      import jdk.incubator.vector.DoubleVector;

      /**
       * The micro-kernels of {@link NarrowKernels}, vectorized over the rows of C: up to five columns of a strip of two
       * vectors of rows. The strip is transposed in a scratch array, so each column is contiguous.
       *
       * <pre>
       *                    b[p,j]   b[p,j+1]  …          one element of B, broadcast to all lanes
       *   a[p, i … ]        c00       c01                cVJ: vector V of rows, column J;  cVJ = fma(aV, bJ, cVJ)
       *   a[p, i+COUNT … ]  c10       c11
       * </pre>
       *
       * Each element starts from its value in the strip and adds its products in the order of p. The reason for the
       * unrolled code is that of {@link PackedMicroKernels}.
       */
      """, """
      /**
       * S += Aᵀ·B for {@code columns} columns (1 to 5) of a strip. Rows of A are {@code lda} apart, rows of B {@code
       * ldb}.
       *
       * @param last the distance in A from the strip's first vector of rows to its second; 0 if there is one vector
       * @param s the transposed strip [columns × STRIP]
       */
      """, "int k, double[] a, int ao, int lda, int last, double[] b, int bo, int ldb, double[] s, int so") {

    @Override List<String> loopOver(int columns) {
      return List.of("for (int p = 0; p < k; p++) {", "  int ap = ao + p * lda, bp = bo + p * ldb;");
    }

    @Override String vectorAt(int v, int vectors) {
      return "a, ap" + columnAt(v, vectors);
    }

    @Override String elementAt(int e) {
      return "b[bp" + (e == 0 ? "" : " + " + e) + "]";
    }

    @Override int[][] sizes() {
      return new int[][] {{5, 2}, {4, 2}, {3, 2}, {2, 2}, {1, 2}};
    }

    @Override String name(int columns, int vectors) {
      return "columns" + columns;
    }

    @Override String sizeParameters() {
      return "int columns";
    }

    @Override String dispatcher() {
      return "columns";
    }

    @Override String selector() {
      return "columns";
    }

    @Override String caseOf(int columns, int vectors) {
      return "" + columns;
    }

    @Override List<String> tile(int columns, int vectors) {
      List<String> text = new ArrayList<>();
      for (int j = 0; j < columns; j++) {
        for (int v = 0; v < vectors; v++) {
          text.add("DoubleVector c" + v + j + " = DoubleVector.fromArray(D, s, " + stripAt(j, v) + ");");
        }
      }
      text.addAll(loop(columns, vectors));
      for (int j = 0; j < columns; j++) {
        for (int v = 0; v < vectors; v++) text.add("c" + v + j + ".intoArray(s, " + stripAt(j, v) + ");");
      }
      return text;
    }

    private String stripAt(int column, int v) {
      String strip = column == 0 ? "" : column == 1 ? " + STRIP" : " + " + column + " * STRIP";
      return "so" + strip + (v == 0 ? "" : " + COUNT");
    }

    @Override String accumulator(int e, int v) {
      return "c" + v + e;
    }

    @Override String product(int e, int v) {
      return "a" + v + ".fma(b" + e + ", ";
    }

    @Override String vectorOperand() {
      return "a";
    }
  },

  /** One row of C. */
  ROW("RowMicroKernels", """
      import static chainrule.kernels.Lanes.COUNT;
      import static chainrule.kernels.Lanes.D;

      import jdk.incubator.vector.DoubleVector;

      /**
       * The micro-kernels of {@link RowKernels#sum}: up to 16 vectors of a row of C stay in registers while the rows of
       * B stream by, each from its start to its end, as processors prefetch them.
       *
       * <p>The vectors are two halves. The second one starts {@code half} elements after the first and may overlap it.
       * Both compute the same values, because all of C is read before any of it is written. So a kernel of V vectors
       * computes any number of columns from V/2 · COUNT to V · COUNT.
       */
      """, """
      /**
       * C += A·B for one row of {@code vectors}: 16, 8, 4 or 2. The elements of A are {@code step} apart, the rows of B
       * {@code ldb}.
       *
       * @param half the distance from the first vector to the first of the second half
       */
      """, "int k, double[] a, int ao, int step, double[] b, int bo, int ldb, double[] c, int co, int half") {

    @Override List<String> loopOver(int rows) {
      return List.of(
          "for (int p = 0, ai = ao, b0 = bo, b1 = bo + half; p < k; p++, ai += step, b0 += ldb, b1 += ldb) {");
    }

    @Override String vectorAt(int v, int vectors) {
      return "b, b" + inHalves(v, vectors);
    }

    @Override String elementAt(int e) {
      return "a[ai]";
    }

    @Override int[][] sizes() {
      return new int[][] {{1, 16}, {1, 8}, {1, 4}, {1, 2}};
    }

    @Override String name(int rows, int vectors) {
      return "vectors" + vectors;
    }

    @Override String sizeParameters() {
      return "int vectors";
    }

    @Override String dispatcher() {
      return "row";
    }

    @Override String selector() {
      return "vectors";
    }

    @Override String caseOf(int rows, int vectors) {
      return "" + vectors;
    }

    @Override List<String> tile(int rows, int vectors) {
      List<String> text = new ArrayList<>(List.of("int c0 = co, c1 = co + half;"));
      for (int v = 0; v < vectors; v++) {
        text.add("DoubleVector s" + v + " = DoubleVector.fromArray(D, c, c" + inHalves(v, vectors) + ");");
      }
      text.addAll(loopOver(rows));
      text.add("  DoubleVector x = DoubleVector.broadcast(D, " + elementAt(0) + ");");
      for (int v = 0; v < vectors; v++) {
        text.add("  s" + v + " = x.fma(DoubleVector.fromArray(D, " + vectorAt(v, vectors) + "), s" + v + ");");
      }
      text.add("}");
      for (int v = 0; v < vectors; v++) text.add("s" + v + ".intoArray(c, c" + inHalves(v, vectors) + ");");
      return text;
    }

    private static String inHalves(int v, int vectors) {
      int second = v / (vectors / 2), i = v % (vectors / 2);
      return second + (i == 0 ? "" : i == 1 ? " + COUNT" : " + " + i + " * COUNT");
    }
  };

  final String className;
  private final String head;
  private final String dispatchJavadoc;
  private final String parameters;

  MicroKernelTemplate(String className, String head, String dispatchJavadoc, String parameters) {
    this.className = className;
    this.head = head;
    this.dispatchJavadoc = dispatchJavadoc;
    this.parameters = parameters;
  }

  /** The whole source file. */
  String source() {
    StringBuilder text = new StringBuilder("""
        // SPDX-License-Identifier: MIT
        // Generated by MicroKernelTemplateTest from MicroKernelTemplate (kernels/src/test). Edit the template, run the
        // test, and install the new file with the command that the failing test prints.
        package chainrule.kernels;

        """);
    text.append(head).append("final class ").append(className).append(" {\n");
    text.append("  private ").append(className).append("() {}\n\n");
    text.append(dispatchJavadoc.indent(2));
    text.append(signature("static void " + dispatcher(), sizeParameters() + ", " + parameters));
    text.append("    switch (").append(selector()).append(") {\n");
    int[][] sizes = sizes();
    for (int i = 0; i < sizes.length; i++) {
      int elements = sizes[i][0], vectors = sizes[i][1];
      text.append("      ").append(i < sizes.length - 1 ? "case " + caseOf(elements, vectors) : "default");
      text.append(" -> ").append(name(elements, vectors)).append('(').append(arguments()).append(");\n");
    }
    text.append("    }\n  }\n");
    for (int[] size : sizes) {
      text.append('\n').append(signature("private static void " + name(size[0], size[1]), parameters));
      for (String line : tile(size[0], size[1])) text.append("    ").append(line).append('\n');
      text.append("  }\n");
    }
    return text.append("}\n").toString();
  }

  // ---------------------------------------------------------------- what differs between the layouts

  /** The sizes of tiles: elements of the broadcast operand × vectors of the other; the last is the default. */
  int[][] sizes() {
    return new int[][] {{8, 3}, {8, 2}, {8, 1}, {6, 2}, {6, 1}, {4, 3}, {4, 2}, {4, 1}};
  }

  String name(int rows, int vectors) {
    return "tile" + rows + "x" + vectors;
  }

  /** The method that selects a tile by its size: its name, its first parameters, what it switches on. */
  String dispatcher() {
    return "tile";
  }

  String sizeParameters() {
    return "int rows, int vectors";
  }

  String selector() {
    return "rows * 4 + vectors";
  }

  String caseOf(int rows, int vectors) {
    return rows + " * 4 + " + vectors;
  }

  /** Declarations of where the rows of A start, for layouts that need them. */
  List<String> elementOffsets(int elements) {
    return List.of();
  }

  /** The starts of rows of an A that is read in place. */
  static List<String> rowsOfA(int rows) {
    return IntStream.range(1, rows)
        .mapToObj(e -> "int i" + e + " = " + (e == 1 ? "ao" : "i" + (e - 1)) + " + lda;").toList();
  }

  /** A declaration between the loads of C and the loop; empty if there is none. */
  String beforeLoop(int vectors) {
    return "";
  }

  /** The header of the loop over p, and declarations at the start of each turn. */
  abstract List<String> loopOver(int elements);

  /** The number of elements before a branch that is never taken; 0 if there is none. */
  int elementsBeforeBranch(int elements, int vectors) {
    return elements == 6 && vectors == 2 ? 2 : 0;
  }

  /** A condition that is never true in the loop over p. C2 cannot prove that. */
  String neverTaken() {
    throw new UnsupportedOperationException(className + " does not need it");
  }

  /** Array and index of vector v of the vector operand in turn p. */
  abstract String vectorAt(int v, int vectors);

  /** Element e of the broadcast operand in turn p. */
  abstract String elementAt(int e);

  /** The parameter from which the offsets of the stores are computed. */
  String storesFrom() {
    return "co";
  }

  /** The operand that is loaded in vectors; the other one is broadcast. */
  String vectorOperand() {
    return "b";
  }

  String accumulator(int e, int v) {
    return "c" + e + v;
  }

  /** The call that multiplies element e by vector v, up to the accumulator: A first, as in the definition. */
  String product(int e, int v) {
    return "a" + e + ".fma(b" + v + ", ";
  }

  // ---------------------------------------------------------------- the template

  /** The body of one unrolled tile of {@code rows} × {@code vectors}. */
  List<String> tile(int rows, int vectors) {
    List<String> text = new ArrayList<>(rowOffsets(rows));
    text.addAll(elementOffsets(rows));
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        text.add("DoubleVector c" + r + v + " = DoubleVector.fromArray(D, c, r" + r + columnAt(v, vectors) + ");");
      }
    }
    if (!beforeLoop(vectors).isEmpty()) text.add(beforeLoop(vectors));
    text.addAll(loop(rows, vectors));
    text.add("int next = " + storesFrom() + ", s = Math.max(next, cMin);");
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) text.add("c" + r + v + ".intoArray(c, s" + columnAt(v, vectors) + ");");
      if (r < rows - 1) {
        text.add("next += ldc;");
        text.add("s = Math.max(next, cMin);");
      }
    }
    return text;
  }

  /** Where the rows of C start: before the first row that the tile may touch, at that row. */
  static List<String> rowOffsets(int rows) {
    return IntStream.range(0, rows).mapToObj(r -> "int r" + r + " = Math.max(co"
        + (r == 0 ? "" : r == 1 ? " + ldc" : " + " + r + " * ldc") + ", cMin);").toList();
  }

  /** The loop over p: vectors of one operand, elements of the other, one multiply-add for each pair. */
  List<String> loop(int elements, int vectors) {
    List<String> text = new ArrayList<>();
    String x = vectorOperand(), y = x.equals("a") ? "b" : "a";
    text.addAll(loopOver(elements));
    for (int v = 0; v < vectors; v++) {
      text.add("  DoubleVector " + x + v + " = DoubleVector.fromArray(D, " + vectorAt(v, vectors) + ");");
    }
    for (int e = 0; e < elements; e++) {
      boolean branch = e > 0 && e == elementsBeforeBranch(elements, vectors);
      if (branch) text.add("  if (" + neverTaken() + ") break; // never");
      text.add("  DoubleVector " + y + e + " = DoubleVector.broadcast(D, " + elementAt(e) + ");");
      for (int v = 0; v < vectors; v++) {
        text.add("  " + accumulator(e, v) + " = " + product(e, v) + accumulator(e, v) + ");");
      }
    }
    text.add("}");
    return text;
  }

  /** How far vector v starts after a row's first; the last one of a tile may be moved back. */
  static String columnAt(int v, int vectors) {
    return v == 0 ? "" : v == vectors - 1 ? " + last" : " + COUNT";
  }

  private String arguments() {
    return parameters.replaceAll("(int|double\\[\\]) ", "");
  }

  /** The first lines of a method, with the parameters wrapped at 120 columns. */
  private static String signature(String start, String parameters) {
    StringBuilder text = new StringBuilder("  " + start + "(\n");
    String line = "      ";
    for (String parameter : (parameters + ") {").split("(?<=,) ")) {
      if ((line + parameter).length() > 119) {
        text.append(line.stripTrailing()).append('\n');
        line = "      ";
      }
      line += parameter + " ";
    }
    return text.append(line.stripTrailing()).append('\n').toString();
  }
}
