/** Parts that mark a name as that of a secret anywhere in it. */
const ANYWHERE = /token|secret|passw|passphrase|credential|bearer|authorization|cookie/;
/** Parts that do so only at the end, such as in `requirepass`. */
const AT_THE_END = /(?:pass|pwd|auth|key|keys)$/;
/** Parts that do so only as a separate word, such as in `auth-file`. */
const ALONE =
  /^(?:pass|passin|passout|pwd|pw|pin|otp|psk|auth|key|keys|pat|jwt|sas|sig|signature|session|creds)$/;

/**
 * Returns whether a name is probably that of a secret.
 *
 * @param name Name of a flag, a variable, a header or a field: `--api-key`, `dbPassword`, `X-Auth`.
 * @returns True also in cases of doubt.
 */
export function isSecretName(name: string): boolean {
  const words = name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const joined = words.join("");
  return ANYWHERE.test(joined) || AT_THE_END.test(joined) || words.some((word) => ALONE.test(word));
}
