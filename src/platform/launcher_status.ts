/**
 * How a launcher says that it could not run its program.
 *
 * @module
 */

/** Exit status of a launcher that could not prepare the launch: pid file, logs, limits. */
export const NOT_PREPARED = 125;

/** What a shell ends with where a program is not executable, or not found (POSIX, 2.8.2). */
export const NOT_EXECUTABLE = 126;
export const NOT_FOUND = 127;

/** The name under which the launcher's shell writes its own messages to standard error. */
export const LAUNCHER_NAME = "hale-launch";
