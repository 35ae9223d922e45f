// SPDX-License-Identifier: MIT
package chainrule.nn;

import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;

/**
 * How weights W [fan-in × fan-out] are initialized. Biases are initialized to 0. Each weight is a function of (seed,
 * layer, index): see {@link CounterRandom}. Source: Glorot and Bengio 2010 (Xavier), He and others 2015.
 */
public enum Initialization {
  /** Uniform in ±√(6 / (fan-in + fan-out)), variance 2 / (fan-in + fan-out): for linear, sigmoid, tanh, softmax. */
  XAVIER_UNIFORM {
    @Override double weight(double fanIn, double fanOut, long seed, long stream, int index) {
      return (2 * CounterRandom.uniform(seed, stream, index) - 1) * Math.sqrt(6 / (fanIn + fanOut));
    }
  },
  /** Normal with variance 2 / (fan-in + fan-out). */
  XAVIER_NORMAL {
    @Override double weight(double fanIn, double fanOut, long seed, long stream, int index) {
      return CounterRandom.normal(seed, stream, index) * Math.sqrt(2 / (fanIn + fanOut));
    }
  },
  /** Uniform in ±√(6 / fan-in), variance 2 / fan-in. */
  HE_UNIFORM {
    @Override double weight(double fanIn, double fanOut, long seed, long stream, int index) {
      return (2 * CounterRandom.uniform(seed, stream, index) - 1) * Math.sqrt(6 / fanIn);
    }
  },
  /** Normal with variance 2 / fan-in: for ReLU and similar activations, which cut off half of their input. */
  HE_NORMAL {
    @Override double weight(double fanIn, double fanOut, long seed, long stream, int index) {
      return CounterRandom.normal(seed, stream, index) * Math.sqrt(2 / fanIn);
    }
  },
  /** All 0. Use it without hidden layers only, since equal units stay equal. */
  ZEROS {
    @Override double weight(double fanIn, double fanOut, long seed, long stream, int index) {
      return 0;
    }
  };

  abstract double weight(double fanIn, double fanOut, long seed, long stream, int index);

  /** Writes W [fan-in × fan-out] of layer number {@code layer} to the parameters, starting at offset. */
  void fill(double[] parameters, int offset, int fanIn, int fanOut, long seed, int layer) {
    long stream = CounterRandom.stream(StreamPurpose.INITIALIZATION, layer);
    for (int i = 0; i < fanIn * fanOut; i++) parameters[offset + i] = weight(fanIn, fanOut, seed, stream, i);
  }
}
