package chainrule.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Standard output that remembers what went wrong, for a {@link PrintStream} tells nobody. Training goes on without it: what
 * --out and --checkpoint promise is worth more than its lines.
 */
final class StandardOutput extends FilterOutputStream {
  /** As the shell reports a program that wrote to a pipe nobody reads any more (head has seen enough). */
  private static final int BROKEN_PIPE = 141;

  private IOException failure;

  StandardOutput() {
    super(new FileOutputStream(FileDescriptor.out));
  }

  @Override public void write(byte[] b, int from, int length) throws IOException {
    try {
      out.write(b, from, length);
    } catch (IOException e) {
      if (failure == null) failure = e;
      throw e;
    }
  }

  boolean failed() {
    return failure != null;
  }

  /** The exit status, and a line about it unless a reader has just gone. */
  int status(int status, PrintStream err) {
    if (String.valueOf(failure.getMessage()).contains("Broken pipe")) return status == 0 ? BROKEN_PIPE : status;
    err.println("chainrule: standard output cannot be written: " + failure.getMessage());
    return status == 0 ? 2 : status;
  }
}
