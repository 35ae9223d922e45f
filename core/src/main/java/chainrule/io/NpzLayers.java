// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.io.ForeignNetwork.ForeignLayer;
import chainrule.io.ForeignNetwork.Scale;
import chainrule.text.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds dense layers in the arrays of an {@code .npz} that another program has saved.
 *
 * <p>A layer is a matrix and a vector, its bias. Names decide which vector belongs to which matrix ({@link ArrayRole}),
 * or without such names, as in {@code arr_0, arr_1, …}, their order: the k-th vector is the bias of the k-th matrix.
 * Layers have the order of their matrices in the file. The shapes must form a chain: the outputs of a layer are the
 * inputs of the next one. They also decide whether all matrices are [in × out] or all are [out × in]. Where the file
 * allows two readings, an error names the option that chooses.
 */
final class NpzLayers {
  /** The matrices of a file: [in × out], as Keras and most scripts store them, or [out × in], as PyTorch does. */
  enum WeightShape {
    IN_OUT("in-out", "[in × out]"), OUT_IN("out-in", "[out × in]");

    final String word;
    final String shown;

    WeightShape(String word, String shown) {
      this.word = word;
      this.shown = shown;
    }
  }

  /**
   * What the caller knows about the file.
   *
   * @param layers the layers with their activations, without weights; empty if not given
   * @param arrays the names of the arrays to use, in the order of the layers; empty if not given
   * @param shape null if not given
   * @param noBias whether layers without a bias have the bias 0
   * @param scaling the names of two arrays: the means and the deviations of the inputs; empty if not given
   * @param features the number of inputs; 0 if not given
   */
  record Knowledge(List<ForeignLayer> layers, List<String> arrays, WeightShape shape, boolean noBias,
      List<String> scaling, int features) {}

  /** The arrays of a layer; the bias is null if it has none. */
  private record Pair(String weights, String bias, String layer) {}

  private static final int MOST_SHOWN = 12;
  private static final String OF_OBJECTS = ". Save each matrix and vector as an array of its own, such as "
      + "numpy.savez('weights.npz', *clf.coefs_, *clf.intercepts_)";
  /** Before the name of an array of --scaling: its square roots. */
  private static final String ROOT = "sqrt:";

  private final Npz.Reader npz;
  private final Knowledge known;
  private final Map<String, NpyHeader> headers = new LinkedHashMap<>();
  private final List<String> unused = new ArrayList<>();

  NpzLayers(Npz.Reader npz, Knowledge known) {
    this.npz = npz;
    this.known = known;
  }

  /**
   * Returns the network, whose arrays are read when it is built.
   *
   * @throws DataException saying what does not fit, and which option helps
   */
  ForeignNetwork read() {
    List<String> all = new ArrayList<>(npz.names());
    for (String name : known.scaling) all.remove(plain(name));
    for (String name : known.arrays.isEmpty() ? all : known.arrays) headers.put(name, npz.header(name));
    if (known.arrays.isEmpty()) all.forEach(this::refuseOtherLayers);
    else for (String name : all) if (!headers.containsKey(name)) unused.add(name);
    List<Pair> pairs = pairs();
    if (pairs.isEmpty()) {
      if (npz.names().isEmpty()) throw error("a zip file without arrays of numpy" + ForeignKind.FROM_TORCH);
      boolean objects = headers.values().stream().anyMatch(h -> h.type().equals("|O"));
      throw error("no matrix of real numbers, so no weights; the arrays are " + shown(headers) + (objects ? OF_OBJECTS
          : ". Save a single column of weights with .reshape(-1, 1)."));
    }
    if (known.arrays.isEmpty()) pairs = ordered(pairs);
    requireBiases(pairs);
    WeightShape shape = shape(pairs);
    List<ForeignLayer> layers = layers(pairs, shape);
    Set<String> types = new TreeSet<>();
    for (Pair p : pairs) types.add(headers.get(p.weights).typeName());
    List<String> notes = new ArrayList<>();
    long without = pairs.stream().filter(p -> p.bias == null).count();
    if (without > 0) {
      notes.add(without + " of " + pairs.size() + " layers have no bias in the file, and get biases of 0");
    }
    int inputs = in(pairs.get(0), shape);
    noteUnusedScaling(inputs, notes);
    return new ForeignNetwork(inputs, layers, scaling(inputs), Scale.NONE, List.of(),
        "arrays of " + String.join(" and ", types) + ", weights " + shape.shown, notes, unused);
  }

