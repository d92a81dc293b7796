/**
 * Exit statuses and messages of a launcher that could not run its program.
 *
 * @module
 */

/** Exit status of a launcher that could not set up the pid file, the logs or the limits. */
export const SETUP_FAILED = 125;

/** Exit statuses of a shell: not executable, not found (POSIX, 2.8.2 Exit Status for Commands). */
export const NOT_EXECUTABLE = 126;
export const NOT_FOUND = 127;

/** Prefix of the launcher's messages on standard error: the shell's `$0`. */
export const LAUNCHER_NAME = "hale-launch";
