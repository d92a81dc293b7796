/**
 * Keeping secrets out of the audit log.
 *
 * It masks too much rather than too little: a hidden port number costs a question, a password in a
 * log costs more. Where the name of a secret stands within a longer argument, such as a script for
 * `sh -c`, all that follows in that argument goes: no shell's quoting brings a part of the value past
 * that.
 *
 * @module
 */

import { isSecretName } from "./secret_name.ts";

/** What stands in place of a secret. */
const MASK = "***";

/**
 * Masks what looks like a secret in the arguments of a program: what follows a flag with the name of
 * one (`--token X`, `--password=X`), the value of an assignment or a header with such a name
 * (`API_KEY=X`, `{"password":"X"}`, `x-api-key: X`), what follows `Bearer`, a long word after such a
 * name, the user information of a URL, and the tokens that well-known services give out.
 *
 * @param args The arguments.
 * @returns As many arguments.
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

/** Whether an argument says that the next one is a secret. */
function announces(arg: string, next: string): boolean {
  const named = LAST_WORD.exec(arg.trim().slice(-LONGEST_NAME));
  if (named === null) return false;
  const [, name, separator] = named as unknown as [string, string, string];
  return isSecretName(name) && (separator !== "" || leadsIn(name, next));
}

const LONGEST_NAME = 200;
const LAST_WORD = /(?:^|\s)(\/?[\p{L}\p{N}_.-]+)["'`]?([=:]?)$/u;

/** Whether the name of a secret needs nothing between itself and the secret. */
function leadsIn(name: string, next: string): boolean {
  return /^[-/]/.test(name) || /^bearer$/i.test(name) || LONG_WORD.test(next);
}

/** Base64, hex and the like; other words are about secrets without being one. */
const LONG_WORD = /^["'`]?[A-Za-z0-9+/_=.~-]{16}/;

function maskWithin(arg: string): string {
  const userinfo = userinfoOf(arg);
  let cut = Math.min(namedSecretAt(arg), tokenAt(arg));
  // A password may itself look like the name of another.
  cut = Math.min(cut, ...userinfo.filter(({ end }) => end >= cut).map(({ start }) => start));
  let masked = "";
  let at = 0;
  for (const { start, end } of userinfo.filter((range) => range.end < cut)) {
    masked += arg.slice(at, start) + MASK;
    at = end;
  }
  return masked + arg.slice(at, cut) + (cut < arg.length ? MASK : "");
}

/** Up to the last `@`: people put what a URL should escape into their passwords. */
function userinfoOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(/\S+/g)].flatMap(({ 0: word, index }) => {
    const [slashes, at] = [word.indexOf("//"), word.lastIndexOf("@")];
    return slashes === -1 || at < slashes ? [] : [{ start: index + slashes + 2, end: index + at }];
  });
}

/** Where what follows the name of a secret begins; the end where there is none. */
function namedSecretAt(text: string): number {
  for (const match of text.matchAll(NAMED)) {
    const { 0: all, 1: name = "", index } = match;
    if (!isSecretName(name)) continue;
    const at = index + all.length;
    if (/[=:]$/.test(all) || leadsIn(name, text.slice(at, at + LONGEST_NAME))) return at;
  }
  return text.length;
}

/** It begins where a word does, so that long texts take time in proportion to their length. */
const NAMED = /(?<![\p{L}\p{N}_.-])([\p{L}\p{N}_.-]+)(?:["'`\])\\]*\s*[=:]|["'`]?\s+)/gu;

function tokenAt(text: string): number {
  const at = text.search(GIVEN_TOKEN);
  return at === -1 ? text.length : at;
}

/** GitHub, GitLab, OpenAI, Stripe, Slack, AWS, npm, JSON Web Tokens, private keys. */
const GIVEN_TOKEN =
  /\b(?:gh[oprsu]_\w{16}|github_pat_|glpat-|sk-\w{8}|[rs]k_live_|xox[a-z]-|AKIA\w{12}|npm_\w{20}|eyJ[\w-]{8,}\.)|-----BEGIN /;
