import { describeProblem } from "../../policy/policy.ts";
import type { AppContext } from "../context.ts";
import { homePolicy } from "../governance/enforce_policy.ts";
import { type Found, ok, wrong } from "./finding.ts";

/**
 * Looks at the policy of a home.
 *
 * @param context Where hale works.
 * @returns What is wrong with it, or what it denies.
 */
export function checkPolicy({ paths }: AppContext): Found[] {
  const { problems, deny, allowedReleases, requireChecksum } = homePolicy(paths).read();
  const found = problems.map((problem) =>
    wrong(
      paths.policy,
      `${describeProblem(problem)}.`,
      "Correct it: until then it denies everything.",
    )
  );
  if (found.length > 0) return found;
  const says = [
    deny.length === 0
      ? "it denies no service"
      : `it denies ${deny.map(({ entry }) => entry).join(", ")}`,
    allowedReleases === null
      ? "releases may come from anywhere"
      : "releases may come from its list",
    ...requireChecksum ? ["each must have a checksum"] : [],
  ].join(", ");
  return [ok(paths.policy, `${says.charAt(0).toUpperCase()}${says.slice(1)}.`)];
}
