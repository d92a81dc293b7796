/**
 * Masks secrets in arguments, for the audit log.
 *
 * It masks too much rather than too little: a masked port number does little harm, a password in a log
 * much. If a longer argument, such as a script for `sh -c`, contains the name of a secret, the rest of
 * that argument is masked, so that no shell quoting can leave a part of the value visible.
 *
 * @module
 */

import { isSecretName } from "./secret_name.ts";

/** Replaces a secret. */
const MASK = "***";

/**
 * Masks values that look like secrets in the arguments of a program:
 *
 * - the value of a flag with a secret's name (`--token X`, `--password=X`)
 * - the value of an assignment, a header or a field with such a name (`API_KEY=X`, `x-api-key: X`,
 *   `{"password":"X"}`)
 * - the word after `Bearer`, and a long word after such a name
 * - the user name and password of a URL
 * - tokens in the formats of well-known services
 *
 * @param args The arguments.
 * @returns The same number of arguments.
 *
 * @example
 * ```ts
 * import { maskSecrets } from "./mask_secrets.ts";
 * const args = maskSecrets(["--port", "80", "--token", "x", "DB_PASSWORD=y"]);
 * console.log(args); // ["--port", "80", "--token", "***", "DB_PASSWORD=***"]
 * ```
 */
export function maskSecrets(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const before = args[index - 1];
    return before !== undefined && announces(before, arg) ? MASK : maskWithin(arg);
  });
}

/** Whether an argument announces that the next one is a secret. */
function announces(arg: string, next: string): boolean {
  const named = LAST_WORD.exec(arg.trim().slice(-LONGEST_NAME));
  if (named === null) return false;
  const [, name, separator] = named as unknown as [string, string, string];
  return isSecretName(name) && (separator !== "" || leadsIn(name, next));
}

const LONGEST_NAME = 200;
const LAST_WORD = /(?:^|\s)(\/?[\p{L}\p{N}_.-]+)["'`]?([=:]?)$/u;

/** Whether a secret may follow its name without a separator. */
function leadsIn(name: string, next: string): boolean {
  return /^[-/]/.test(name) || /^bearer$/i.test(name) || LONG_WORD.test(next);
}

/** Looks like Base64 or hex. Shorter words after a secret's name are usually prose. */
const LONG_WORD = /^["'`]?[A-Za-z0-9+/_=.~-]{16}/;

function maskWithin(arg: string): string {
  const userinfo = userinfoOf(arg);
  let cut = Math.min(namedSecretAt(arg), tokenAt(arg));
  // A password in a URL may look like the name of a secret.
  cut = Math.min(cut, ...userinfo.filter(({ end }) => end >= cut).map(({ start }) => start));
  let masked = "";
  let at = 0;
  for (const { start, end } of userinfo.filter((range) => range.end < cut)) {
    masked += arg.slice(at, start) + MASK;
    at = end;
  }
  return masked + arg.slice(at, cut) + (cut < arg.length ? MASK : "");
}

/** Ranges up to the last `@`: passwords often contain characters that a URL should escape. */
function userinfoOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(/\S+/g)].flatMap(({ 0: word, index }) => {
    const [slashes, at] = [word.indexOf("//"), word.lastIndexOf("@")];
    return slashes === -1 || at < slashes ? [] : [{ start: index + slashes + 2, end: index + at }];
  });
}

/** Index of the first value after the name of a secret; the length of the text if there is none. */
function namedSecretAt(text: string): number {
  for (const match of text.matchAll(NAMED)) {
    const { 0: all, 1: name = "", index } = match;
    if (!isSecretName(name)) continue;
    const at = index + all.length;
    if (/[=:]$/.test(all) || leadsIn(name, text.slice(at, at + LONGEST_NAME))) return at;
  }
  return text.length;
}

/** Anchored to the start of a word, so that the time is linear in the length of the text. */
const NAMED = /(?<![\p{L}\p{N}_.-])([\p{L}\p{N}_.-]+)(?:["'`\])\\]*\s*[=:]|["'`]?\s+)/gu;

function tokenAt(text: string): number {
  const at = text.search(GIVEN_TOKEN);
  return at === -1 ? text.length : at;
}

/** GitHub, GitLab, OpenAI, Stripe, Slack, AWS, npm, JSON Web Tokens, private keys. */
const GIVEN_TOKEN =
  /\b(?:gh[oprsu]_\w{16}|github_pat_|glpat-|sk-\w{8}|[rs]k_live_|xox[a-z]-|AKIA\w{12}|npm_\w{20}|eyJ[\w-]{8,}\.)|-----BEGIN /;
