package chainrule.spec.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes ledger.json (and, to come, ledger.html and LEDGER.md). */
final class LedgerWriter {
  private LedgerWriter() {}

  static void write(Path folder, Map<String, LedgerListener.Proof> proofs, Map<String, Ledger.Entry> entries)
      throws IOException {
    StringBuilder s = new StringBuilder("[\n");
    proofs.forEach((id, proof) -> {
      Ledger.Entry e = entries.get(id);
      s.append(s.length() > 2 ? ",\n" : "").append("{\"id\":\"").append(id).append("\",\"test\":\"")
          .append(String.join(", ", proof.tests)).append("\",\"cases\":").append(e == null ? 0 : e.cases())
          .append(",\"worst\":\"").append(e == null ? "" : e.worst()).append("\",\"passed\":").append(proof.passed).append("}");
    });
    Files.writeString(folder.resolve("ledger.json"), s.append("\n]\n"));
  }
}
