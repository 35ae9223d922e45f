// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.data.Encoding.Task;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The target: a class, one number or more, or several labels that a row has or lacks.
 *
 * @param task what the target holds
 * @param names the name of each column
 * @param labels the names of the classes in the order of the outputs; empty unless the task is to classify
 * @param means the means of the numbers in training, one for each column; empty unless the task is a regression
 * @param deviations the standard deviations of the numbers in training, likewise
 * @param values for each column of a multilabel problem, its two strings: the one that means no, and the one that means
 *     yes; else empty
 */
public record Target(Task task, List<String> names, List<String> labels, List<Double> means, List<Double> deviations,
    List<List<String>> values) {
  /**
   * Creates a target from known parts.
   *
   * @param task what the target holds
   * @param names the name of each column
   * @param labels the names of the classes
   * @param means the means of the numbers
   * @param deviations the standard deviations of the numbers
   * @param values the two strings of each label
   */
  public Target {
    Objects.requireNonNull(task, "task");
    names = List.copyOf(names);
    labels = List.copyOf(labels);
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
    values = values.stream().map(List::copyOf).toList();
  }

  /**
   * Creates a target of classes, or of numbers with the same mean and deviation if there are no labels.
   *
   * @param names the name of each column
   * @param labels the names of the classes in the order of the outputs; empty for numbers
   * @param mean the mean of the numbers in training; unused for classes
   * @param deviation the standard deviation of the numbers in training; unused for classes
   */
  public Target(List<String> names, List<String> labels, double mean, double deviation) {
    this(labels.isEmpty() ? Task.REGRESS : Task.CLASSIFY, names, labels,
        labels.isEmpty() ? Collections.nCopies(names.size(), mean) : List.of(),
        labels.isEmpty() ? Collections.nCopies(names.size(), deviation) : List.of(), List.of());
  }

  /**
   * {@return a target of classes}
   *
   * @param name the name of the column
   * @param labels the names of the classes in the order of the outputs
   */
  public static Target classes(String name, List<String> labels) {
    return new Target(Task.CLASSIFY, List.of(name), labels, List.of(), List.of(), List.of());
  }

  /**
   * {@return a target of numbers that share one mean and deviation}
   *
   * @param names the name of each column
   * @param mean the mean of the numbers in training
   * @param deviation the standard deviation of the numbers in training
   */
  public static Target numbers(List<String> names, double mean, double deviation) {
    return new Target(names, List.of(), mean, deviation);
  }

  /**
   * {@return a target of numbers, each with its mean and deviation}
   *
   * @param names the name of each column
   * @param means the mean of each column in training
   * @param deviations the standard deviation of each column in training
   */
  public static Target numbers(List<String> names, List<Double> means, List<Double> deviations) {
    return new Target(Task.REGRESS, names, List.of(), means, deviations, List.of());
  }

  /**
   * {@return a target of labels}
   *
   * @param names the name of each label's column
   * @param values for each label the strings that mean no and yes, such as 0 and 1
   */
  public static Target multilabel(List<String> names, List<List<String>> values) {
    return new Target(Task.MULTILABEL, names, List.of(), List.of(), List.of(), values);
  }

  /** {@return whether each row belongs to one of several classes} */
  public boolean isClass() {
    return task == Task.CLASSIFY;
  }

  /** {@return whether each output is a label that a row has or lacks} */
  public boolean isMultilabel() {
    return task == Task.MULTILABEL;
  }

  /**
   * {@return the mean of target j in training; 0 unless it is a number}
   *
   * @param j the index of the target, from 0
   */
  public double mean(int j) {
    return means.isEmpty() ? 0 : means.get(j);
  }

  /**
   * {@return the standard deviation of target j in training, which is the unit of its outputs; 1 unless a number}
   *
   * @param j the index of the target, from 0
   */
  public double deviation(int j) {
    return deviations.isEmpty() ? 1 : deviations.get(j);
  }

  /**
   * Converts a network's output to the target's unit: ŷ · deviation + mean.
   *
   * @param j the index of the target, from 0
   * @param yhat the network's output j
   * @return the prediction in the target's unit
   */
  public double decode(int j, double yhat) {
    return Standardization.restore(yhat, mean(j), deviation(j));
  }

  /** {@return the mean of the first target} */
  public double mean() {
    return mean(0);
  }

  /** {@return the standard deviation of the first target} */
  public double deviation() {
    return deviation(0);
  }

  /**
   * Converts a network's output for the first target to its unit.
   *
   * @param yhat the network's first output
   * @return the prediction in the target's unit
   */
  public double decode(double yhat) {
    return decode(0, yhat);
  }
}
