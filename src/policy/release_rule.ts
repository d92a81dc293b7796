/**
 * One entry of `releases.allow`.
 *
 * @module
 */

/** Which releases an entry allows. */
export type ReleaseRule =
  | {
    readonly kind: "url";
    /** Such as `https:`. */
    readonly protocol: string;
    /** With the port where it is not the usual one. */
    readonly host: string;
    /** Without a slash at its end. Empty: everything of the host. */
    readonly path: string;
  }
  | {
    readonly kind: "github";
    readonly owner: string;
    /** `*` stands for any characters in it. */
    readonly repository: string;
  };

/** What an entry may be. */
export const RELEASE_RULE_FORMS =
  '"https://HOST", "https://HOST/FOLDER", "file:///FOLDER" or "github:OWNER/REPOSITORY", whose ' +
  'repository may be "*"';

/**
 * Reads an entry.
 *
 * @param entry Such as `https://releases.rivet.dev` or `github:nats-io/*`.
 * @returns The rule, or null where it is none.
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
  // A part that would be passed over must not look as if it narrowed the rule.
  const isWhole = url.username + url.password + url.search + url.hash === "";
  if (!isWhole || entry.includes("*") || MAY_LEAD_OUT.test(pathname)) return null;
  return { kind: "url", protocol, host, path: pathname.replace(/\/+$/, "") };
}

/**
 * Whether a rule allows a URL.
 *
 * @param rule The rule.
 * @param url Where a release, or its checksums, would come from.
 * @returns True where it does.
 */
export function ruleAllows(rule: ReleaseRule, url: URL): boolean {
  if (rule.kind === "url") {
    if (url.protocol !== rule.protocol || url.host !== rule.host) return false;
    if (rule.path === "") return true;
    const isBelow = `${url.pathname}/`.startsWith(`${rule.path}/`);
    return isBelow && !MAY_LEAD_OUT.test(url.pathname);
  }
  if (url.protocol !== "https:" || url.host !== "github.com") return false;
  const [, owner = "", repository = ""] = url.pathname.toLowerCase().split("/");
  return owner === rule.owner && matchesGlob(rule.repository, repository) &&
    !MAY_LEAD_OUT.test(url.pathname);
}

/** An escaped slash: the URL does not count it as the end of a folder, a server may. */
const MAY_LEAD_OUT = /%2f|%5c/i;

function matchesGlob(glob: string, name: string): boolean {
  const parts = glob.split("*").map((part) => part.replaceAll(".", "\\."));
  return new RegExp(`^${parts.join(".*")}$`).test(name) && name !== "";
}
