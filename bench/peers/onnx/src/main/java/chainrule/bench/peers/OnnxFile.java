// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the network of a workload as an ONNX file, and nothing else: no preprocessing, no labels, a fixed number of
 * rows. In double or single precision. {@link chainrule.io.Onnx} exports whole models.
 */
final class OnnxFile {
  static final String INPUT = "x", OUTPUT = "probabilities";
  private static final int FLOAT = 1, DOUBLE = 11, OPSET = 13, IR_VERSION = 7;

  private final int type;
  private final Message graph = new Message();

  private OnnxFile(boolean single) {
    type = single ? FLOAT : DOUBLE;
  }

  /** Returns the bytes of the file. */
  static byte[] of(Workload work, boolean single) {
    OnnxFile file = new OnnxFile(single);
    file.network(work);
    return new Message().number(1, IR_VERSION).message(7, file.graph)
        .message(8, new Message().text(1, "").number(2, OPSET)).bytes();
  }

  private void network(Workload work) {
    double[] theta = work.parameters();
    String a = INPUT;
    for (int l = 0; l < work.layers(); l++) {
      boolean last = l == work.layers() - 1;
      String w = "w" + l, b = "b" + l, z = "z" + l, next = last ? OUTPUT : "a" + l;
      tensor(w, theta, work.weights(l), work.in(l), work.out(l));
      tensor(b, theta, work.bias(l), work.out(l));
      node("Gemm", z, a, w, b);
      node(last ? "Softmax" : "Relu", next, z);
      a = next;
    }
    graph.text(2, "network").message(11, port(INPUT, work.batch(), work.inputs()))
        .message(12, port(OUTPUT, work.batch(), work.classes()));
  }

  private void node(String operator, String result, String... values) {
    Message node = new Message();
    for (String v : values) node.text(1, v);
    graph.message(1, node.text(2, result).text(3, result).text(4, operator));
  }

  private void tensor(String name, double[] values, int from, int... shape) {
    int n = 1;
    Message tensor = new Message();
    for (int d : shape) {
      tensor.number(1, d);
      n *= d;
    }
    ByteBuffer raw = ByteBuffer.allocate(n * (type == FLOAT ? 4 : 8)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = from; i < from + n; i++) {
      if (type == FLOAT) raw.putFloat((float) values[i]);
      else raw.putDouble(values[i]);
    }
    graph.message(5, tensor.number(2, type).text(8, name).bytes(9, raw.array()));
  }

  private Message port(String name, int... shape) {
    Message dimensions = new Message();
    for (int d : shape) dimensions.message(1, new Message().number(1, d));
    Message tensor = new Message().number(1, type).message(2, dimensions);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** A message in the wire format of Protocol Buffers, as in {@code chainrule.io.Protobuf}. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      return varint(field << 3).varint(value);
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes());
    }

    Message bytes(int field, byte[] value) {
      varint(field << 3 | 2).varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private Message varint(long value) {
      long rest = value;
      for (; rest > 0x7f; rest >>>= 7) out.write((int) (rest & 0x7f | 0x80));
      out.write((int) rest);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
