import type { CommandSpec } from "../../command.ts";
import { ALL_SERVICES } from "../service_arguments.ts";
import { LOCKED, VERIFY } from "../shared_flags.ts";

/** `hale fetch`: what it is called and takes. */
export const spec = {
  name: "fetch",
  group: "resolve",
  summary: "download the executables of services",
  description: "Downloads and verifies what the services need and the cache does not have, so " +
    "that a later up needs no network, and writes hale.lock. Nothing is started. With --from, " +
    "takes a file that you have in place of the download, under the checksum of hale.lock, of " +
    "hale.toml, of --sha256, or of a FILE.sha256 or SHA256SUMS beside it.",
  args: [ALL_SERVICES],
  flags: {
    allTargets: {
      kind: "boolean",
      summary: "look up every other platform, too, for hale.lock",
      conflicts: ["from"],
    },
    locked: LOCKED,
    verify: VERIFY,
    from: {
      kind: "path",
      placeholder: "FILE",
      summary: "the artifact of one service, brought in by hand",
    },
    sha256: {
      kind: "string",
      placeholder: "HASH",
      summary: "the checksum that FILE must have",
    },
  },
  examples: [
    { line: "hale fetch", does: "Fills the cache for everything in hale.toml." },
    { line: "hale fetch --all-targets", does: "Fills hale.lock for every platform, too." },
    { line: "hale fetch --locked", does: "In CI: takes what hale.lock says, or fails." },
    {
      line: "hale fetch engine --from ./rivet-engine --sha256 52cd39b7...",
      does: "Without a network: takes a file, if it is the right one.",
    },
  ],
} as const satisfies CommandSpec;
