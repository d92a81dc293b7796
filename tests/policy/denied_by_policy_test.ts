import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import {
  deniedByPolicy,
  downloadDeniedByPolicy,
  type PlannedDownload,
} from "../../src/policy/denied_by_policy.ts";
import { policyOf } from "./policy_text.ts";

function denies(policy: string, service: string): boolean {
  return deniedByPolicy(policyOf(policy), service) !== null;
}

for (
  const [deny, service, expected] of [
    ['["github"]', "github", true],
    ['["github"]', "GitHub", true],
    ['["GITHUB"]', "github", true],
    ['["  github\\t"]', "github", true],
    ['["github"]', "github2", false],
    ['["github"]', "git", false],
    ['["*"]', "anything", true],
    ['[" * "]', "anything", true],
    ['["a", "b"]', "b", true],
    ["[]", "a", false],
    ['["ünï"]', "ÜNÏ", true],
    ['["u\\u0308"]', "Ü", true],
    ['["straße"]', "STRASSE", true],
  ] as const
) {
  Deno.test(`deniedByPolicy() ${expected ? "denies" : "allows"} ${service} when the entries are ${deny}`, () => {
    assertEquals(denies(`[services]\ndeny = ${deny}`, service), expected);
    assertEquals(denies(`[servers]\ndeny = ${deny}`, service), expected);
  });
}

Deno.test("deniedByPolicy() denies a name in any case, and no other name", () => {
  fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/), (name) => {
    assert(denies(`[services]\ndeny = ["${name.toUpperCase()}"]`, name.toLowerCase()));
    assert(denies(`[services]\ndeny = ["${name}"]`, name));
    assert(!denies(`[services]\ndeny = ["${name}x"]`, name));
  }));
  // One letter, and a letter with an accent after it.
  assert(denies('[services]\ndeny = ["caf\u00c9"]', "cafe\u0301"));
});

Deno.test("deniedByPolicy() names the file, the entry and its line", () => {
  const error = deniedByPolicy(policyOf('[services]\ndeny = ["a",\n "Web"]'), "web")!;
  assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
    code: "policy_denied",
    exitStatus: 8,
  });
  assertStringIncludes(
    error.message,
    'Cannot start web: /home/policy.toml denies it (services.deny has "Web" on line 3). ' +
      "Remove the entry, or ask the owner of the file to remove it.",
  );
});

Deno.test("deniedByPolicy() denies everything and names the line when the policy is invalid", () => {
  const error = deniedByPolicy(policyOf('[services]\ndeny = ["a"]\nother = 1'), "b")!;
  assertEquals(error.code, "policy_denied");
  assertStringIncludes(error.message, "line 3: services.other: unknown key");
  assertStringIncludes(
    error.message,
    "Cannot start b: the policy /home/policy.toml is invalid and denies everything until it is " +
      "corrected.",
  );
});

const RIVET: PlannedDownload = {
  name: "rivet-engine",
  url: "https://releases.rivet.dev/rivet/2.3.19/engine/x",
  checksumsUrls: ["https://releases.rivet.dev/rivet/2.3.19/engine/SHA256SUMS"],
  checksum: "published",
};

function mayDownload(rule: string, url: string): boolean {
  const policy = policyOf(`[releases]\nallow = [${JSON.stringify(rule)}]`);
  assertEquals(policy.problems, []);
  const planned = { name: "x", url, checksumsUrls: [], checksum: "pinned" };
  return downloadDeniedByPolicy(policy, planned) === null;
}

