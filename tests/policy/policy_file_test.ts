import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseTomlWithLines } from "../../src/config/toml/toml_lines.ts";
import { HaleError } from "../../src/errors.ts";
import { deniedByPolicy } from "../../src/policy/denied_by_policy.ts";
import { PolicyFile } from "../../src/policy/policy_file.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";

const OPTIONS = { parseToml: parseTomlWithLines, distrustOf: () => null };

function denies(file: PolicyFile, service: string): boolean {
  return deniedByPolicy(file.read(), service) !== null;
}

Deno.test("PolicyFile.read() allows everything when there is no file", () => {
  using folder = new TempFolder();
  assertEquals(denies(new PolicyFile(folder.join("policy.toml"), OPTIONS), "a"), false);
});

Deno.test("PolicyFile.read() notices a change when size and time of the file stay the same", () => {
  using folder = new TempFolder();
  const file = new PolicyFile(folder.join("policy.toml"), OPTIONS);
  const at = new Date(1_700_000_000_000);
  for (const name of ["a", "b", "a", "c"]) {
    Deno.utimeSync(folder.write("policy.toml", `[services]\ndeny = ["${name}"]`), at, at);
    assertEquals(["a", "b", "c"].filter((service) => denies(file, service)), [name]);
  }
  Deno.removeSync(folder.join("policy.toml"));
  assertEquals(denies(file, "c"), false);
});

Deno.test("PolicyFile.read() parses once when the content stays the same", () => {
  using folder = new TempFolder();
  folder.write("policy.toml", '[services]\ndeny = ["a"]');
  let parsed = 0;
  const file = new PolicyFile(folder.join("policy.toml"), {
    ...OPTIONS,
    parseToml: (text) => {
      parsed++;
      return parseTomlWithLines(text);
    },
  });
  for (let time = 0; time < 5; time++) assertEquals(denies(file, "a"), true);
  assertEquals(parsed, 1);
});

Deno.test("PolicyFile.read() denies everything when the file cannot be read", () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("policy.toml"));
  const policy = new PolicyFile(folder.join("policy.toml"), OPTIONS).read();
  assertStringIncludes(
    deniedByPolicy(policy, "a")!.message,
    "it cannot be read: it is not a regular file",
  );
});

unixTest("PolicyFile.read() denies everything when the file is a dangling link", () => {
  using folder = new TempFolder();
  Deno.symlinkSync(folder.join("away.toml"), folder.join("policy.toml"));
  const file = new PolicyFile(folder.join("policy.toml"), OPTIONS);
  assertEquals(denies(file, "a"), true);
  folder.write("away.toml", "");
  assertEquals(denies(file, "a"), false);
});

Deno.test("PolicyFile.read() denies everything when others can change the file", () => {
  using folder = new TempFolder();
  const path = folder.write("policy.toml", "");
  const distrustOf = (file: string) => file === path ? "it belongs to another user" : null;
  const policy = new PolicyFile(path, { ...OPTIONS, distrustOf }).read();
  assertStringIncludes(deniedByPolicy(policy, "a")!.message, "it belongs to another user");
});

Deno.test("PolicyFile.read() throws when the machine has no descriptor left", () => {
  using folder = new TempFolder();
  folder.write("policy.toml", "");
  const file = new PolicyFile(folder.join("policy.toml"), OPTIONS);
  const { readFileSync } = Deno;
  Deno.readFileSync = () => {
    throw Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
  };
  try {
    const error = assertThrows(() => file.read(), HaleError);
    assertEquals(error.code, "store_io");
    assertStringIncludes(error.message, "Could not read the policy at ");
    assertStringIncludes(error.message, "raise its limit (ulimit -n)");
  } finally {
    Deno.readFileSync = readFileSync;
  }
  assertEquals(denies(file, "a"), false);
});

Deno.test("PolicyFile.read() denies everything when the file is not UTF-8", () => {
  using folder = new TempFolder();
  const path = folder.join("policy.toml");
  // In Latin-1, where the last letter of the name is one byte.
  Deno.writeFileSync(
    path,
    Uint8Array.from("[services]\ndeny = ['caf\xe9']", (it) => it.charCodeAt(0)),
  );
  const policy = new PolicyFile(path, OPTIONS).read();
  for (const service of ["caf\xe9", "web"]) {
    assertStringIncludes(
      deniedByPolicy(policy, service)!.message,
      "line 2: the line is not UTF-8; save the file as UTF-8",
    );
  }
});