  private DataException error(String what) {
    return new DataException(npz.source() + ": " + what);
  }

  // ---------------------------------------------------------------- which arrays

  private void refuseOtherLayers(String name) {
    if (ArrayRole.isNormalization(name)) {
      throw error("array '" + name + "' belongs to a layer that standardizes the inputs. Pass --scaling with its means "
          + "and deviations, or sqrt: and its variances, such as --scaling normalization/mean,sqrt:normalization/"
          + "variance.");
    }
    ArrayRole.otherLayer(name).ifPresent(layer -> {
      throw error("array '" + name + "' belongs to " + layer + "; Chainrule has dense layers only"
          + (layer.contains("batch") ? ". Fold it into the layer next to it before saving, or export ONNX."
              : layer.contains("weight") ? ". Save the weights that it computes." : ""));
    });
  }

  /** Returns the matrices with their biases, in the order of the matrices. */
  private List<Pair> pairs() {
    List<String> used = new ArrayList<>();
    for (String name : headers.keySet()) {
      if (isUsable(name)) used.add(name);
      else unused.add(name);
    }
    if (known.arrays.isEmpty() && used.stream().allMatch(n -> n.matches("arr_\\d{1,9}"))) {
      used.sort(NpzLayers::compareNumbers); // numpy has numbered them
    }
    boolean named = used.stream().anyMatch(n -> isMatrix(n) && ArrayRole.of(n).filter(r -> !r.bias()).isPresent());
    return known.arrays.isEmpty() && named ? namedPairs(used) : orderedPairs(used);
  }

  /** Returns whether an array may be part of the network; refuses what is part of a layer but cannot be read. */
  private boolean isUsable(String name) {
    NpyHeader h = headers.get(name);
    boolean chosen = !known.arrays.isEmpty(), role = ArrayRole.of(name).isPresent();
    boolean single = h.shape().length == 0 && (ArrayRole.of(name).filter(ArrayRole::bias).isEmpty()
        || h.floats().isEmpty());
    if (!chosen && (single || ArrayRole.isOtherState(name))) return false;
    if (h.floats().isEmpty()) {
      if (!chosen && !role && h.shape().length != 2) return false;
      throw error("array '" + name + "': expected float16, float32 or float64, found " + h.typeName()
          + (h.typeName().contains("int") ? ". Convert it with .astype('float64'), or choose others with --arrays."
              : h.type().equals("|O") ? OF_OBJECTS
              : h.type().matches("[|<]V2") ? ", perhaps of bfloat16. Convert it with .astype('float32')."
              : h.type().matches("[<>]f\\d+") ? ". Convert it with .astype('float64')."
              : ". Choose others with --arrays."));
    }
    if (h.shape().length > 2) {
      throw error("array '" + name + "' has the shape " + h.shownShape() + ", which no dense layer has, and Chainrule "
          + "has no others. Choose arrays with --arrays if it is not part of the network.");
    }
    if (h.elements() < 1) throw error("array '" + name + "' has the shape " + h.shownShape() + "; expected numbers");
    return true;
  }

  /** Returns whether an array has two dimensions, and is not a bias by its name and shape, such as b1 of (1 × 64). */
  private boolean isMatrix(String name) {
    int[] shape = headers.get(name).shape();
    if (shape.length != 2) return false;
    boolean flat = shape[0] == 1 || shape[1] == 1;
    return !(flat && ArrayRole.of(name).filter(ArrayRole::bias).isPresent());
  }

