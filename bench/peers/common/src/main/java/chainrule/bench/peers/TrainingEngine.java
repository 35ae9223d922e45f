package chainrule.bench.peers;

/** A library that takes a {@link Lesson}. Has a constructor without arguments; lives in a process of its own. */
public interface Learner {
  /** Its name and version. */
  String name();

  /** Gets ready, then takes all epochs of the lesson, each between {@link Epochs#begin} and {@link Epochs#end}. */
  void learn(Lesson lesson, Epochs epochs) throws Exception;
}
