// SPDX-License-Identifier: MIT
package chainrule.kernels;

/**
 * The elementary functions of one number. They are the definition that {@link VectorKernels} follow bit by bit.
 *
 * <p>Each function is an argument reduction and a polynomial, in IEEE-754 additions, multiplications, divisions and
 * fused multiply-adds, in the order of the code. Nothing depends on {@code Math.exp}, so an argument gives the same
 * bits on every JDK, operating system and processor. The polynomials are near-minimax: Chebyshev interpolation in 60
 * digits, rounded to double.
 *
 * <p>The bounds in ulp hold for every argument that {@code ElementarySpec} measures, and are rounded up; they are not
 * proven. CONTRIBUTING.md has the command that measures them. One ulp is the distance between doubles at the exact
 * result, so that of a subnormal result is {@link Double#MIN_VALUE}.
 *
 * <p>Branches only select between computed values, or handle far tails, for which the vector kernels call this code.
 *
 * <p>Tests: {@code ElementarySpec} measures errors, {@code VectorBitsTest} compares the vector kernels.
 */
public final class Elementary {
  private Elementary() {}

  /** Added to k with |k| &lt; 2^51, it rounds k to the nearest integer and leaves that integer in the low bits. */
  static final double ROUNDER = 0x1.8p52;
  static final double LOG2_E = 0x1.71547652b82fep0;
  /** ln 2 to 42 bits: k·LN2_HI is exact for every exponent k. */
  static final double LN2_HI = 0x1.62e42fefa3800p-1;
  /** ln 2 − LN2_HI. */
  static final double LN2_LO = 0x1.ef35793c76730p-45;
  static final long ONE_BITS = 0x3FF0000000000000L;
  /** Arguments beyond ±1000, where exp is 0 or ∞, are clamped to keep the exponent arithmetic in range. */
  static final double EXP_CLAMP = 1000;

  // e^r = 1 + r + r²·(1/2 + r·(E3 + r·(E4 + … + r·E12))), |r| ≤ ½ ln 2; relative error of the polynomial 9.7e-19
  static final double E3 = 0x1.5555555555556p-3;
  static final double E4 = 0x1.5555555555555p-5;
  static final double E5 = 0x1.11111111109b3p-7;
  static final double E6 = 0x1.6c16c16c167e1p-10;
  static final double E7 = 0x1.a01a01a7c41d5p-13;
  static final double E8 = 0x1.a01a01a47b054p-16;
  static final double E9 = 0x1.71de0dae63bb3p-19;
  static final double E10 = 0x1.27e4e1f48534fp-22;
  static final double E11 = 0x1.af38a9b0ec855p-26;
  static final double E12 = 0x1.1f66df7fca49fp-29;

  /** Returns (e^r − 1 − r)/r² for z = r². Even and odd powers are two short chains that overlap in the processor. */
  private static double expPolynomial(double r, double z) {
    double odd = E11;
    odd = Math.fma(odd, z, E9);
    odd = Math.fma(odd, z, E7);
    odd = Math.fma(odd, z, E5);
    odd = Math.fma(odd, z, E3);
    double even = E12;
    even = Math.fma(even, z, E10);
    even = Math.fma(even, z, E8);
    even = Math.fma(even, z, E6);
    even = Math.fma(even, z, E4);
    even = Math.fma(even, z, 0.5);
    return Math.fma(odd, r, even);
  }

