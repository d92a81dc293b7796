import { HaleError } from "../errors.ts";
import type { HomePaths } from "./home_paths.ts";
import { assertHomePermissions } from "./home_permissions.ts";
import { describeDistrust, type PathTrust } from "./path_trust.ts";

/**
 * Refuses a home that other users can write to or replace: the home itself, the folders and links on the
 * way to it, and its own folders, which may be links.
 *
 * @param paths The home. What does not exist is accepted.
 * @param trust Which owners and folders are trusted.
 * @throws {HaleError} `unsafe_home` If others can, `store_io` if the home cannot be looked at.
 */
export function assertSafeHome(paths: HomePaths, trust: PathTrust): void {
  const { home, auditFolder, cache, runtimes, supervisorFolder } = paths;
  assertHomePermissions(home);
  for (const path of [home, auditFolder, cache, runtimes, supervisorFolder]) {
    const problem = trust.problemOf(path);
    if (problem === null) continue;
    throw new HaleError(
      "unsafe_home",
      `hale does not use the home ${home}: ${
        describeDistrust(problem, home)
      }. They could make hale ` +
        `run their programs. If you trust its contents, ${problem.remedy}; otherwise name another ` +
        "home with --home DIR. See `hale help security`.",
      { fields: { home, distrusted: problem.path, reason: problem.what } },
    );
  }
}
