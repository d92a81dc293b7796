import { parseTomlWithLines } from "../../src/config/toml/toml_lines.ts";
import { parsePolicy } from "../../src/policy/parse_policy.ts";
import type { Policy } from "../../src/policy/policy.ts";

/** Parses a text as the file `/home/policy.toml`. */
export function policyOf(text: string): Policy {
  return parsePolicy(text, { path: "/home/policy.toml", parseToml: parseTomlWithLines });
}
