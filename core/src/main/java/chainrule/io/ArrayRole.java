// SPDX-License-Identifier: MIT
package chainrule.io;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of an array says about it: {@code fc1.weight} and {@code fc1.bias} of PyTorch, {@code dense/kernel:0}
 * of Keras, {@code W1} and {@code b1} of scripts, {@code coefs_0} and {@code intercepts_0} of scikit-learn.
 *
 * @param bias whether it is a bias; otherwise it is a weight matrix
 * @param layer the rest of the name, which the two arrays of a layer share
 */
record ArrayRole(boolean bias, String layer) {
  private static final Pattern NAME = Pattern.compile(
      "(?<before>|.*[^\\p{L}])(?<role>weights?|kernel|coefs?|w|bias(es)?|inter(cepts?)?|b)(?<after>[._-]?\\d*+_?)",
      Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern OTHER_STATE = Pattern.compile(
      "(optimizer|adam|adamw|sgd|rmsprop|adagrad|nadam|metrics)\\W.*|(.*\\W)?(num_batches_tracked|iterations?|step"
      + "|learning_rate|exp_avg|exp_avg_sq|momentum_buffer|.*_(momentum|velocity))", Pattern.DOTALL);
  private static final Pattern NORMALIZATION =
      Pattern.compile("(.*\\W)?(running_mean|running_var|moving_mean|moving_variance|gamma|beta)", Pattern.DOTALL);
  private static final Pattern WEIGHT_NORMALIZATION =
      Pattern.compile("(.*\\W)?(weight_[gv]|parametrizations\\.weight\\.original\\d)", Pattern.DOTALL);
  private static final Pattern INPUT_NORMALIZATION =
      Pattern.compile("(.*\\W)?normalization(_\\d{1,9})?\\W(mean|variance)", Pattern.DOTALL);
  private static final Pattern SCALING = Pattern.compile("(.*[^\\p{L}])?(means?|mu|var|variance|std|stds|stddev|sigma|"
      + "deviations?|scale|mins?|maxs?|data_min|data_max|offset|shift)[_\\d]*", Pattern.DOTALL
      | Pattern.CASE_INSENSITIVE);
  private static final Pattern VARIANCE = Pattern.compile("(.*[^\\p{L}])?(var|variances?)[_\\d]*", Pattern.DOTALL);
  private static final Pattern RECURRENT =
      Pattern.compile("(.*\\W)?((weight|bias)_[ih]h_.*|recurrent_kernel)", Pattern.DOTALL);

  /** Returns the role that a name states, if it does. */
  static Optional<ArrayRole> of(String name) {
    Matcher m = NAME.matcher(plain(name));
    if (!m.matches()) return Optional.empty();
    String role = m.group("role").toLowerCase(Locale.ROOT);
    return Optional.of(new ArrayRole(role.startsWith("b") || role.startsWith("i"),
        m.group("before") + "\0" + m.group("after")));
  }

  /** Returns whether the name is that of an optimizer's state, a counter or a metric. */
  static boolean isOtherState(String name) {
    return OTHER_STATE.matcher(plain(name)).matches();
  }

  /** Returns whether the name is that of Keras's layer that standardizes the inputs. */
  static boolean isNormalization(String name) {
    return INPUT_NORMALIZATION.matcher(plain(name)).matches();
  }

  /** Returns whether an array by its name may standardize the inputs. */
  static boolean isScaling(String name) {
    return SCALING.matcher(plain(name)).matches();
  }

  /** Returns whether the name is that of variances. */
  static boolean isVariance(String name) {
    return VARIANCE.matcher(plain(name)).matches();
  }

  /** Returns what kind of layer other than a dense one the name belongs to, with an article, if it is known. */
  static Optional<String> otherLayer(String name) {
    String plain = plain(name);
    return NORMALIZATION.matcher(plain).matches() ? Optional.of("a batch normalization")
        : WEIGHT_NORMALIZATION.matcher(plain).matches() ? Optional.of("a weight normalization")
        : RECURRENT.matcher(plain).matches() ? Optional.of("a recurrent layer") : Optional.empty();
  }

  /** Returns the name without the number that TensorFlow appends to variables. */
  private static String plain(String name) {
    return name.replaceFirst(":\\d{1,9}$", "");
  }
}
