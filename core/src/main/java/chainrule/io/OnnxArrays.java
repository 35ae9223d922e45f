// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.io.ProtobufReader.DamagedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arrays of a model in an ONNX file that {@link Onnx} has written. The k-th Gemm of the graph has the weights and
 * biases of the k-th dense layer, network by network; the names of its constants may differ from those of the layers.
 */
final class OnnxArrays implements ModelArrays {
  private final OnnxFile file;
  private final String json;
  /** The names of weights and biases in the order in which {@link ModelFormat} reads them. */
  private final List<String> order = new ArrayList<>();
  private int next;

  private OnnxArrays(OnnxFile file, String json) {
    this.file = file;
    this.json = json;
    for (OnnxFile.Node n : file.nodes()) {
      if (n.operator().equals("Gemm") && n.inputs().size() == 3) order.addAll(n.inputs().subList(1, 3));
    }
  }

  /** Returns the arrays, or null if Chainrule has not written the file, or another program has changed its graph. */
  static OnnxArrays of(OnnxFile file) {
    String json = file.metadata(Onnx.MODEL), graph = file.metadata(Onnx.FINGERPRINT);
    return json == null || graph == null || !graph.equals(file.fingerprint()) ? null : new OnnxArrays(file, json);
  }

  @Override public String source() {
    return file.source();
  }

  @Override public boolean has(String name) {
    return name.equals(ModelFormat.JSON) || next < order.size();
  }

  @Override public long mostNumbers() {
    return file.mostNumbers();
  }

  @Override public void requireOwnForm(String name) {
    // any format of real numbers is read
  }

  @Override public void doubles(String name, double[] x, int to, int... shape) {
    OnnxTensor tensor = next < order.size() ? file.constant(order.get(next++)) : null;
    if (tensor == null || tensor.format().isEmpty()) throw file.error("no constant with the real numbers of " + name);
    int[] found = new int[tensor.rank()];
    try {
      for (int k = 0; k < found.length; k++) found[k] = tensor.dim(k);
      if (!Arrays.equals(found, shape)) {
        throw file.error("constant '" + tensor.name() + "': expected shape " + NpyHeader.shown(shape) + ", found "
            + tensor.shownShape());
      }
      tensor.copy(x, to, false, file.directory());
    } catch (DamagedException e) {
      throw new DataException(source() + ": damaged (" + e.getMessage() + ")");
    }
  }

  /** Returns the type of the arrays, such as float32. */
  String typeName() {
    return order.isEmpty() ? FloatFormat.FLOAT64.word() : file.constant(order.get(0)).format().orElseThrow().word();
  }

  @Override public String text(String name, int most) {
    return json;
  }
}