  /**
   * {@return e^x}
   * <pre>k = round(x / ln 2);  r = x − k·ln 2;  e^x = 2^k · e^r</pre>
   * The power of two is applied in two halves, so that a subnormal result is rounded only once and 2^1024 is never
   * computed. For |x| ≤ {@link #EXP_NORMAL}, one multiplication by 2^k gives the same bits.
   *
   * <p>Range: 0 below −745.13, ∞ above 709.78; exp(±0) = 1, exp(−∞) = 0, exp(∞) = ∞, exp(NaN) = NaN. At most 1 ulp.
   * Formula: beyond-exp. Spec: ElementarySpec#expIsWithinOneUlp.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double exp(double x) {
    return expTimes(x > EXP_CLAMP ? EXP_CLAMP : x < -EXP_CLAMP ? -EXP_CLAMP : x, 1);
  }

  /**
   * Returns e^x·factor for |x| ≤ {@link #EXP_CLAMP}. The second half of the power of two is applied last, so the
   * product stays accurate if e^x alone is subnormal, and a subnormal product is rounded only once.
   */
  private static double expTimes(double x, double factor) {
    double k = Math.fma(x, LOG2_E, ROUNDER) - ROUNDER;
    double r = Math.fma(-k, LN2_HI, x);
    r = Math.fma(-k, LN2_LO, r);
    double z = r * r;
    double s = 1 + r;
    double p = s + Math.fma(z, expPolynomial(r, z), r - (s - 1)); // r − (s − 1) is the rounding error of 1 + r
    double t1 = Math.fma(k, 0.5, ROUNDER);
    double t2 = k - (t1 - ROUNDER) + ROUNDER;
    return p * powerOfTwo(t1) * factor * powerOfTwo(t2);
  }

  /** For |x| up to this value, e^x is a normal number. */
  static final double EXP_NORMAL = 708;

  /** Returns 2^k for t = ROUNDER + k. The low 12 bits of t are k, and become the exponent. */
  private static double powerOfTwo(double t) {
    return Double.longBitsToDouble((Double.doubleToRawLongBits(t) << 52) + ONE_BITS);
  }

  /**
   * Returns e^x − 1 for |x| ≤ 40 without cancellation near 0, with the argument reduction of {@link #exp} and s = 2^k:
   * <pre>e^x − 1 = u + s·(r²·q(r)),   u = (s − 1) + s·r</pre>
   * The rounding errors of r and u are added to the smaller term. The sign of a zero is lost.
   */
  private static double expm1OfReducible(double x) {
    double t = Math.fma(x, LOG2_E, POWER_ROUNDER);
    double k = t - POWER_ROUNDER;
    double h = Math.fma(-k, LN2_HI, x);
    double r = Math.fma(-k, LN2_LO, h);
    double lost = Math.fma(-k, LN2_LO, h - r);
    double z = r * r;
    double s = Double.longBitsToDouble(Double.doubleToRawLongBits(t) << 52);
    double s1 = s - 1;
    double u = Math.fma(s, r, s1);
    double rest = Math.fma(s, r, s1 - u); // the rounding error of u
    return u + Math.fma(s, Math.fma(z, expPolynomial(r, z), lost), rest);
  }

  /** Like {@link #ROUNDER}, but leaves k + 1023 in the low bits, the biased exponent of 2^k. */
  static final double POWER_ROUNDER = 0x1.8p52 + 1023;

  /** Beyond ±40, e^x − 1 rounds to −1 or to e^x. */
  static final double EXPM1_CLAMP = 40;

  /**
   * {@return e^x − 1} expm1(−∞) = −1, expm1(∞) = ∞, expm1(±0) = ±0, NaN gives NaN. At most 2 ulp.
   * Formula: beyond-expm1. Spec: ElementarySpec#expm1IsWithinTwoUlps.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double expm1(double x) {
    if (x > EXPM1_CLAMP) return exp(x);
    return Math.copySign(expm1OfReducible(x < -EXPM1_CLAMP ? -EXPM1_CLAMP : x), x);
  }

  static final long SQRT_HALF_BITS = 0x3FE6A09E667F3BCDL;
  static final long BIAS = 1024L << 52;
  static final long MANTISSA = (1L << 52) - 1;
  /** The bits of 2^52. OR with a small integer i gives the bits of 2^52 + i. */
  static final long EXPONENT_TO_DOUBLE = 0x4330000000000000L;
  static final double EXPONENT_OFFSET = 0x1p52 + 1024;
  static final double TWO_54 = 0x1p54;

