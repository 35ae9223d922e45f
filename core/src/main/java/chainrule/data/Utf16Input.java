// SPDX-License-Identifier: MIT
package chainrule.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Converts UTF-16 to UTF-8. */
final class Utf16Input extends FilterInputStream {
  private static final int CHARS = 8192;

  private final String name;
  private final CharsetDecoder decoder;
  private final ByteBuffer bytes = ByteBuffer.allocate(2 * CHARS).flip();
  private final CharBuffer chars = CharBuffer.allocate(CHARS);
  private ByteBuffer out = ByteBuffer.allocate(0);
  private boolean ended;
  private int line = 1;
  private char last;

  Utf16Input(String name, InputStream in, Charset charset) {
    super(in);
    this.name = name;
    this.decoder = charset.newDecoder();
  }

  @Override public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override public int read(byte[] b, int from, int n) throws IOException {
    if (n == 0) return 0;
    while (!out.hasRemaining()) {
      if (ended) return -1;
      fill();
    }
    int count = Math.min(n, out.remaining());
    out.get(b, from, count);
    return count;
  }

  /** Skips bytes of the UTF-8, not of the UTF-16. */
  @Override public long skip(long n) throws IOException {
    byte[] skipped = new byte[(int) Math.max(0, Math.min(n, CHARS))];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override public int available() {
    return out.remaining();
  }

  @Override public boolean markSupported() {
    return false;
  }

  private void fill() throws IOException {
    bytes.compact();
    int count = in.readNBytes(bytes.array(), bytes.position(), bytes.remaining());
    ended = bytes.position() + count < bytes.capacity();
    bytes.position(bytes.position() + count).flip();
    chars.clear();
    CoderResult result = decoder.decode(bytes, chars, ended);
    chars.flip();
    for (int i = 0; i < chars.length(); i++) {
      char c = chars.charAt(i);
      if (c == '\r' || c == '\n' && last != '\r') line++;
      last = c;
    }
    if (result.isError()) throw new DataException(name + ":" + line + ": not valid UTF-16. Save the file as UTF-8.");
    out = StandardCharsets.UTF_8.encode(chars);
  }
}
