import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { parseTomlWithLines } from "../../../src/config/toml/toml_lines.ts";
import { deniedByPolicy, downloadDeniedByPolicy } from "../../../src/policy/denied_by_policy.ts";
import { PolicyFile } from "../../../src/policy/policy_file.ts";
import type { FuzzTarget, OpenTarget } from "../fuzz_target.ts";
import { assertLineOf, utf8 } from "../properties.ts";
import { tomlInputs } from "../toml_inputs.ts";

const KEYS = ["services", "servers", "releases", "deny", "allow", "require_checksum"];

const VALUES = [
  ...["*", "web", "WEB", " web ", "café", "w*b", "", "https://example.org", "https://*.org"],
  ...["file:///srv/mirror", "github:o/*", "github:o/r", "https://a%2fb/", "http://h/?q", true],
];

/** A policy: {@linkcode PolicyFile} and what it denies. A policy that cannot be used denies all. */
export const open: OpenTarget = (folder): FuzzTarget => {
  const path = join(folder, "policy.toml");
  return {
    inputs: tomlInputs(KEYS, VALUES),
    words: [...KEYS, ...VALUES.map((value) => JSON.stringify(value)), "[services]\n", "deny = ["],
    check: (input) => {
      Deno.writeFileSync(path, input);
      const policy = new PolicyFile(path, {
        parseToml: parseTomlWithLines,
        distrustOf: () => null,
      }).read();
      const text = utf8(input);
      const shown = new TextDecoder().decode(input);
      for (const { line } of [...policy.problems, ...policy.deny]) assertLineOf(line, shown);
      const download = downloadDeniedByPolicy(policy, {
        name: "engine",
        url: "https://example.org/engine",
        checksumsUrls: [],
        checksum: "none",
      });
      if (policy.problems.length > 0) {
        assertEquals(deniedByPolicy(policy, "web")?.code, "policy_denied");
        assertEquals(download?.code, "policy_denied");
        return;
      }
      assert(text !== null, "bytes that are not UTF-8 were accepted");
      // Every name of the document is denied.
      const { value } = parseTomlWithLines(text) as { value: Record<string, Table> };
      const names = [value.services?.deny, value.servers?.deny].flatMap((deny) => deny ?? []);
      for (const name of names as string[]) {
        const service = name.trim() === "*" ? "web" : name;
        assertEquals(deniedByPolicy(policy, service)?.code, "policy_denied", name);
      }
      if (value.releases?.require_checksum === true) {
        assertEquals(download?.code, "policy_denied");
      }
      if (Array.isArray(value.releases?.allow) && value.releases.allow.length === 0) {
        assertEquals(download?.code, "policy_denied");
      }
    },
  };
};

type Table = Readonly<Record<string, unknown>> | undefined;
