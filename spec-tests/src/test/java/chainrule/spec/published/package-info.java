// SPDX-License-Identifier: MIT
/**
 * Numbers that others have printed, reproduced to every digit: a witness that shares no code, no author and no language
 * with the library. Each source is a text file in {@code src/test/resources/chainrule/spec/published}, with its
 * numbers as they were printed, and a {@code …Spec} that computes them through the public API.
 *
 * <p>Start with {@code mazur.txt} and {@link chainrule.spec.published.MazurSpec}.
 * {@link chainrule.spec.published.PublishedSource} defines the file format and {@link
 * chainrule.spec.published.PrintedNumber} what "every digit" means. {@code PUBLISHED.md} lists all sources.
 */
package chainrule.spec.published;
