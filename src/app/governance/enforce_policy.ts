/**
 * Access to the policy of a home.
 *
 * @module
 */

import { parseTomlWithLines } from "../../config/toml/toml_lines.ts";
import { asHaleError, type HaleError } from "../../errors.ts";
import { deniedByPolicy } from "../../policy/denied_by_policy.ts";
import { PolicyFile } from "../../policy/policy_file.ts";
import { describeDistrust, PathTrust } from "../../home/path_trust.ts";
import type { HomePaths } from "../../home/home_paths.ts";

/** Returns the error if the current policy denies a service, else null. */
export type DeniesService = (service: string) => HaleError | null;

/**
 * Returns the policy file of a home.
 *
 * @param paths The home.
 * @param trust Which files are trusted. @default as the environment says
 * @returns The file, which may not exist.
 */
export function homePolicy(
  { policy }: Pick<HomePaths, "policy">,
  trust: PathTrust = PathTrust.fromEnvironment(Deno.env.toObject()),
): PolicyFile {
  return new PolicyFile(policy, {
    parseToml: parseTomlWithLines,
    distrustOf: (path) => {
      const problem = trust.problemOf(path);
      return problem && `${describeDistrust(problem, path)}; if you trust it, ${problem.remedy}`;
    },
  });
}

/**
 * Returns a function that checks services against the policy of a home.
 *
 * @param paths The home.
 * @returns The function. It never throws: a policy that cannot be read denies everything.
 */
export function servicePolicy(paths: Pick<HomePaths, "policy">): DeniesService {
  const file = homePolicy(paths);
  return (service) => {
    try {
      return deniedByPolicy(file.read(), service);
    } catch (error) {
      return asHaleError(error, "store_io");
    }
  };
}
