// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The formats of files with weights that can be imported. Others are recognized by their first bytes, for advice. */
enum ForeignKind {
  NPZ, ONNX;

  static final String FROM_TORCH = ". Save its arrays with numpy: numpy.savez('weights.npz', **{k: v.numpy() "
      + "for k, v in model.state_dict().items()})";
  private static final String FROM_SKLEARN =
      ", or those of scikit-learn: numpy.savez('weights.npz', *clf.coefs_, *clf.intercepts_)";
  private static final String FROM_KERAS =
      ". Save its arrays with numpy: numpy.savez('weights.npz', *model.get_weights())";

  /** @throws DataException for a format that is not read, with how to convert it */
  static ForeignKind of(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      if (Files.exists(file.resolve("saved_model.pb"))) throw error(file, "a TensorFlow SavedModel" + FROM_KERAS);
      throw error(file, "expected a file, found a directory. Name a file in it.");
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(64);
    }
    if (startsWith(head, 0, "PK")) {
      if (contains(head, ".npy")) return NPZ;
      if (contains(head, "data.pkl")) throw error(file, "a PyTorch file" + FROM_TORCH);
      if (contains(head, "metadata.json") || contains(head, "config.json")) {
        throw error(file, "a Keras file" + FROM_KERAS);
      }
      return NPZ;
    }
    if (startsWith(head, 1, "HDF")) throw error(file, "an HDF5 file" + FROM_KERAS);
    if (startsWith(head, 1, "NUMPY")) throw error(file, "a single array of numpy. Save all in one file: numpy.savez");
    if (head.length > 1 && (head[0] & 0xFF) == 0x80 && head[1] >= 2 && head[1] <= 5) {
      throw error(file, "a Python pickle" + FROM_TORCH + FROM_SKLEARN);
    }
    boolean safetensors = head.length > 8 && head[8] == '{'
        && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong(0) < Files.size(file) && head[7] == 0;
    if (safetensors) throw error(file, "a safetensors file" + FROM_TORCH);
    if (startsWith(head, 4, "TFL3")) throw error(file, "a TensorFlow Lite file" + FROM_KERAS);
    if (isText(head)) {
      throw error(file, contains(head, "Predicts one row") ? "a predictor in source code, which export has written and "
          + "nothing can read back. Import an .onnx of the same model, or use the .npz."
          : "a text file; expected weights as an .npz of numpy or an .onnx file");
    }
    return ONNX;
  }

  private static boolean isText(byte[] head) {
    for (byte b : head) if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') return false;
    return head.length > 0;
  }

  private static DataException error(Path file, String what) {
    return new DataException(file + ": " + what);
  }

  private static boolean startsWith(byte[] head, int from, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return head.length >= from + bytes.length
        && Arrays.equals(Arrays.copyOfRange(head, from, from + bytes.length), bytes);
  }

  private static boolean contains(byte[] head, String text) {
    return new String(head, StandardCharsets.ISO_8859_1).contains(text);
  }
}
