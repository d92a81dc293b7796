import { HaleError } from "../errors.ts";
import { describeProblem, type Policy } from "./policy.ts";
import { ruleAllows } from "./release_rule.ts";
import { shownUrl } from "../text/redact_url.ts";

/**
 * Whether a policy forbids a service to be started.
 *
 * @param policy The policy.
 * @param service Its name; compared without regard to case.
 * @returns `policy_denied`, saying which entry of which file denies it; null where it may start.
 */
export function deniedByPolicy(policy: Policy, service: string): HaleError | null {
  const what = `${service} may not be started`;
  if (policy.problems.length > 0) return brokenDenial(policy, what, { service });
  const name = folded(service);
  const rule = policy.deny.find(({ entry }) => entry === "*" || folded(entry) === name);
  if (rule === undefined) return null;
  const where = `${rule.key} has "${rule.entry}"` +
    (rule.line === null ? "" : ` on line ${rule.line}`);
  return new HaleError(
    "policy_denied",
    `${what}: ${policy.path} denies it (${where}). Ask whoever keeps that file, or take the ` +
      "entry out.",
    { fields: { service, path: policy.path, rule: rule.entry, line: rule.line } },
  );
}

/** What would be downloaded. */
export interface PlannedDownload {
  /** The engine. */
  readonly name: string;
  /** Where an allowed one redirects to is the business of its owner. */
  readonly url: string;
  /** URLs of the files that say what the artifact must be. */
  readonly checksumsUrls: readonly string[];
  /** `none`: nothing says what the artifact must be. */
  readonly checksum: string;
}

/**
 * Whether a policy forbids something to be downloaded.
 *
 * @param policy The policy.
 * @param download What would be downloaded.
 * @returns `policy_denied`, saying why; null where it may be.
 */
export function downloadDeniedByPolicy(
  policy: Policy,
  { name, url, checksumsUrls, checksum }: PlannedDownload,
): HaleError | null {
  const { path, allowedReleases: rules } = policy;
  const shown = shownUrl(url);
  const fields = { engine: name, url: shown, path };
  const what = `${name} may not be downloaded from ${shown}`;
  if (policy.problems.length > 0) return brokenDenial(policy, what, fields);
  if (policy.requireChecksum && checksum === "none") {
    return new HaleError(
      "policy_denied",
      `${what}: ${path} has require_checksum = true, and nothing says what it must be. Use a ` +
        "release with checksums, or give it one in hale.toml.",
      { fields },
    );
  }
  if (rules === null) return null;
  const refused = [url, ...checksumsUrls]
    .find((asked) => !rules.some((rule) => ruleAllows(rule, new URL(asked))));
  if (refused === undefined) return null;
  return new HaleError(
    "policy_denied",
    `${name} may not be downloaded: no entry of releases.allow in ${path} allows ` +
      `${shownUrl(refused)}. Use a releases endpoint that is allowed, or ask whoever keeps ` +
      "that file.",
    { fields: { ...fields, url: shownUrl(refused) } },
  );
}

function brokenDenial(
  policy: Policy,
  what: string,
  fields: Readonly<Record<string, unknown>>,
): HaleError {
  const { path, problems } = policy;
  return new HaleError(
    "policy_denied",
    [
      `${what}: the policy ${path} has mistakes, and until they are corrected it denies everything.`,
      ...problems.map((problem) => `  ${describeProblem(problem)}`),
    ].join("\n"),
    { fields: { ...fields, path, problems } },
  );
}

/** One form for all spellings that a person takes for the same name. */
function folded(name: string): string {
  return name.trim().normalize("NFC").toUpperCase().toLowerCase();
}
