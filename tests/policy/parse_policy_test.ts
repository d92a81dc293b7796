import { assert, assertEquals } from "@std/assert";
import { describeProblem } from "../../src/policy/policy.ts";
import { policyOf } from "./policy_text.ts";

function problemsOf(text: string): readonly string[] {
  const policy = policyOf(text);
  if (policy.problems.length > 0) {
    // An invalid policy has no rules.
    assertEquals({ deny: policy.deny, allowedReleases: policy.allowedReleases }, {
      deny: [],
      allowedReleases: null,
    });
  }
  return policy.problems.map(describeProblem);
}

Deno.test("parsePolicy() reads every key of a policy", () => {
  const policy = policyOf(`# ours
[services]
deny = [
  "github", # until audited
  " Postgres ",
]
[servers]
deny = ["*"]
[releases]
allow = ["https://releases.rivet.dev", "github:nats-io/*"]
require_checksum = true
`);
  assertEquals(policy.problems, []);
  assertEquals(policy.deny, [
    { entry: "github", key: "services.deny", line: 4 },
    { entry: "Postgres", key: "services.deny", line: 5 },
    { entry: "*", key: "servers.deny", line: 8 },
  ]);
  assertEquals(policy.allowedReleases?.map(({ kind }) => kind), ["url", "github"]);
  assert(policy.requireChecksum);
});

Deno.test("parsePolicy() allows everything when the file has no rules", () => {
  for (const text of ["", "# nothing yet\n", "\ufeff[services]\r\n", "[releases]"]) {
    const policy = policyOf(text);
    assertEquals({
      problems: policy.problems,
      deny: policy.deny,
      allowedReleases: policy.allowedReleases,
    }, { problems: [], deny: [], allowedReleases: null });
    assertEquals(policy.requireChecksum, false);
  }
});

for (
  const [text, problem] of [
    ["[services\ndeny = []", 'line 1, column 10: expected "]" after the name of the table'],
    [
      'x = 1\n[services]\ndeny = ["a"',
      'line 3, column 12: expected "," or the closing bracket',
    ],
    [
      '[services]\ndeny = ["a"]\ndeny = ["b"]',
      "line 3, column 1: deny is already set",
    ],
    [
      '[service]\ndeny = ["a"]',
      "line 1: service: unknown key; expected one of services, servers, releases",
    ],
    ['[services]\ndenied = ["a"]', "line 2: services.denied: unknown key; expected deny"],
    [
      "[releases]\nallows = []",
      "line 2: releases.allows: unknown key; expected one of allow, require_checksum",
    ],
    [
      '[services]\ndeny = "a"',
      'line 2: services.deny: expected a list of strings, such as ["name"]',
    ],
    [
      '[services]\ndeny = ["a",\n 7]',
      "line 3: services.deny: expected a string in quotes for every entry of the list",
    ],
    [
      '[servers]\ndeny = [""]',
      'line 2: servers.deny: an entry is empty; write "*" to deny all services',
    ],
    [
      '[services]\ndeny = ["web-*"]',
      'line 2: services.deny: "web-*" is not a name: "*" denies all services and cannot be part of a name',
    ],
    ["services = 1", "line 1: services: expected a table, such as [services]"],
    [
      '[releases]\nrequire_checksum = "yes"',
      "line 2: releases.require_checksum: expected true or false",
    ],
    [
      '[releases]\nallow = ["releases.rivet.dev"]',
      'line 2: releases.allow: "releases.rivet.dev" is invalid: expected "https://HOST", ' +
      '"https://HOST/FOLDER", "file:///FOLDER", "github:OWNER/REPOSITORY" or "github:OWNER/*"',
    ],
  ] as const
) {
  Deno.test(`parsePolicy() names the problem when the policy is ${JSON.stringify(text)}`, () => {
    assertEquals(problemsOf(text), [problem]);
  });
}

Deno.test("parsePolicy() reports all problems at once when there are several", () => {
  assertEquals(problemsOf("[services]\ndeny = 1\nx = 2\n[other]").length, 3);
});
