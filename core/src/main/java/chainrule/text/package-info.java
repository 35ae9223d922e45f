/** Text that several packages of core parse: the settings of optimizers and schedules. Not part of the API. */
package chainrule.text;
