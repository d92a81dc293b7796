import type { Command, CommandModule } from "../command.ts";
import { ALL_SERVICES, ONE_SERVICE } from "./service_arguments.ts";

const VERIFY = {
  kind: "boolean",
  summary: "read what is in the cache, whatever a look at it tells",
} as const;

const LOCKED = {
  kind: "boolean",
  summary: "fail where hale.lock would have to be changed",
} as const;

/** Commands about the executables of services. */
export const RESOLVE_COMMANDS = [
  {
    name: "resolve",
    group: "resolve",
    summary: "show which executable a service would run",
    description: "Finds the executable of a service as up would, without downloading or starting " +
      "anything, and shows its path. Where only a download would bring it, says from where and " +
      "exits with 5; with --explain the table says so.",
    args: [ONE_SERVICE],
    flags: {
      explain: {
        kind: "boolean",
        summary: "every place that was looked at, and why it was not it",
      },
      verify: VERIFY,
    },
    examples: [
      { line: "hale resolve engine --explain", does: "Says where the executable comes from." },
    ],
    load: (): Promise<CommandModule> => import("../commands/resolve/run.ts"),
  },
  {
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
    load: (): Promise<CommandModule> => import("../commands/fetch/run.ts"),
  },
  {
    name: "cache ls",
    group: "resolve",
    summary: "show what is in the cache",
    description:
      "Shows every artifact in the cache: what it is, where it came from, how long ago " +
      "it was used, and whether a service runs from it.",
    args: [],
    flags: {},
    examples: [{ line: "hale cache ls", does: "Lists all that was fetched." }],
    load: (): Promise<CommandModule> => import("../commands/cache/ls/run.ts"),
  },
  {
    name: "cache verify",
    group: "resolve",
    summary: "compare the cache with what was installed",
    description: "Reads every file in the cache and compares its checksum with the one it had " +
      "when it was installed. Exits with 6 if anything has changed.",
    args: [],
    flags: {},
    examples: [{ line: "hale cache verify", does: "Reads everything that may be run." }],
    load: (): Promise<CommandModule> => import("../commands/cache/verify/run.ts"),
  },
  {
    name: "cache prune",
    group: "resolve",
    summary: "remove what is not used any more",
    description: "Removes artifacts from the cache: those that were not used for 30 days, unless " +
      "a flag says otherwise. With both an age and a count, either is reason enough. What a " +
      "service runs from, or is to run from, always stays.",
    args: [],
    flags: {
      days: {
        kind: "number",
        placeholder: "N",
        summary: "those that were not used for so many days",
      },
      keep: {
        kind: "number",
        placeholder: "N",
        summary: "those of each program that are not among so many used last",
      },
      all: {
        kind: "boolean",
        summary: "everything that is not in use",
        conflicts: ["days", "keep"],
      },
      dryRun: { kind: "boolean", summary: "only say what would be removed" },
    },
    examples: [
      { line: "hale cache prune", does: "Removes what was not used for 30 days." },
      { line: "hale cache prune --keep 2", does: "Keeps the last two versions of each program." },
    ],
    load: (): Promise<CommandModule> => import("../commands/cache/prune/run.ts"),
  },
] as const satisfies readonly Command[];
