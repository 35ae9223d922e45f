// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.kernels.Kernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A {@link GradientSum} as bytes, little-endian: the letters CRGS, then K, the number of parameters and the number of
 * nodes as 4 bytes each. For each node, in the order of the blocks: its first block and its number of blocks as 4 bytes
 * each, its loss and its gradient as 8 bytes per number.
 */
final class GradientSumBytes {
  private GradientSumBytes() {}

  private static final int MAGIC = 0x53475243; // CRGS
  private static final int HEADER = 16, NODE = 16;

  /** @throws IllegalStateException if the bytes do not fit in one array */
  static byte[] write(BlockTree tree) {
    double length = HEADER + tree.nodes * (NODE + 8.0 * tree.parameters);
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(tree.nodes + " gradients of " + tree.parameters + " parameters exceed the "
          + "largest array of bytes; send the sums of fewer blocks");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC).putInt(tree.blocks).putInt(tree.parameters).putInt(tree.nodes);
    for (int i = 0; i < tree.nodes; i++) {
      bytes.putInt(tree.first[i]).putInt(tree.sizes[i]).putDouble(tree.losses[i]);
      bytes.asDoubleBuffer().put(tree.gradients[i]);
      bytes.position(bytes.position() + 8 * tree.parameters);
    }
    return bytes.array();
  }

  /** @throws IllegalArgumentException if the bytes are not those of a sum */
  static GradientSum read(Kernels kernels, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER || in.getInt() != MAGIC) {
      throw new IllegalArgumentException("not the bytes of a sum of gradients: they do not begin with CRGS");
    }
    int blocks = in.getInt(), parameters = in.getInt(), nodes = in.getInt();
    if (blocks < 1 || parameters < 0 || nodes < 0 || nodes > blocks
        || bytes.length != HEADER + nodes * (NODE + 8.0 * parameters)) {
      throw damaged(bytes.length + " bytes for " + nodes + " gradients of " + parameters + " parameters, of " + blocks
          + " blocks");
    }
    GradientSum sum = new GradientSum(kernels, blocks, parameters);
    for (int i = 0, end = 0; i < nodes; i++) {
      int block = in.getInt(), size = in.getInt();
      if (block < end || !sum.tree().isSubtree(block, size)) {
        throw damaged(size + " blocks from block " + block + " on are not the next part of the tree of " + blocks
            + " blocks");
      }
      end = block + size;
      double loss = in.getDouble();
      double[] g = sum.buffer();
      in.asDoubleBuffer().get(g);
      in.position(in.position() + 8 * parameters);
      sum.tree().insert(block, size, loss, g);
    }
    return sum;
  }

  private static IllegalArgumentException damaged(String what) {
    return new IllegalArgumentException("damaged bytes of a sum of gradients: " + what);
  }
}
