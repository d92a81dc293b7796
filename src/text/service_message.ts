/**
 * Messages about a service, beside its name.
 *
 * @module
 */

/**
 * Puts the name of a service before a message, unless the message contains it.
 *
 * @param name The service.
 * @param message Such as `hale gave up on web.` or `Could not start ./x.`
 * @returns The message with the name in it.
 */
export function withName(name: string, message: string): string {
  // As a word of its own: not in a path, and not as a part of another name.
  const escaped = name.replaceAll(/[^\w]/g, "\\$&");
  const isNamed = new RegExp(`(?<![^\\s"\`(])${escaped}(?![^\\s.,:;)"\`]|[.:]\\S)`).test(message);
  return isNamed ? message : `${name}: ${message}`;
}

/**
 * Removes the name of a service from the beginning of a message that is shown after the name.
 *
 * @param name The service.
 * @param message Such as `web exited with code 3.`
 * @returns Such as `exited with code 3.`
 */
export function withoutName(name: string, message: string): string {
  return message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
}