  // ln(1+f) = 2·artanh(s), s = f/(2+f): R = z·(L1 + z·(L2 + … + z·L7)), z = s²; its relative error is 4.6e-18
  static final double L1 = 0x1.5555555555558p-1;
  static final double L2 = 0x1.99999999952d7p-2;
  static final double L3 = 0x1.2492492df281ap-2;
  static final double L4 = 0x1.c71c62e3f11e6p-3;
  static final double L5 = 0x1.7462b51cb66b1p-3;
  static final double L6 = 0x1.39fe51a7c18f9p-3;
  static final double L7 = 0x1.2b5900de53b32p-3;

  /**
   * {@return ln x}
   * <pre>x = 2^k · (1+f), √½ ≤ 1+f &lt; √2;  ln x = k·ln 2 + ln(1+f)</pre>
   * log(±0) = −∞, log(x &lt; 0) = NaN, log(1) = +0, log(∞) = ∞, log(NaN) = NaN. Subnormal
   * numbers are scaled by 2^54 first. At most 1 ulp.
   * Formula: beyond-log. Spec: ElementarySpec#logIsWithinOneUlp.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double log(double x) {
    boolean tiny = x < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(tiny ? x * TWO_54 : x);
    bits = bits - SQRT_HALF_BITS + BIAS;
    long e = bits >>> 52;
    double k = Double.longBitsToDouble(e | EXPONENT_TO_DOUBLE) - EXPONENT_OFFSET;
    k = tiny ? k - 54 : k;
    double f = Double.longBitsToDouble((bits & MANTISSA) + SQRT_HALF_BITS) - 1;
    double y = logOfReduced(k, f);
    y = x == 0 ? Double.NEGATIVE_INFINITY : y;
    y = x == Double.POSITIVE_INFINITY ? x : y;
    return x >= 0 ? y : Double.NaN;
  }

  /** Returns k·ln 2 + ln(1+f) for √½ − 1 ≤ f &lt; √2 − 1. */
  private static double logOfReduced(double k, double f) {
    double s = f / (2 + f);
    double z = s * s;
    double p = L7;
    p = Math.fma(p, z, L6);
    p = Math.fma(p, z, L5);
    p = Math.fma(p, z, L4);
    p = Math.fma(p, z, L3);
    p = Math.fma(p, z, L2);
    p = Math.fma(p, z, L1);
    double half = 0.5 * f * f;
    double low = Math.fma(s, Math.fma(z, p, half), k * LN2_LO);
    return Math.fma(k, LN2_HI, f - (half - low));
  }

  // ln(1+f) = 2·artanh(s), s = f/(2+f): R = z·(P1 + z·(P2 + … + z·P10)), z = s², f ≤ 1; relative error of ln 7.2e-18
  static final double P1 = 0x1.5555555555555p-1;
  static final double P2 = 0x1.999999999a3ddp-2;
  static final double P3 = 0x1.24924923d44c6p-2;
  static final double P4 = 0x1.c71c727143318p-3;
  static final double P5 = 0x1.745cf0b0e03bdp-3;
  static final double P6 = 0x1.3b18b294bebf9p-3;
  static final double P7 = 0x1.10ac75dc602b1p-3;
  static final double P8 = 0x1.eb905e8575054p-4;
  static final double P9 = 0x1.687a6e7c95176p-4;
  static final double P10 = 0x1.4b0a26c5f2aefp-3;

  /** Returns ln(1+f) for 0 ≤ f ≤ 1, the range of {@link #softplus}. It needs no argument reduction. */
  private static double log1p(double f) {
    double s = f / (2 + f);
    double z = s * s;
    double p = P10;
    p = Math.fma(p, z, P9);
    p = Math.fma(p, z, P8);
    p = Math.fma(p, z, P7);
    p = Math.fma(p, z, P6);
    p = Math.fma(p, z, P5);
    p = Math.fma(p, z, P4);
    p = Math.fma(p, z, P3);
    p = Math.fma(p, z, P2);
    p = Math.fma(p, z, P1);
    double half = 0.5 * f * f;
    return f - Math.fma(-s, Math.fma(z, p, half), half);
  }

