package chainrule.train;

/** Training stopped because the loss was no longer a finite number. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int epoch;

  DivergedException(int epoch, double loss) {
    super("the loss became " + (Double.isNaN(loss) ? "NaN" : "infinite") + " in epoch " + epoch
        + "; a smaller learning rate or standardised inputs usually help");
    this.epoch = epoch;
  }

  /** The epoch in which it happened, from 1. */
  public int epoch() {
    return epoch;
  }
}
