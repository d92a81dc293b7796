import { assertEquals, assertThrows } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import { targetName } from "../../src/model/target.ts";
import { hostTarget, targetOf } from "../../src/platform/host_target.ts";

Deno.test("targetOf() converts Deno's names to those of releases", () => {
  const pairs = [["linux", "x86_64"], ["linux", "aarch64"], ["darwin", "x86_64"], [
    "darwin",
    "aarch64",
  ], ["windows", "x86_64"]] as const;
  assertEquals(
    pairs.map(([os, arch]) => targetName(targetOf({ os, arch }))),
    ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"],
  );
});

Deno.test("targetOf() names an unsupported system or architecture", () => {
  for (const build of [{ os: "freebsd", arch: "x86_64" }, { os: "linux", arch: "riscv64gc" }]) {
    const error = assertThrows(() => targetOf(build), HaleError);
    assertEquals(error.code, "binary_unavailable");
    assertEquals(
      error.message,
      `hale supports no releases for ${build.os} on ${build.arch}. Build the program yourself and ` +
        "set `binary` or `command` in hale.toml.",
    );
  }
});

Deno.test("hostTarget() returns the target of this machine", () => {
  assertEquals(hostTarget(), targetOf({ os: Deno.build.os, arch: Deno.build.arch }));
});
