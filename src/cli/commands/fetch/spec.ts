import type { CommandSpec } from "../../command.ts";
import { ALL_SERVICES } from "../service_arguments.ts";
import { LOCKED, VERIFY } from "../shared_flags.ts";

/** Name, arguments, flags and help of `hale fetch`. */
export const spec = {
  name: "fetch",
  group: "executables",
  summary: "Download the executables of services",
  description:
    "Downloads and verifies what is missing in the cache and writes hale.lock, so that " +
    "`hale up` needs no network. Nothing is started. With --from, installs a local file instead; " +
    "its checksum must match hale.lock, hale.toml, --sha256, or a FILE.sha256 or SHA256SUMS file " +
    "beside it.",
  args: [ALL_SERVICES],
  flags: {
    allTargets: {
      kind: "boolean",
      summary: "Add the checksums for all other platforms to hale.lock",
      conflicts: ["from"],
    },
    locked: LOCKED,
    verify: VERIFY,
    from: {
      kind: "path",
      placeholder: "FILE",
      summary: "Install this file as the artifact of the one service",
    },
    sha256: {
      kind: "string",
      placeholder: "HASH",
      summary: "Checksum that FILE must have",
    },
  },
  examples: [
    { line: "hale fetch", does: "Download the executables of all services." },
    { line: "hale fetch --all-targets", does: "Lock the checksums for every platform." },
    { line: "hale fetch --locked", does: "In CI: install exactly what hale.lock names, or fail." },
    {
      line: "hale fetch engine --from ./rivet-engine --sha256 52cd39b7...",
      does: "Without a network: install a file if its checksum matches.",
    },
  ],
} as const satisfies CommandSpec;