  private List<Pair> namedPairs(List<String> used) {
    Map<String, String> biases = new HashMap<>(), weights = new LinkedHashMap<>();
    for (String name : used) {
      ArrayRole role = ArrayRole.of(name).orElse(null);
      if (role == null) {
        unused.add(name);
        continue;
      }
      if (!role.bias() && !isMatrix(name)) {
        throw error("array '" + name + "' has the shape " + headers.get(name).shownShape() + "; expected a matrix of "
            + "weights. Save a single column with .reshape(-1, 1), or choose arrays with --arrays; layer normalization "
            + "and PReLU are not supported.");
      }
      if ((role.bias() ? biases : weights).put(role.layer(), name) != null) {
        throw error("two arrays are the " + (role.bias() ? "bias" : "weights") + " of one layer by their names, such "
            + "as '" + name + "'. Choose arrays with --arrays.");
      }
    }
    List<Pair> pairs = new ArrayList<>();
    weights.forEach((layer, name) -> pairs.add(new Pair(name, biases.remove(layer), layer)));
    if (biases.isEmpty()) return pairs;
    throw error("array '" + biases.values().iterator().next() + "' is a bias by its name, but no weights belong to it. "
        + "Choose arrays with --arrays.");
  }

  private List<Pair> orderedPairs(List<String> used) {
    List<String> matrices = used.stream().filter(this::isMatrix).toList();
    List<String> vectors = used.stream().filter(n -> !isMatrix(n)).toList();
    List<Pair> pairs = new ArrayList<>();
    boolean paired = vectors.size() == matrices.size();
    if (matrices.isEmpty()) return pairs;
    if (!paired && !vectors.isEmpty() && known.arrays.isEmpty()) {
      boolean first = !isMatrix(used.get(0)) && !isMatrix(used.get(1));
      throw error(matrices.size() + (matrices.size() == 1 ? " matrix and " : " matrices and ") + vectors.size()
          + (vectors.size() == 1 ? " vector" : " vectors") + "; expected a vector, the bias, for each matrix. "
          + (first ? "If the first two standardize the inputs, pass --scaling " + used.get(0) + "," + used.get(1)
          + ", with sqrt: before a variance, as in Keras. Otherwise choose" : "Choose")
          + " arrays with --arrays W1,b1,W2,b2: " + shown(headers));
    }
    for (String name : used) {
      if (isMatrix(name)) {
        pairs.add(new Pair(name, paired ? vectors.get(pairs.size()) : null, ""));
      } else if (!paired) {
        Pair last = pairs.isEmpty() ? null : pairs.remove(pairs.size() - 1);
        if (last == null || last.bias != null) {
          throw error("--arrays: the vector '" + name + "' does not follow a matrix; expected W1,b1,W2,b2");
        }
        pairs.add(new Pair(last.weights, name, ""));
      }
    }
    return pairs;
  }

  private void requireBiases(List<Pair> pairs) {
    if (known.noBias) return;
    for (Pair p : pairs) {
      if (p.bias == null) {
        throw error("the layer of '" + p.weights + "' has no bias. Pass --no-bias if it has none, or choose arrays "
            + "with --arrays.");
      }
    }
  }

  // ---------------------------------------------------------------- their order

  /**
   * Returns the layers in the order of the file. If their names differ in numbers only and count differently, returns
   * the one order that forms a chain.
   */
  private List<Pair> ordered(List<Pair> pairs) {
    Set<String> skeletons = new TreeSet<>();
    for (Pair p : pairs) skeletons.add(p.layer.replaceAll("\\d+", "#"));
    if (skeletons.size() != 1 || !skeletons.iterator().next().contains("#")) return pairs;
    List<Pair> counted = new ArrayList<>(pairs);
    counted.sort((a, b) -> compareNumbers(a.layer, b.layer));
    if (counted.equals(pairs)) return pairs;
    boolean inFile = isChain(pairs), inCount = isChain(counted);
    if (inFile && inCount) {
      throw error("the file has the layers " + weights(pairs) + ", but their numbers count "
          + weights(counted) + ", and both orders fit. Pass --arrays with the names in the order of the layers.");
    }
    return inCount ? counted : pairs;
  }

  private static String weights(List<Pair> pairs) {
    return shown(pairs.stream().map(Pair::weights).toList());
  }

  private boolean isChain(List<Pair> pairs) {
    for (WeightShape shape : WeightShape.values()) {
      if ((known.shape == null || known.shape == shape) && misfit(pairs, shape).place == pairs.size()) return true;
    }
    return false;
  }

