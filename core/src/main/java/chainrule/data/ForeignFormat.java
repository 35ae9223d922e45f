// SPDX-License-Identifier: MIT
package chainrule.data;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Recognizes files that are not tables by their first bytes or lines, and refuses them by name. */
final class ForeignFormat {
  private ForeignFormat() {}

  /** The first bytes of a format, and what to do with a file in it. */
  private record Magic(String bytes, int offset, String name, String advice) {}

  private static final String SAVE = "Save the table as CSV.";
  private static final String PANDAS = "Save it as CSV, for example with pandas: df.to_csv('data.csv', index=False).";
  private static final List<Magic> MAGIC = List.of(
      new Magic("PAR1", 0, "a Parquet file", PANDAS),
      new Magic("ARROW1", 0, "an Arrow file", PANDAS),
      new Magic("FEA1", 0, "a Feather file", PANDAS),
      new Magic("\u0089HDF\r\n", 0, "an HDF5 file", PANDAS),
      new Magic("\u0093NUMPY", 0, "a NumPy array (.npy)",
          "Save it as CSV: np.savetxt('data.csv', a, delimiter=',', fmt='%.17g')."),
      new Magic("SQLite format 3\0", 0, "an SQLite database", "Export the table as CSV: sqlite3 -header -csv FILE "
          + "'select * from TABLE'."),
      new Magic("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1", 0, "an Excel file (.xls)",
          "Open it and save the sheet as CSV."),
      new Magic("{\\rtf", 0, "an RTF document", SAVE),
      new Magic("%PDF-", 0, "a PDF file", SAVE),
      new Magic("BZh", 0, "compressed with bzip2", "Unpack it with bunzip2, or compress it with gzip."),
      new Magic("\u00FD7zXZ\0", 0, "compressed with xz", "Unpack it with unxz, or compress it with gzip."),
      new Magic("(\u00B5/\u00FD", 0, "compressed with Zstandard", "Unpack it with unzstd, or compress it with gzip."),
      new Magic("7z\u00BC\u00AF\u0027\u001C", 0, "a 7z archive", "Unpack it and pass the table in it."),
      new Magic("Rar!\u001A\u0007", 0, "a RAR archive", "Unpack it and pass the table in it."),
      new Magic("ustar", 257, "a tar archive", "Unpack it and pass the table in it."),
      new Magic("RDX", 0, "an R data file", "Save it as CSV in R: write.csv(x, 'data.csv', row.names = FALSE)."),
      new Magic("RDA", 0, "an R data file", "Save it as CSV in R: write.csv(x, 'data.csv', row.names = FALSE)."),
      new Magic("X\n\0\0\0", 0, "an R data file", "Save it as CSV in R: write.csv(x, 'data.csv', row.names = FALSE)."),
      new Magic("MATLAB 5.0 MAT-file", 0, "a MATLAB file", "Save the matrix as CSV in MATLAB: writematrix(x, "
          + "'data.csv')."),
      new Magic("$FL2", 0, "an SPSS file", SAVE),
      new Magic("\u0089PNG", 0, "a PNG image", "Images are read in MNIST's format (IDX)."),
      new Magic("\u00FF\u00D8\u00FF", 0, "a JPEG image", "Images are read in MNIST's format (IDX)."),
      new Magic("GIF8", 0, "a GIF image", "Images are read in MNIST's format (IDX)."));

  private static final Pattern SQL = Pattern.compile("(?is)(?:create\\s+(?:table|database|schema)|insert\\s+into|"
      + "drop\\s+table|set\\s+[@a-z_]+\\s*=|begin\\s+transaction|pragma\\s).*");
  private static final Pattern MARKDOWN_RULER = Pattern.compile("\\|?(?:\\s*:?-{3,}:?\\s*\\|)+(?:\\s*:?-{3,}:?)?");
  private static final int MOST = 1 << 16;
  private static final int MOST_LINE = 5000;

  /**
   * Refuses a file in a known format that is not a table.
   *
   * @throws DataException with the name of the format, and how to convert it
   */
  static void requireTable(String file, byte[] sample, int length) {
    requireText(file, sample, length);
    List<String> lines = lines(sample, length);
    if (lines.isEmpty()) return;
    String first = lines.get(0);
    if (first.startsWith("{") && (first.length() == 1 || first.matches("\\{\\s*[\"'}].*"))) {
      boolean perLine = lines.size() > 1 && first.endsWith("}") && lines.get(1).startsWith("{");
      refuse(file, perLine ? "contains JSON lines" : "contains JSON", perLine ? "Write it as CSV, for example with "
          + "pandas: pd.read_json(FILE, lines=True).to_csv('data.csv', index=False)." : "Write the table as CSV, one "
          + "line per example.");
    }
    if (first.equals("[") || first.matches("\\[\\s*(?:[\\[{]|\"[^\"]*\"\\s*[,\\]]).*")
        || first.matches("\\[\\s*[-\\d].*]\\s*,?")) {
      refuse(file, "contains a JSON array", "Write it as CSV, for example with pandas: "
          + "pd.read_json(FILE).to_csv('data.csv', index=False).");
    }
    if (first.matches("(?i)<(?:\\?xml|!doctype|!--|html|[a-z][\\w:.-]*[\\s/>]).*")) {
      boolean html = first.matches("(?i)<(?:!doctype html|html).*");
      refuse(file, html ? "is an HTML page" : "contains XML or HTML", html ? "If it was downloaded, the link leads to "
          + "a page and not to the file itself. Download or save the table as CSV." : "Write the table as CSV, one "
          + "line per example.");
    }
    String body = first;
    for (String s : lines) {
      if (!s.startsWith("--") && !s.startsWith("/*") && !s.startsWith("#")) {
        body = s;
        break;
      }
    }
    if (SQL.matcher(body).matches()) {
      refuse(file, "looks like SQL statements", "Load them into a database and export the table as CSV.");
    }
    if (first.startsWith("version https://git-lfs.github.com/")) {
      refuse(file, "is a Git LFS pointer, not the file itself", "Download the file with git lfs pull.");
    }
    if (first.startsWith("%%MatrixMarket")) {
      refuse(file, "is in Matrix Market format", "Write it as CSV with one column per feature.");
    }
    if (lines.size() > 1 && MARKDOWN_RULER.matcher(lines.get(1)).matches()) {
      throw new DataException(file + ": looks like a Markdown table. Delete its line of dashes; the rest can be read.");
    }
    if (isLibsvm(lines)) {
      refuse(file, "is in libsvm (svmlight) format", "Write it as CSV with one column per feature, for example with "
          + "scikit-learn: x, y = load_svmlight_file(FILE); np.savetxt('data.csv', np.c_[x.toarray(), y], delimiter=','"
          + ", fmt='%.17g').");
    }
    if (isFann(lines)) {
      refuse(file, "is in FANN's training format (a line with three counts, then alternating lines of inputs and "
          + "outputs)", "Write it as CSV: one line per example, inputs and outputs in the same line.");
    }
  }

