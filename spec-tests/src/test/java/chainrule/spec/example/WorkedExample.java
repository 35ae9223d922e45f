// SPDX-License-Identifier: MIT
package chainrule.spec.example;

/**
 * A formula with numbers.
 *
 * @param text the numbers that go in, and what the library computes: "ŷ = 2, y = 1, n = 1: ∂L/∂ŷ = 1"
 * @param printed what the printed form gives for the same numbers, where it differs: "as printed −1"; else empty
 */
public record WorkedExample(String text, String printed) {}
