import type { ReleaseSpec } from "../../model/service_spec.ts";
import { trimEnd } from "../../text/trim_end.ts";
import { expandTemplate, TemplateError } from "../../text/template.ts";
import { placeholder } from "./interpolate.ts";
import type { Fill } from "./fill.ts";
import type { ProblemDetails } from "../schema/problems.ts";
import type { ReleaseTable } from "../schema/schema.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/** Placeholders that the resolver fills in for each target. `asset` may use all but itself. */
const RELEASE_NAMES = ["version", "os", "arch", "target", "release.endpoint", "asset"];

/** The placeholders in the vendor's words, which are expanded before all others. */
const NAMES_IN_WORDS: Readonly<Record<string, readonly string[]>> = {
  os: ["version"],
  arch: ["version"],
  targets: ["version", "os", "arch"],
};

const EXPECTED_URL = "expected a URL that starts with https://, http:// or file://";

/**
 * Builds the release of a service. The endpoint is filled in. In the other templates only the names
 * of placeholders are checked: the resolver fills them in, because it knows the target.
 *
 * @param draft A service with a release.
 * @param fill Fills in the endpoint.
 * @param context The environment, and where to report problems.
 * @returns The release.
 */
export function buildRelease(draft: ServiceDraft, fill: Fill, context: LoadContext): ReleaseSpec {
  const release = draft.table.release!;
  for (const key of ["tag", "url", "asset", "bin"] as const) checkTemplate(key, release[key]);
  for (const key of ["os", "arch", "targets"] as const) {
    for (const [name, word] of Object.entries(release[key])) checkTemplate(key, word, name);
  }
  checkScheme();
  const checksums = checksumLocations(release);
  for (const location of checksums) checkTemplate("checksums", location);
  return {
    endpoint: readEndpoint(),
    github: release.github ?? null,
    tag: release.tag ?? "v${version}",
    url: release.url ?? "",
    checksums,
    sha256: definedOnly(release.sha256),
    minisign: release.minisign ?? null,
    asset: release.asset ?? "",
    bin: release.bin ?? null,
    os: definedOnly(release.os),
    arch: definedOnly(release.arch),
    targets: definedOnly(release.targets),
  };

  function report(key: string, message: string, details: ProblemDetails, of?: string): void {
    const path = [...draft.path, "release", key, ...(of === undefined ? [] : [of])];
    context.problems.add(path, message, details);
  }

  function checkTemplate(key: string, template: string | undefined, of?: string): void {
    if (template === undefined) return;
    const known = NAMES_IN_WORDS[key] ?? RELEASE_NAMES.filter((name) => name !== key);
    try {
      expandTemplate(template, (name) => {
        if (name === "release.endpoint" && known.includes(name) && release.endpoint === undefined) {
          report(key, "${release.endpoint} needs `endpoint`, which is not set", {
            value: template,
          }, of);
        } else if (!known.includes(name)) {
          const unknown = {
            word: name,
            known,
            otherwise: `available: ${known.join(", ")}`,
            format: placeholder,
          };
          report(key, `unknown placeholder ${placeholder(name)}`, { value: template, unknown }, of);
        }
        return "";
      });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      report(key, error.message, { value: template }, of);
    }
  }

  function checkScheme(): void {
    const { url = "${" } = release;
    if (/^(https?:\/\/|file:\/\/|\$\{)/i.test(url)) return;
    report("url", EXPECTED_URL, { value: url });
  }

  function readEndpoint(): string | null {
    const { endpoint: written, endpoint_env: variable } = release;
    const override = variable === undefined ? "" : context.env[variable];
    const text = override ||
      (written === undefined ? null : fill(["release", "endpoint"], written));
    if (text === null) return null;
    const url = URL.parse(text);
    if (url !== null && ["http:", "https:", "file:"].includes(url.protocol)) {
      return trimEnd(text, "/");
    }
    if (variable !== undefined && override) {
      report("endpoint", `${EXPECTED_URL} in the environment variable ${variable}`, { variable });
    } else report("endpoint", EXPECTED_URL, { value: written });
    return null;
  }
}

/** Value of `checksums` for a release that publishes none and may be used without them. */
export const NO_CHECKSUMS = "none";

/** The default locations: a file for the artifact alone is tried before one for all artifacts. */
function checksumLocations({ checksums, minisign }: ReleaseTable): readonly string[] {
  if (checksums === NO_CHECKSUMS) return [];
  if (checksums !== undefined) return typeof checksums === "string" ? [checksums] : checksums;
  return minisign === undefined ? ["${asset}.sha256", "SHA256SUMS"] : ["SHA256SUMS"];
}

function definedOnly(words: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
