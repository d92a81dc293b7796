/**
 * Descriptor of the pid file that a program inherits from its launcher. A shell such as dash accepts only
 * one digit, and scripts often use 9 for `flock`.
 */
export const MARK_DESCRIPTOR = 8;
