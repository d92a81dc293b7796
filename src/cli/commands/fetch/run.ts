import { openContext } from "../../../app/context.ts";
import { type Fetched, fetchServices } from "../../../app/releases/fetch.ts";
import { loadProject } from "../../../app/project/project.ts";
import { HaleError } from "../../../errors.ts";
import type { Invocation } from "../../command.ts";
import { createDownloadDisplay } from "../../render/download_display.ts";
import { createPrefix } from "../../render/prefix.ts";
import type { spec } from "./spec.ts";

const OUTCOMES = {
  cache: "already in the cache",
  download: "downloaded",
  file: "installed from file",
} as const;

/** Bytes without a published checksum are not verified: they are the ones that are pinned now. */
function outcomeOf({ from, pinned }: Fetched): string {
  const outcome = OUTCOMES[from];
  if (from === "cache") return outcome;
  return pinned ? `${outcome} and pinned: no checksum is published` : `${outcome} and verified`;
}

/** `hale fetch`: downloads the executables of services. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  const { from, allTargets, locked, verify } = flags;
  const sha256 = readSha256(flags.sha256, from);
  const context = openContext(common);
  const project = await loadProject(context, common.config);
  const prefix = createPrefix(project.services.map(({ name }) => name), output.stderr.color);
  const downloads = createDownloadDisplay(output);
  const report = (text: string) => {
    downloads.clear();
    output.note(text);
  };
  const { fetched, targets } = await fetchServices(project, context, {
    services: args.service,
    allTargets,
    locked,
    verify,
    ...(from === null ? {} : { file: { path: from, sha256 } }),
    signal,
    onProgress: downloads.update,
    onFetched: (fetched) => report(`${prefix(fetched.name)}${outcomeOf(fetched)}`),
    onKept: (name, { path, added }) => {
      downloads.clear();
      const names = added.slice(0, 5).join(", ") + (added.length > 5 ? ", …" : "");
      output.warn(`files beside ${name} were not from the release (${names}): kept in ${path}`);
    },
    onProblem: ({ message }) => {
      downloads.clear();
      output.warn(message);
    },
    onTarget: ({ name, version, target, sha256, detail }) =>
      sha256 === null
        ? report(`${name} ${version}: no release for ${detail}`)
        : report(`${name} ${version}: ${target} ${sha256}`),
  }).finally(downloads.finish);
  if (common.json) output.json(allTargets ? { fetched, targets } : fetched);
  else for (const { path } of fetched) output.result(output.stdout.value(path));
  if (fetched.length === 0) output.note("no service runs a release: nothing to download");
  return 0;
}

function readSha256(text: string | null, from: string | null): string | null {
  if (text === null) return null;
  const sha256 = text.toLowerCase();
  if (from !== null && /^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new HaleError(
    "usage",
    from === null
      ? "--sha256 needs --from FILE, whose checksum it is. For a download, set `release.sha256` " +
        "in hale.toml."
      : `--sha256 must be 64 hexadecimal digits; got ${JSON.stringify(text)}.`,
  );
}