  /**
   * {@return softplus(x) = ln(1 + e^x)} It is computed as
   * <pre>max(x, 0) + ln(1 + e^−|x|)</pre>
   * It never overflows: softplus(x) = x for x &gt; 37, and e^x for x &lt; −37. softplus(−∞) = 0, softplus(∞) = ∞, NaN
   * gives NaN. At most 2 ulp.
   * Formula: beyond-softplus-kernel. Spec: ElementarySpec#softplusIsWithinTwoUlps.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double softplus(double x) {
    return (x > 0 ? x : 0) + log1p(exp(-Math.abs(x)));
  }

  /**
   * {@return the sigmoid σ(x) = 1/(1+e^−x), without overflow and with full accuracy in the left tail}
   * <pre>z = e^−|x|;  σ = 1/(1+z) for x ≥ 0,  z/(1+z) for x &lt; 0</pre>
   * The quotient is corrected once by its remainder, so that the error of e^−|x| dominates.
   * σ(−∞) = 0, σ(∞) = 1, σ(0) = ½, σ(NaN) = NaN. At most 2 ulp.
   * Formula: beyond-sigmoid-kernel. Spec: ElementarySpec#sigmoidIsWithinTwoUlps.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double sigmoid(double x) {
    double z = exp(-Math.abs(x));
    double d = 1 + z, lost = z - (d - 1); // d + lost is 1 + z exactly
    double inverse = 1 / d, numerator = x < 0 ? z : 1;
    double q = numerator * inverse;
    double rest = Math.fma(-q, lost, Math.fma(-q, d, numerator)); // the remainder of the division by 1 + z
    return Math.fma(rest, inverse, q);
  }

  /** Beyond this value, tanh rounds to 1. */
  static final double TANH_CLAMP = 20;

  /**
   * {@return tanh x} The form 2/(1+e^−2x) − 1 cancels near 0. Instead, with a = |x|:
   * <pre>E = e^2a − 1;  tanh a = E / (E + 2),   with the sign of x</pre>
   * The quotient is corrected once, as in {@link #sigmoid}.
   * tanh(±0) = ±0, tanh(±∞) = ±1, tanh(NaN) = NaN. At most 2 ulp.
   * Formula: beyond-tanh-kernel. Spec: ElementarySpec#tanhIsWithinTwoUlps.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double tanh(double x) {
    double a = Math.abs(x);
    double e = expm1OfReducible(2 * (a > TANH_CLAMP ? TANH_CLAMP : a));
    double d = e + 2, lost = e - (d - 2); // d + lost is E + 2
    double inverse = 1 / d, q = e * inverse;
    double rest = Math.fma(-q, lost, Math.fma(-q, d, e)); // the remainder of the division by E + 2
    return Math.copySign(Math.fma(rest, inverse, q), x);
  }

  // e^x²·erfc(x) = t·(C0 + C1·u + … + C22·u²²), t = 3/(3+x), u = (t − 0.546875)/0.453125, 0 ≤ x ≤ 29; error 4.7e-18
  static final double[] ERFC = {
    0x1.8cb9654823642p-2, 0x1.36276563bef5ep-2, 0x1.7f88f9cb9e062p-3, 0x1.6b6a833131795p-4,
    0x1.e5b6d1d01e781p-6, 0x1.555b2cff20291p-8, -0x1.41320a6584485p-11, -0x1.25bda398de87bp-11,
    -0x1.6061eae0ed464p-15, 0x1.9f1d7225327dcp-15, 0x1.19a3ed621ce78p-17, -0x1.5d14eb8ba5b30p-18,
    -0x1.0fa0eb87b8aafp-20, 0x1.6be7b08c2e975p-21, 0x1.8192e04382798p-24, -0x1.ace109953c8d2p-24,
    -0x1.0f70bd4c7b80fp-30, 0x1.f329e404d286ep-27, -0x1.1baf4dda9a270p-29, -0x1.e4d8b2bacb163p-30,
    0x1.2a77907ef4f29p-31, 0x1.19d701c69a7f9p-33, -0x1.0ab30301753cfp-34,
  };

  /**
   * {@return a new array of C0 … C22 of the tail in {@link #normalCdf}, P(u) = C0 + C1·u + … + C22·u²²} They are for an
   * implementation of Φ in another language, such as an export:
   * <pre>Q(a) = ½ · e^(−a²/2) · t·P(u),   t = 3√2/(3√2 + a),  u = (3√2 − 35a/29)/(3√2 + a)</pre>
   */
  public static double[] tailCoefficients() {
    return ERFC.clone();
  }

