/**
 * Access to the policy of a home.
 *
 * @module
 */

import { parseTomlWithLines } from "../../config/toml/toml_lines.ts";
import { asHaleError, type HaleError } from "../../errors.ts";
import { deniedByPolicy } from "../../policy/denied_by_policy.ts";
import { PolicyFile } from "../../policy/policy_file.ts";
import type { HomePaths } from "../../home/home_paths.ts";

/** Returns the error if the current policy denies a service, else null. */
export type DeniesService = (service: string) => HaleError | null;

/**
 * Returns the policy file of a home.
 *
 * @param paths The home.
 * @returns The file, which may not exist.
 */
export function homePolicy({ policy }: Pick<HomePaths, "policy">): PolicyFile {
  return new PolicyFile(policy, parseTomlWithLines);
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
