import { describeProblem } from "../../policy/policy.ts";
import type { AppContext } from "../context.ts";
import { homePolicy } from "../governance/enforce_policy.ts";
import { type Found, ok, wrong } from "./finding.ts";

/**
 * Checks the policy of a home.
 *
 * @param context Home and environment.
 * @returns The problems of the policy, or what it denies.
 */
export function checkPolicy({ paths }: AppContext): Found[] {
  const { problems, deny, allowedReleases, requireChecksum } = homePolicy(paths).read();
  const found = problems.map((problem) =>
    wrong(
      paths.policy,
      `${describeProblem(problem)}.`,
      "Correct the file. Until then the policy denies everything.",
    )
  );
  if (found.length > 0) return found;
  const says = [
    deny.length === 0
      ? "it denies no service"
      : `it denies ${deny.map(({ entry }) => entry).join(", ")}`,
    allowedReleases === null
      ? "releases may come from any source"
      : "releases may come only from the sources that it lists",
    ...requireChecksum ? ["every release must have a checksum"] : [],
  ].join("; ");
  return [ok(paths.policy, `${says.charAt(0).toUpperCase()}${says.slice(1)}.`)];
}
