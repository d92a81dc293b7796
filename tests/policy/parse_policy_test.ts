import { assert, assertEquals } from "@std/assert";
import { describeProblem } from "../../src/policy/policy.ts";
import { policyOf } from "./policy_text.ts";

function problemsOf(text: string): readonly string[] {
  const policy = policyOf(text);
  if (policy.problems.length > 0) {
    // Nothing of a broken policy may count as said.
    assertEquals({ deny: policy.deny, allowedReleases: policy.allowedReleases }, {
      deny: [],
      allowedReleases: null,
    });
  }
  return policy.problems.map(describeProblem);
}

Deno.test("parsePolicy() reads everything a policy may say", () => {
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

Deno.test("parsePolicy() allows everything when the file says nothing", () => {
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
      "line 3, column 8: this bracket is not closed",
    ],
    [
      '[services]\ndeny = ["a"]\ndeny = ["b"]',
      "line 3, column 1: services.deny is already there, on line 2",
    ],
    [
      '[service]\ndeny = ["a"]',
      "line 1: service: there is no such key; known: services, servers, releases",
    ],
    ['[services]\ndenied = ["a"]', "line 2: services.denied: there is no such key; known: deny"],
    [
      "[releases]\nallows = []",
      "line 2: releases.allows: there is no such key; known: allow, require_checksum",
    ],
    [
      '[services]\ndeny = "a"',
      'line 2: services.deny: expected a list of texts, such as ["name"]',
    ],
    ['[services]\ndeny = ["a",\n 7]', "line 3: services.deny: expected texts in the list"],
    ['[servers]\ndeny = [""]', 'line 2: servers.deny: an entry is empty; "*" denies all'],
    [
      '[services]\ndeny = ["web-*"]',
      'line 2: services.deny: "web-*" is no name: "*" stands for all, and alone',
    ],
    ["services = 1", "line 1: services: expected a table"],
    [
      '[releases]\nrequire_checksum = "yes"',
      "line 2: releases.require_checksum: expected true or false",
    ],
    [
      '[releases]\nallow = ["releases.rivet.dev"]',
      'line 2: releases.allow: "releases.rivet.dev" is not "https://HOST", "https://HOST/FOLDER", ' +
      '"file:///FOLDER" or "github:OWNER/REPOSITORY", whose repository may be "*"',
    ],
  ] as const
) {
  Deno.test(`parsePolicy() names the mistake when the policy is ${JSON.stringify(text)}`, () => {
    assertEquals(problemsOf(text), [problem]);
  });
}

Deno.test("parsePolicy() names all mistakes at once when there are several", () => {
  assertEquals(problemsOf("[services]\ndeny = 1\nx = 2\n[other]").length, 3);
});
