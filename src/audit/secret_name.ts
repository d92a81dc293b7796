/** Words that name a secret wherever they stand in a name. */
const ANYWHERE = /token|secret|passw|passphrase|credential|bearer|authorization|cookie/;
/** Words that do so at the end of a name that is written as one, such as `requirepass`. */
const AT_THE_END = /(?:pass|pwd|auth|key|keys)$/;
/** Words that do so where they stand alone, such as in `auth-file`. */
const ALONE =
  /^(?:pass|passin|passout|pwd|pw|pin|otp|psk|auth|key|keys|pat|jwt|sas|sig|signature|session|creds)$/;

/**
 * Whether a name is one under which programs take a secret.
 *
 * @param name Of a flag, a variable, a header or a field: `--api-key`, `dbPassword`, `X-Auth`.
 * @returns True where it is, or may be.
 */
export function isSecretName(name: string): boolean {
  const words = name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const joined = words.join("");
  return ANYWHERE.test(joined) || AT_THE_END.test(joined) || words.some((word) => ALONE.test(word));
}