  private static void requireText(String file, byte[] b, int length) {
    for (Magic m : MAGIC) {
      if (startsWith(b, length, m.bytes, m.offset)) refuse(file, "is " + m.name, m.advice);
    }
    if (startsWith(b, length, "PK\u0003\u0004", 0)) {
      String head = new String(b, 0, Math.min(length, MOST), StandardCharsets.ISO_8859_1);
      if (head.contains("xl/") || head.contains("[Content_Types].xml")) {
        refuse(file, "is an Excel file (.xlsx)", "Open it and save the sheet as CSV.");
      }
      if (head.contains("opendocument.spreadsheet")) {
        refuse(file, "is an OpenDocument sheet (.ods)", "Open it and save the sheet as CSV.");
      }
      if (head.contains(".npy")) refuse(file, "is a NumPy archive (.npz)", PANDAS);
      refuse(file, "is a ZIP archive", "Unpack it and pass the table in it.");
    }
    if (length >= 2 && (b[0] & 0xFF) == 0x80 && b[1] >= 2 && b[1] <= 5) refuse(file, "is a Python pickle", PANDAS);
  }

  private static boolean startsWith(byte[] b, int length, String magic, int offset) {
    if (length < offset + magic.length()) return false;
    for (int i = 0; i < magic.length(); i++) if ((b[offset + i] & 0xFF) != magic.charAt(i)) return false;
    return true;
  }

  private static void refuse(String file, String what, String advice) {
    throw new DataException(file + ": " + what + ", not a table. " + advice);
  }

  /** Returns the first lines that are not empty, without the blanks around them. */
  private static List<String> lines(byte[] sample, int length) {
    return new String(sample, 0, Math.min(length, MOST), StandardCharsets.UTF_8).lines().map(String::strip)
        .filter(s -> !s.isEmpty()).limit(50).toList();
  }

  /** Recognizes lines of a label, which may be missing, and pairs of an increasing number and a value: -1 1:0.5 2:1. */
  private static boolean isLibsvm(List<String> lines) {
    int most = 0, rows = 0;
    boolean times = true; // 12:30
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("\\s*#.*", "");
      if (line.isEmpty()) continue;
      boolean cut = line.length() > MOST_LINE || i == lines.size() - 1 && lines.size() > 1;
      String[] tokens = (line.length() > MOST_LINE ? line.substring(0, MOST_LINE) : line).split("\\s+");
      int pairs = 0, from = tokens[0].startsWith("0:") || tokens[0].startsWith("1:") ? 0 : 1;
      long before = -1;
      if (from == 1 && tokens[0].matches(".*[:;|].*")) return false;
      for (int t = from; t < tokens.length - (cut ? 1 : 0); t++) {
        int colon = tokens[t].indexOf(':');
        if (colon < 1) return false;
        String number = tokens[t].substring(0, colon), value = tokens[t].substring(colon + 1);
        if (number.equals("qid")) continue;
        if (!number.matches("\\d{1,18}") || !DecimalNumbers.isNumber(value, false) && !value.equalsIgnoreCase("nan")) {
          return false;
        }
        long index = Long.parseLong(number);
        if (index <= before) return false;
        before = index;
        pairs++;
        times &= index < 24 && value.matches("\\d\\d");
      }
      most = Math.max(most, pairs);
      rows++;
    }
    return rows > 0 && !times && (most >= 2 || most == 1 && rows >= 2 && lines.size() > 2);
  }

  /** Recognizes "4 2 1", then lines of 2 numbers and of 1 number in turn. */
  private static boolean isFann(List<String> lines) {
    if (lines.size() < 3 || !lines.get(0).matches("\\d{1,9}\\s+\\d{1,9}\\s+\\d{1,9}")) return false;
    String[] counts = lines.get(0).split("\\s+");
    long examples = Long.parseLong(counts[0]), inputs = Long.parseLong(counts[1]), outputs = Long.parseLong(counts[2]);
    if (examples == 0 || inputs == 0 || outputs == 0) return false;
    if (lines.size() < 50 && lines.size() != 1 + 2 * examples && inputs == outputs) return false;
    if (inputs == 3 && outputs == 3 && lines.size() != 1 + 2 * examples) return false;
    for (int i = 1; i < lines.size() - 1; i++) {
      if (lines.get(i).split("\\s+").length != (i % 2 == 1 ? inputs : outputs)) return false;
      if (!lines.get(i).matches("[\\d\\s.eE+-]+")) return false;
    }
    return true;
  }
}