  static final double THREE_SQRT_2 = 0x1.0f876ccdf6cdap2;
  static final double MINUS_35_29THS = -35.0 / 29;
  /** Beyond ±40, e^(−x²/2) rounds to 0. */
  static final double NORMAL_CLAMP = 40;

  /**
   * {@return the standard normal distribution function Φ(x) = ½ erfc(−x/√2)}
   * <pre>Q(a) = ½ · e^(−a²/2) · t·P(u),  a = |x|;   Φ = Q(a) for x &lt; 0, 1 − Q(a) otherwise</pre>
   * with t, P and u of {@link #tailCoefficients}. a² is computed as a sum of two doubles, so that the left tail is
   * accurate. Φ(−∞) = 0, Φ(∞) = 1, NaN gives NaN. At most 8 ulp.
   * Formula: beyond-normal-cdf. Spec: ElementarySpec#normalCdfIsWithinEightUlps.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double normalCdf(double x) {
    double a = normalClamp(x);
    return normalCdf(x, a, bell(a));
  }

  private static double normalClamp(double x) {
    double a = Math.abs(x);
    return a > NORMAL_CLAMP ? NORMAL_CLAMP : a;
  }

  /** Returns e^(−a²/2). */
  private static double bell(double a) {
    double square = a * a;
    double lost = Math.fma(a, a, -square);
    double bell = exp(-0.5 * square);
    return Math.fma(bell, -0.5 * lost, bell);
  }

  private static double normalCdf(double x, double a, double bell) {
    double tail = tailRatio(a) * bell;
    return x < 0 ? tail : 1 - tail;
  }

  /** Returns Q(a)·e^(a²/2) = ½·t·P(u). */
  private static double tailRatio(double a) {
    // t = 3/(3 + a/√2) and u = (t − 35/64)/(29/64), each with as few roundings as possible
    double t = THREE_SQRT_2 / (THREE_SQRT_2 + a);
    double u = Math.fma(MINUS_35_29THS, a, THREE_SQRT_2) / (THREE_SQRT_2 + a);
    double square = u * u;
    double even = ERFC[22], odd = ERFC[21];
    for (int i = 20; i >= 0; i -= 2) even = Math.fma(even, square, ERFC[i]);
    for (int i = 19; i >= 1; i -= 2) odd = Math.fma(odd, square, ERFC[i]);
    return 0.5 * (t * Math.fma(odd, u, even));
  }

  static final double ONE_OVER_SQRT_2_PI = 0x1.9884533d43651p-2;

  /**
   * {@return the standard normal density φ(x) = e^(−x²/2) / √(2π)} x² is computed as a sum of two doubles. NaN gives
   * NaN. At most 4 ulp.
   * Formula: beyond-normal-density. Spec: ElementarySpec#normalDensityIsWithinFourUlps.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double normalDensity(double x) {
    return ONE_OVER_SQRT_2_PI * bell(normalClamp(x));
  }

  /** Above this value, Φ(x) is a normal number. Below, x·Φ(x) can be normal although Φ(x) is subnormal. */
  static final double NORMAL_TAIL = -37;

  /** Returns e^(−a²/2)·factor. The power of two is applied last, as in {@link #expTimes}. */
  private static double bellTimes(double a, double factor) {
    double square = a * a;
    double lost = Math.fma(a, a, -square);
    return expTimes(-0.5 * square, Math.fma(factor, -0.5 * lost, factor));
  }