  /** Compares the numbers in two strings that differ in their numbers only. */
  private static int compareNumbers(String a, String b) {
    String[] x = a.split("\\D+"), y = b.split("\\D+");
    for (int i = 0; i < Math.min(x.length, y.length); i++) {
      String p = x[i].replaceFirst("^0+", ""), q = y[i].replaceFirst("^0+", "");
      int order = p.length() != q.length() ? Integer.compare(p.length(), q.length()) : p.compareTo(q);
      if (order != 0) return order;
    }
    return Integer.compare(x.length, y.length);
  }

  // ---------------------------------------------------------------- their shapes

  private int in(Pair p, WeightShape shape) {
    return headers.get(p.weights).shape()[shape == WeightShape.IN_OUT ? 0 : 1];
  }

  private int out(Pair p, WeightShape shape) {
    return headers.get(p.weights).shape()[shape == WeightShape.IN_OUT ? 1 : 0];
  }

  private record Misfit(int place, String what) {}

  /** Returns the first layer whose shapes do not fit, or the number of layers if all fit. */
  private Misfit misfit(List<Pair> pairs, WeightShape shape) {
    List<ForeignLayer> dense = known.layers.stream().filter(ForeignLayer::isDense).toList();
    for (int l = 0; l < pairs.size(); l++) {
      Pair p = pairs.get(l);
      NpyHeader w = headers.get(p.weights), b = p.bias == null ? null : headers.get(p.bias);
      int in = in(p, shape), out = out(p, shape);
      String weights = "array '" + p.weights + "' has the shape " + w.shownShape();
      int before = l > 0 ? out(pairs.get(l - 1), shape) : known.features;
      if (before > 0 && before != in) {
        return new Misfit(l, weights + ", as " + shape.shown + " " + in + " inputs, but "
            + (l > 0 ? "the layer before it has " + before + " outputs" : "--features names " + before));
      }
      if (b != null && !isVector(b, out)) {
        return new Misfit(l, weights + ", as " + shape.shown + " " + out + " outputs, but its bias '" + p.bias
            + "' has the shape " + b.shownShape());
      }
      if (dense.size() == pairs.size() && dense.get(l).units() != out) {
        return new Misfit(l, weights + ", as " + shape.shown + " " + out + " outputs, but --layers has "
            + dense.get(l).units());
      }
    }
    return new Misfit(pairs.size(), "");
  }

  /** Returns whether an array has n elements along one side, as b [n], [1 × n] or [n × 1], or is a single one. */
  private static boolean isVector(NpyHeader b, int n) {
    int[] s = b.shape();
    return b.elements() == n && (s.length < 2 || s.length == 2 && (s[0] == 1 || s[1] == 1));
  }

  private WeightShape shape(List<Pair> pairs) {
    if (known.shape != null) {
      Misfit m = misfit(pairs, known.shape);
      if (m.place == pairs.size()) return known.shape;
      throw misfitting(pairs, m);
    }
    Misfit plain = misfit(pairs, WeightShape.IN_OUT), transposed = misfit(pairs, WeightShape.OUT_IN);
    boolean isPlain = plain.place == pairs.size(), isTransposed = transposed.place == pairs.size();
    if (isPlain && isTransposed) {
      throw error("the shapes of the weights fit as [in × out] and as [out × in]: " + shown(headersOf(pairs))
          + ". Pass --matrices in-out for Keras and x·W in numpy, or --matrices out-in for PyTorch.");
    }
    if (!isPlain && !isTransposed) throw misfitting(pairs, plain.place >= transposed.place ? plain : transposed);
    return isPlain ? WeightShape.IN_OUT : WeightShape.OUT_IN;
  }

  private DataException misfitting(List<Pair> pairs, Misfit m) {
    boolean options = m.what.contains("--");
    return error(m.what + (options || !known.arrays.isEmpty() ? "" : ". Layers are read in the order of the file, "
        + weights(pairs) + "; pass --arrays for another."));
  }

  private Map<String, NpyHeader> headersOf(List<Pair> pairs) {
    Map<String, NpyHeader> of = new LinkedHashMap<>();
    for (Pair p : pairs) of.put(p.weights, headers.get(p.weights));
    return of;
  }

