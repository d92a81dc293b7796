/**
 * Where the policy of a home is asked.
 *
 * @module
 */

import { parseTomlWithLines } from "../../config/toml/toml_lines.ts";
import type { HaleError } from "../../errors.ts";
import { deniedByPolicy } from "../../policy/denied_by_policy.ts";
import { PolicyFile } from "../../policy/policy_file.ts";
import type { HomePaths } from "../../home/home_paths.ts";

/** Asks the policy, as it stands at that moment, whether it denies a service. */
export type DeniesService = (service: string) => HaleError | null;

/**
 * The policy of a home.
 *
 * @param paths The home.
 * @returns Its file, which need not be there.
 */
export function homePolicy({ policy }: Pick<HomePaths, "policy">): PolicyFile {
  return new PolicyFile(policy, parseTomlWithLines);
}

/**
 * The policy of a home, about services.
 *
 * @param paths The home.
 * @returns Asks it. It never throws: a policy that cannot be read denies everything.
 */
export function servicePolicy(paths: Pick<HomePaths, "policy">): DeniesService {
  const file = homePolicy(paths);
  return (service) => deniedByPolicy(file.read(), service);
}
