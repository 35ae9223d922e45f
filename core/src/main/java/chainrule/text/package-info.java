// SPDX-License-Identifier: MIT
/**
 * Parses and shortens text for several packages of core: the parameters of optimizers and schedules, and strings in
 * error messages. Not part of the API.
 */
package chainrule.text;
