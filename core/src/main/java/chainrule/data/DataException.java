package chainrule.data;

/** Data that cannot be read or used. The message is for people: the file, the place, what was expected, what to do. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DataException(String message) {
    super(message);
  }
}
