// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignFormatTest {

  private static void check(byte[] b) {
    ForeignFormat.requireTable("f", b, b.length);
  }

  private static void refused(String what, String text) {
    byte[] b = text.getBytes(StandardCharsets.ISO_8859_1);
    String message = assertThrows(DataException.class, () -> check(b), text).getMessage();
    assertTrue(message.startsWith("f: " + what), message);
    assertEquals(1, message.lines().count());
    assertTrue(message.endsWith("."), message);
  }

  private static void accepted(String... texts) {
    for (String text : texts) assertDoesNotThrow(() -> check(text.getBytes(StandardCharsets.UTF_8)), text);
  }

  @Test
  void libsvmIsRecognized() {
    String what = "is in libsvm (svmlight) format, not a table. Write it as CSV with one column per feature";
    refused(what, "-1 1:0.5 2:1\n+1 1:2 2:-1e-3\n");
    refused(what, "1 3:1 11:0.7 122:1");
    refused(what, "# made by me\n0.5 1:0.5 7:1 # note\n\n-1\n2 qid:3 1:0.5\n");
    refused(what, "1:0.5 2:1\n1:0.7 3:1\n");
    refused(what, "0:0.5 2:1\n1:0.7 3:1\n");
    refused(what, "dog 1:0.5 2:1\ncat 1:0.5 2:1\n");
    refused(what, "1,3 1:0.5 2:1\n2 1:0.5 2:1\n");
    refused(what, "1 1:0.5\n0 1:0.25\n1 1:1\n");
    refused(what, "1" + " 5:1".repeat(1) + java.util.stream.IntStream.range(6, 5000).mapToObj(i -> " " + i + ":0.125")
        .reduce("", String::concat) + "\n-1 2:1 3:1\n");
    accepted("1 12:30\n2 12:45\n3 13:00\n", "a b:c\n1 2:3\n", "x y\n1 2\n", "time,x\n12:30,5\n",
        "1 2:1 1:3\n1 5:1 2:3\n");
  }

  @Test
  void aMarkdownTableIsRecognizedAndReadWithoutItsDashes() {
    String what = "looks like a Markdown table. Delete its line of dashes; the rest can be read.";
    refused(what, "| a | b |\n|---|---|\n| 1 | 2 |\n");
    refused(what, "\na | b\n:--- | ---:\n1 | 2\n");
    accepted("| a | b |\n| 1 | 2 |\n", "a|b\n---\n1|2\n", "a|b\n-|-\n1|2\n");
    Table table = Table.parse("f", "| a | b |\n| 1 | 2 |\n| 3 | 4 |\n");
    assertEquals(List.of("a", "b"), table.names());
    assertEquals(2, table.rows());
  }

  @Test
  void jsonIsRecognized() {
    refused("contains JSON lines, not a table. ", "{\"x\": 1, \"y\": 2}\n{\"x\": 3, \"y\": 4}\n");
    refused("contains JSON, not a table. ", "{\n  \"x\": [1, 2]\n}\n");
    refused("contains JSON, not a table. ", "{\"x\": [1, 2]}");
    refused("contains a JSON array, not a table. ", "[{\"x\": 1}, {\"x\": 2}]");
    refused("contains a JSON array, not a table. ", "[\n  {\"x\": 1},\n  {\"x\": 2}\n]\n");
    refused("contains a JSON array, not a table. ", "[[1, 2], [3, 4]]");
    refused("contains a JSON array, not a table. ", "[1, 2, 3]\n[4, 5, 6]\n");
    refused("contains a JSON array, not a table. ", "[\"x\", \"y\"]\n[1, 2]\n");
    accepted("[id],[name]\n1,2\n", "{a},{b}\n1,2\n", "[0,\n", "interval,y\n[0,1),5\n");
  }

  @Test
  void trainingFilesOfFannAreRecognized() {
    String what = "is in FANN's training format";
    refused(what, "4 2 1\n-1 -1\n-1\n-1 1\n1\n1 -1\n1\n1 1\n-1\n");
    refused(what, "2 3 2\n0.1 0.2 0.3\n1 0\n0.1 0.2 0.3\n0 1\n");
    refused(what, "100 2 1\n" + "0 1\n1\n".repeat(100));
    refused(what, "2 1 1\n0\n1\n1\n0\n");
    accepted("4 2 1\n1 2 3\n4 5 6\n", "3 3 3\n1 2 3\n4 5 6\n", "4 2 1\n", "4 2\n1\n1 2\n1\n");
  }

  @Test
  void markupAndSqlAreRecognized() {
    refused("is an HTML page, not a table. If it was downloaded", "\n<!DOCTYPE html>\n<html><body>404</body></html>");
    refused("is an HTML page, not a table. ", "<html>\n");
    refused("contains XML or HTML, not a table. ", "<?xml version=\"1.0\"?>\n<rows><row/></rows>");
    refused("contains XML or HTML, not a table. ", "<table class='x'><tr>");
    refused("looks like SQL statements, not a table. ",
        "-- dump\n--\n\nCREATE TABLE `x` (\n id int);\nINSERT INTO x VALUES (1);");
    refused("looks like SQL statements, not a table. ", "insert into x values (1,2);\n");
    accepted("<50K,x\n1,2\n", "create,insert\n1,2\n", "-- a\n1,2\n");
    refused("is a Git LFS pointer, not the file itself, not a table. ",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
  }

  @Test
  void binaryFormatsAreRecognizedByTheirFirstBytes() {
    refused("is a Python pickle, not a table. Save it as CSV", "\u0080\u0004\u0095abc");
    refused("is a NumPy archive (.npz), not a table. ", "PK\u0003\u0004abcdefx.npyabc");
    refused("is a NumPy array (.npy), not a table. ", "\u0093NUMPY\u0001\0");
    refused("is an Excel file (.xlsx), not a table. Open it and save the sheet as CSV.",
        "PK\u0003\u0004abc[Content_Types].xmlabc");
    refused("is an OpenDocument sheet (.ods), not a table. ",
        "PK\u0003\u0004mimetypeapplication/vnd.oasis.opendocument.spreadsheet");
    refused("is a ZIP archive, not a table. Unpack it", "PK\u0003\u0004abcdata.csv");
    refused("is an Excel file (.xls), not a table. ", "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1\0\0");
    refused("is a Parquet file, not a table. ", "PAR1\u0015\u0004");
    refused("is a PDF file, not a table. ", "%PDF-1.7\n");
    refused("is an HDF5 file, not a table. ", "\u0089HDF\r\n\u001A\n");
    refused("is an SQLite database, not a table. ", "SQLite format 3\0");
    refused("is compressed with xz, not a table. ", "\u00FD7zXZ\0");
    refused("is a tar archive, not a table. ", "\0".repeat(257) + "ustar");
  }

  @Test
  void ordinaryTablesAreAccepted() {
    accepted("", "\n", "x,y\n1,2\n", "PAR,y\n1,2\n", "PK,name\n1,2\n", "%PDF,b\n", "BZ,b\n1,2\n");
  }
}