  // ---------------------------------------------------------------- layers

  private List<ForeignLayer> layers(List<Pair> pairs, WeightShape shape) {
    List<Integer> widths = new ArrayList<>(List.of(in(pairs.get(0), shape)));
    for (Pair p : pairs) widths.add(out(p, shape));
    String chain = shown(widths.stream().map(String::valueOf).toList()).replace(", ", " → ").replace("'", "");
    if (known.layers.isEmpty()) {
      List<String> example = new ArrayList<>();
      for (int l = 1; l < widths.size(); l++) {
        example.add(widths.get(l) + (l < widths.size() - 1 ? ":relu" : widths.get(l) > 1 ? ":softmax" : ":sigmoid"));
      }
      throw error("weights of " + chain + " units, but .npz files have no activations. Pass them, such as --layers "
          + String.join(",", example.subList(0, Math.min(MOST_SHOWN, example.size()))));
    }
    long dense = known.layers.stream().filter(ForeignLayer::isDense).count();
    if (dense != pairs.size()) {
      throw error("--layers has " + dense + " layers with units, but the file has weights for " + pairs.size() + ": "
          + chain);
    }
    List<ForeignLayer> layers = new ArrayList<>();
    int next = 0;
    for (ForeignLayer l : known.layers) {
      if (!l.isDense()) {
        layers.add(l);
        continue;
      }
      Pair p = pairs.get(next++);
      layers.add(ForeignLayer.dense(l.units(), l.activation(),
          (to, at) -> npz.doubles(p.weights, to, at, shape == WeightShape.OUT_IN),
          p.bias == null ? null : (to, at) -> npz.doubles(p.bias, to, at, false)));
    }
    return layers;
  }

  private Scale scaling(int inputs) {
    if (known.scaling.isEmpty()) return Scale.NONE;
    double[][] rows = new double[2][inputs];
    for (int k = 0; k < 2; k++) {
      String given = known.scaling.get(k), name = plain(given);
      NpyHeader h = npz.header(name);
      if (h.floats().isEmpty() || !isVector(h, inputs)) {
        throw error("--scaling: array '" + name + "' has the shape " + h.shownShape() + " and the type " + h.typeName()
            + "; expected " + inputs + " real numbers, one for each input");
      }
      if (k == 1 && given.equals(name) && ArrayRole.isVariance(name)) {
        throw error("--scaling: array '" + name + "' has variances by its name; pass sqrt:" + name + " for their "
            + "roots, the deviations");
      }
      npz.doubles(name, rows[k], 0, false);
      if (!given.equals(name)) for (int j = 0; j < inputs; j++) rows[k][j] = Math.sqrt(rows[k][j]);
    }
    return new Scale(rows[0], rows[1]);
  }

  /** Returns the name of an array without the prefix that takes square roots. */
  private static String plain(String name) {
    return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
  }

  /** Says which unused arrays may standardize the inputs, since the model would be another one without them. */
  private void noteUnusedScaling(int inputs, List<String> notes) {
    if (!known.scaling.isEmpty()) return;
    List<String> found = unused.stream().filter(ArrayRole::isScaling).filter(n -> {
      NpyHeader h = npz.header(n);
      return h.floats().isPresent() && isVector(h, inputs);
    }).toList();
    if (found.isEmpty()) return;
    notes.add("not used: " + shown(found) + ", with a number for each input. If the network expects standardized "
        + "inputs, pass --scaling MEANS,DEVIATIONS.");
  }

  private static String shown(Map<String, NpyHeader> headers) {
    if (headers.isEmpty()) return "none";
    List<String> shown = new ArrayList<>();
    headers.forEach((name, h) -> shown.add("'" + Excerpt.of(name) + "' " + h.shownShape()));
    return String.join(", ", shown.subList(0, Math.min(MOST_SHOWN, shown.size())))
        + (shown.size() > MOST_SHOWN ? ", …" : "");
  }

  private static String shown(List<String> names) {
    return String.join(", ", names.stream().limit(MOST_SHOWN).map(n -> "'" + Excerpt.of(n) + "'").toList())
        + (names.size() > MOST_SHOWN ? ", …" : "");
  }
}
