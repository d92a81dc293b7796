/**
 * One entry of `releases.allow`.
 *
 * @module
 */

import { trimEnd } from "../text/trim_end.ts";

/** The releases that an entry allows. */
export type ReleaseRule =
  | {
    readonly kind: "url";
    /** Such as `https:`. */
    readonly protocol: string;
    /** With the port, unless it is the default port. */
    readonly host: string;
    /** Without a trailing slash. Empty allows every path of the host. */
    readonly path: string;
  }
  | {
    readonly kind: "github";
    readonly owner: string;
    /** `*` matches any characters. */
    readonly repository: string;
  };

/** The valid forms of an entry, for messages. */
export const RELEASE_RULE_FORMS =
  '"https://HOST", "https://HOST/FOLDER", "file:///FOLDER", "github:OWNER/REPOSITORY" or ' +
  '"github:OWNER/*"';

/**
 * Parses an entry.
 *
 * @param entry Such as `https://releases.rivet.dev` or `github:nats-io/*`.
 * @returns The rule, or null if the entry is not valid.
 */
export function parseReleaseRule(entry: string): ReleaseRule | null {
  const github = /^github:([A-Za-z0-9-]+)\/([A-Za-z0-9._*-]+)$/.exec(entry);
  if (github !== null) {
    const [, owner, repository] = github as unknown as [string, string, string];
    return { kind: "github", owner: owner.toLowerCase(), repository: repository.toLowerCase() };
  }
  const url = URL.parse(entry);
  if (url === null || !["https:", "http:", "file:"].includes(url.protocol)) return null;
  const { protocol, host, pathname } = url;
  // Refuse parts that would be ignored, because they seem to restrict the rule.
  const isWhole = url.username + url.password + url.search + url.hash === "";
  if (!isWhole || entry.includes("*") || ESCAPED_SLASH.test(pathname)) return null;
  return { kind: "url", protocol, host, path: trimEnd(pathname, "/") };
}

/**
 * Reports whether a rule allows a URL.
 *
 * @param rule The rule.
 * @param url URL of a release or of its checksums.
 * @returns True if it is allowed.
 */
export function ruleAllows(rule: ReleaseRule, url: URL): boolean {
  if (rule.kind === "url") {
    if (url.protocol !== rule.protocol || url.host !== rule.host) return false;
    if (rule.path === "") return true;
    const isBelow = `${url.pathname}/`.startsWith(`${rule.path}/`);
    return isBelow && !ESCAPED_SLASH.test(url.pathname);
  }
  if (url.protocol !== "https:" || url.host !== "github.com") return false;
  const [, owner = "", repository = ""] = url.pathname.toLowerCase().split("/");
  return owner === rule.owner && matchesGlob(rule.repository, repository) &&
    !ESCAPED_SLASH.test(url.pathname);
}

/** An escaped slash: `URL` keeps it within a path segment, but a server may decode it. */
const ESCAPED_SLASH = /%2f|%5c/i;

/**
 * Matches part by part, each at its first place: a regular expression with several `.*` would try all
 * places of all parts.
 */
function matchesGlob(glob: string, name: string): boolean {
  if (name === "") return false;
  const [start, ...others] = glob.split("*") as [string, ...string[]];
  const end = others.pop();
  if (end === undefined) return name === start;
  if (!name.startsWith(start)) return false;
  let at = start.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - end.length >= at && name.endsWith(end);
}