for (
  const [rule, url, expected] of [
    ["https://releases.rivet.dev", "https://releases.rivet.dev/a/b", true],
    ["https://releases.rivet.dev/", "https://releases.rivet.dev/a/b", true],
    ["https://RELEASES.rivet.dev:443", "https://releases.rivet.dev/a", true],
    ["https://releases.rivet.dev", "http://releases.rivet.dev/a", false],
    ["https://releases.rivet.dev", "https://releases.rivet.dev:8443/a", false],
    ["https://releases.rivet.dev", "https://releases.rivet.dev.evil.com/a", false],
    ["https://releases.rivet.dev", "https://releases.rivet.dev@evil.com/a", false],
    ["https://releases.rivet.dev", "https://evil.com/https://releases.rivet.dev/", false],
    ["https://mirror.example/ours", "https://mirror.example/ours/a", true],
    ["https://mirror.example/ours/", "https://mirror.example/ours/a", true],
    ["https://mirror.example/ours", "https://mirror.example/oursother/a", false],
    ["https://mirror.example/ours", "https://mirror.example/ours/../theirs/a", false],
    ["https://mirror.example/ours", "https://mirror.example/ours/%2e%2e/theirs/a", false],
    ["https://mirror.example/ours", "https://mirror.example/ours/..%2ftheirs/a", false],
    ["https://mirror.example/ours", "https://mirror.example/ours\\..\\theirs/a", false],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/a", true],
    ["file:///srv/mirror", "file:///srv/mirror/a", true],
    ["file:///srv/mirror", "file:///srv/other/a", false],
    ["https://releases.rivet.dev", "file:///srv/mirror/a", false],
    ["github:nats-io/*", "https://github.com/nats-io/nats-server/releases/download/v2/x", true],
    ["github:nats-io/*", "https://github.com/NATS-IO/nats-server/releases/download/v2/x", true],
    ["github:nats-io/nats-server", "https://github.com/nats-io/nats-server/releases/x", true],
    ["github:nats-io/nats-server", "https://github.com/nats-io/nats-server2/releases/x", false],
    ["github:nats-io/nats-*", "https://github.com/nats-io/nats-server/releases/x", true],
    ["github:nats-io/nats-*", "https://github.com/nats-io/jetstream/releases/x", false],
    ["github:nats-io/a.b", "https://github.com/nats-io/axb/releases/x", false],
    ["github:nats-io/n*s-*r", "https://github.com/nats-io/nats-server/releases/x", true],
    ["github:nats-io/nats*-server", "https://github.com/nats-io/nats-server/releases/x", true],
    ["github:nats-io/nats-s*-server", "https://github.com/nats-io/nats-server/releases/x", false],
    ["github:nats-io/*.s", "https://github.com/nats-io/nats-s/releases/x", false],
    ["github:nats-io/*", "https://github.com/nats-io", false],
    ["github:nats-io/*", "https://github.com/evil/nats-io/releases/x", false],
    ["github:nats-io/*", "https://github.com/nats-io/x%2f..%2f..%2fevil/y", false],
    ["github:nats-io/*", "https://github.com.evil.com/nats-io/nats-server/x", false],
    ["github:nats-io/*", "http://github.com/nats-io/nats-server/x", false],
  ] as const
) {
  Deno.test(`downloadDeniedByPolicy() ${expected ? "allows" : "refuses"} ${url} when ${rule} is allowed`, () => {
    assertEquals(mayDownload(rule, url), expected);
  });
}

Deno.test("downloadDeniedByPolicy() allows every release when there are no rules for releases", () => {
  assertEquals(downloadDeniedByPolicy(policyOf('[services]\ndeny = ["*"]'), RIVET), null);
});

Deno.test("downloadDeniedByPolicy() refuses every release when none is allowed or the file is invalid", () => {
  for (const text of ["[releases]\nallow = []", "[releases]\nallow = 1"]) {
    assertEquals(downloadDeniedByPolicy(policyOf(text), RIVET)?.exitStatus, 8);
  }
});

Deno.test("downloadDeniedByPolicy() refuses a release when the URL of its checksums is not allowed", () => {
  const policy = policyOf('[releases]\nallow = ["https://releases.rivet.dev"]');
  assertEquals(downloadDeniedByPolicy(policy, RIVET), null);
  const checksumsUrls = [...RIVET.checksumsUrls, "https://u:pw@evil.com/SHA256SUMS?token=t"];
  const error = downloadDeniedByPolicy(policy, { ...RIVET, checksumsUrls })!;
  assertStringIncludes(error.message, "allows https://evil.com/SHA256SUMS.");
});

Deno.test("downloadDeniedByPolicy() refuses a release without checksums when they are required", () => {
  const policy = policyOf("[releases]\nrequire_checksum = true");
  assertEquals(downloadDeniedByPolicy(policy, RIVET), null);
  const bare = { ...RIVET, checksum: "none" };
  const error = downloadDeniedByPolicy(policy, bare)!;
  assertStringIncludes(error.message, "require_checksum = true");
  const lax = policyOf("[releases]\nrequire_checksum = false");
  assertEquals(downloadDeniedByPolicy(lax, bare), null);
});
