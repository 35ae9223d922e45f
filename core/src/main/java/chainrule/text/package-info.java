// SPDX-License-Identifier: MIT
/**
 * Parses text for several packages of core, such as the parameters of optimizers and schedules. Not part of the API.
 */
package chainrule.text;
