import { parseToml } from "../../src/config/toml/toml.ts";
import { parsePolicy } from "../../src/policy/parse_policy.ts";
import type { Policy } from "../../src/policy/policy.ts";

/** The policy that a text is, in a file `/home/policy.toml`. */
export function policyOf(text: string): Policy {
  return parsePolicy(text, { path: "/home/policy.toml", parseToml });
}
