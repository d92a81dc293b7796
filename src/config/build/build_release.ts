import type { ReleaseSpec } from "../../model/service_spec.ts";
import { expandTemplate, TemplateError } from "../../text/template.ts";
import type { Fill } from "./fill.ts";
import type { ProblemDetails } from "../schema/problems.ts";
import type { ReleaseTable } from "../schema/schema.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/** Names that the resolver fills in for each target. `asset` itself can use all but `asset`. */
const RELEASE_NAMES = ["version", "os", "arch", "target", "release.endpoint", "asset"];

const EXPECTED_URL = "expected a URL that starts with https://, http:// or file://";

/**
 * Says where a service's releases are published. The endpoint is filled in; the other templates
 * stay for the resolver, which knows the target, and only their names are checked.
 *
 * @param draft A service with a release.
 * @param fill Fills in the endpoint.
 * @param context For the environment, and where to report.
 * @returns The release.
 */
export function buildRelease(draft: ServiceDraft, fill: Fill, context: LoadContext): ReleaseSpec {
  const release = draft.table.release!;
  for (const key of ["tag", "url", "asset", "bin"] as const) checkTemplate(key, release[key]);
  checkScheme();
  const checksums = checksumPlaces(release);
  for (const place of checksums) checkTemplate("checksums", place);
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

  function report(key: string, message: string, details: ProblemDetails): void {
    context.problems.add([...draft.path, "release", key], message, details);
  }

  function checkTemplate(key: string, template: string | undefined): void {
    if (template === undefined) return;
    const known = RELEASE_NAMES.filter((name) => name !== key);
    try {
      expandTemplate(template, (name) => {
        if (name === "release.endpoint" && release.endpoint === undefined) {
          report(key, "${release.endpoint} stands for `endpoint`, which is missing", {
            value: template,
          });
        } else if (!known.includes(name)) {
          const unknown = { word: name, known };
          report(key, `\${${name}} is not known here`, { value: template, unknown });
        }
        return "";
      });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      report(key, error.message, { value: template });
    }
  }

  function checkScheme(): void {
    const { url = "${" } = release;
    if (/^(https?:\/\/|file:\/\/|\$\{)/i.test(url)) return;
    report("url", EXPECTED_URL, { value: url });
  }

  function readEndpoint(): string | null {
    const { endpoint: written, endpoint_env: variable } = release;
    const given = variable === undefined ? "" : context.env[variable];
    const text = given || (written === undefined ? null : fill(["release", "endpoint"], written));
    if (text === null) return null;
    const url = URL.parse(text);
    if (url !== null && ["http:", "https:", "file:"].includes(url.protocol)) {
      return text.replace(/\/+$/, "");
    }
    if (variable !== undefined && given) {
      report("endpoint", `${EXPECTED_URL}; the environment variable ${variable} holds another`, {
        variable,
      });
    } else report("endpoint", EXPECTED_URL, { value: written });
    return null;
  }
}

/** Says that a release has no checksums, and that it is to be used all the same. */
export const NO_CHECKSUMS = "none";

/** The more a file of checksums is about the artifact alone, the sooner it is asked. */
function checksumPlaces({ checksums, minisign }: ReleaseTable): readonly string[] {
  if (checksums === NO_CHECKSUMS) return [];
  if (checksums !== undefined) return typeof checksums === "string" ? [checksums] : checksums;
  return minisign === undefined ? ["${asset}.sha256", "SHA256SUMS"] : ["SHA256SUMS"];
}

function definedOnly(words: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
