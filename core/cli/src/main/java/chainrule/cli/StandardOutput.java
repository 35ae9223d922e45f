// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Standard output that records its first failure, which {@link PrintStream} hides. Training continues after a failure:
 * the files it writes matter more than the lines it prints.
 */
final class StandardOutput extends FilterOutputStream {
  /** The status that a shell reports for a program killed by SIGPIPE, such as one whose output goes to head. */
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

  /** Returns the exit status, and reports the failure unless the reader only closed the pipe. */
  int status(int status, PrintStream err) {
    if (String.valueOf(failure.getMessage()).contains("Broken pipe")) return status == 0 ? BROKEN_PIPE : status;
    err.println("chainrule: cannot write to standard output: " + failure.getMessage());
    return status == 0 ? 2 : status;
  }
}