  /**
   * {@return GELU(x) = x·Φ(x)} It is computed as
   * <pre>x·Φ(x) for x ≥ −37,   e^(−a²/2)·(−a·½·t·P(u)) below, a = min(−x, 40)</pre>
   * −0 at −∞, ∞ at ∞ (as limits); NaN gives NaN. At most 8 ulp.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double gelu(double x) {
    if (x < NORMAL_TAIL) {
      double a = normalClamp(x);
      return bellTimes(a, -a * tailRatio(a));
    }
    return x * normalCdf(x);
  }

  /**
   * {@return the derivative of GELU, Φ(x) + x·φ(x)} It is computed as
   * <pre>Φ(x) + x·φ(x) for x ≥ −37,   e^(−a²/2)·(½·t·P(u) − a/√(2π)) below, a = min(−x, 40)</pre>
   * −0 at −∞, 1 at ∞ (as limits); NaN gives NaN. At most 8 ulp, and for −2 &lt; x &lt; −¼ at most
   * 8 ulp of Φ(x), because the terms cancel near x = −0.7518.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double geluDerivative(double x) {
    double a = normalClamp(x);
    if (x < NORMAL_TAIL) return bellTimes(a, Math.fma(-ONE_OVER_SQRT_2_PI, a, tailRatio(a)));
    double bell = bell(a), density = ONE_OVER_SQRT_2_PI * bell;
    return normalCdf(x, a, bell) + (density == 0 ? 0 : x * density);
  }

  /**
   * {@return SiLU(x) = x·σ(x)} With z = e^−|x|:
   * <pre>x / (1+z) for x ≥ 0,   x·z / (1+z) for −708 ≤ x &lt; 0,   x·e^x below</pre>
   * For x·e^x, the power of two is applied last. −0 at −∞, ∞ at ∞ (as limits); NaN gives NaN. At most 4 ulp.
   * Formula: beyond-silu-kernel. Spec: ElementarySpec#siluIsWithinFourUlps.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double silu(double x) {
    if (x < -EXP_NORMAL) {
      double c = x < -EXP_CLAMP ? -EXP_CLAMP : x;
      return expTimes(c, c);
    }
    double z = exp(-Math.abs(x));
    return (x < 0 ? x * z : x) / (1 + z);
  }

  /**
   * {@return the derivative of SiLU, σ(x)·(1 + x·σ(−x))} With z = e^−|x| and c = 1 + z:
   * <pre>(c + x·z) / c² for x ≥ 0,   z·(c + x) / c² for −708 ≤ x &lt; 0,   (1 + x)·e^x below</pre>
   * −0 at −∞, 1 at ∞ (as limits); NaN gives NaN. At most 6 ulp, and for −2 &lt; x &lt; −½ at most
   * 6 ulp of σ(x), because the terms cancel near x = −1.2785.
   *
   * @param x any number, ±∞ or NaN
   */
  public static double siluDerivative(double x) {
    if (x < -EXP_NORMAL) {
      double c = x < -EXP_CLAMP ? -EXP_CLAMP : x;
      return expTimes(c, 1 + c);
    }
    if (x > EXP_NORMAL) return 1;
    double z = exp(-Math.abs(x)), c = 1 + z;
    return (x < 0 ? z * (c + x) : Math.fma(x, z, c)) / (c * c);
  }

  /**
   * {@return the derivative of ELU for x ≤ 0, α·e^x; 0 for x &lt; −1000} For x &lt; −708 the power of two is applied
   * last. NaN gives NaN. At most 1 ulp for α = 1 and 2 ulp for other α up to 1e100.
   *
   * @param alpha α, the factor of e^x − 1 in ELU
   * @param x a number ≤ 0, −∞ or NaN
   */
  public static double eluDerivative(double alpha, double x) {
    if (x < -EXP_NORMAL) return x < -EXP_CLAMP ? 0 : expTimes(x, alpha);
    return alpha * exp(x);
  }
}
