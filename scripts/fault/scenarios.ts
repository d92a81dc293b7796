import type { Scenario } from "./scenario.ts";
import { clock } from "./scenarios/clock.ts";
import { commands } from "./scenarios/commands.ts";
import { descriptors } from "./scenarios/descriptors.ts";
import { disk } from "./scenarios/disk.ts";
import { downloader } from "./scenarios/downloader.ts";
import { follower } from "./scenarios/follower.ts";
import { frozen } from "./scenarios/frozen.ts";
import { pids } from "./scenarios/pids.ts";
import { supervisor } from "./scenarios/supervisor.ts";
import { users } from "./scenarios/users.ts";
import { writer } from "./scenarios/writer.ts";

/** All scenarios, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  ...[supervisor, writer, downloader, follower, commands],
  ...[frozen, disk, descriptors, pids, clock, users],
];
