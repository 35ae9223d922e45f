package chainrule.bench.peers;

/** A work in an engine, ready to run. */
public interface Steps extends AutoCloseable {
  /** One step of training on the batch; returns the mean loss before the update. */
  double step();

  /** Probabilities [classes] of the first row of x, which the engine may have put where it likes beforehand. */
  void predict(double[] probabilities);

  /** Gives back what no collector would. */
  @Override default void close() {}
}
