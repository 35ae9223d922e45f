package chainrule.spec.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A line of the ledger: a formula, and what this run found of it.
 *
 * @param formula of the catalogue; null if the id is in none
 * @param implementations sorted
 * @param tests sorted
 * @param worst the worst error of each witness
 * @param passed some test ran, every one succeeded, and cases were compared
 */
record LedgerRow(
    String id, Catalogue.Formula formula, List<String> implementations, List<String> tests, long cases,
    Map<String, Double> worst, Map<String, String> remarks, boolean passed) {

  /** Every formula of the catalogue in its order, then what tests named that is not in it. */
  static List<LedgerRow> join(
      Catalogue catalogue, Map<String, LedgerListener.Proof> proofs, Map<String, Ledger.Entry> entries) {
    List<LedgerRow> rows = new ArrayList<>();
    for (Catalogue.Formula f : catalogue.formulas()) rows.add(of(f.id(), f, proofs.get(f.id()), entries.get(f.id())));
    TreeSet<String> others = new TreeSet<>(proofs.keySet());
    others.addAll(entries.keySet());
    for (String id : others) {
      if (catalogue.get(id) == null) rows.add(of(id, null, proofs.get(id), entries.get(id)));
    }
    return rows;
  }

  private static LedgerRow of(String id, Catalogue.Formula f, LedgerListener.Proof proof, Ledger.Entry entry) {
    long cases = entry == null ? 0 : entry.cases();
    return new LedgerRow(
        id, f, proof == null ? List.of() : single(proof.implementations),
        proof == null ? List.of() : List.copyOf(new TreeSet<>(proof.tests)), cases,
        entry == null ? Map.of() : entry.worst(), entry == null ? Map.of() : entry.remarks(),
        proof != null && proof.passed && cases > 0);
  }

  /** "A, B" and "A" are A and B. */
  private static List<String> single(Iterable<String> implementations) {
    TreeSet<String> names = new TreeSet<>();
    for (String several : implementations) names.addAll(List.of(several.split(",\\s+(?![^(]*\\))")));
    return List.copyOf(names);
  }

  String document() {
    return formula != null ? formula.document() : "";
  }

  String section() {
    return formula != null ? formula.section() : "In no catalogue";
  }

  String verdict() {
    return formula != null ? formula.verdict().word() : "unknown";
  }
}
