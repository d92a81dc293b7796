import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { targetName, TARGETS } from "../../../src/model/target.ts";
import { type Artifact, artifactFor } from "../../../scripts/compile/artifact.ts";
import { programConfig } from "../../../scripts/compile/program_config.ts";
import { writeChecksums } from "../../../scripts/compile/write_checksums.ts";
import { parseChecksumList } from "../../../src/resolve/release/checksum_list.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import config from "../../../deno.json" with { type: "json" };

Deno.test("artifactFor() returns a unique file name for each target", () => {
  const artifacts: Artifact[] = TARGETS.map((target) => artifactFor(targetName(target)));
  assertEquals(artifacts.map(({ fileName }) => fileName), [
    "hale-linux-amd64",
    "hale-linux-arm64",
    "hale-darwin-amd64",
    "hale-darwin-arm64",
    "hale-windows-amd64.exe",
  ]);
  assertEquals(new Set(artifacts.map(({ triple }) => triple)).size, TARGETS.length);
});

Deno.test("artifactFor() suggests a target when it is misspelt", () => {
  const error = assertThrows(() => artifactFor("linux-amd46"), HaleError);
  assertEquals(error.code, "usage");
  assertStringIncludes(error.message, "Did you mean linux-amd64?");
});

Deno.test("programConfig() keeps the permissions of deno.json when nothing is added", () => {
  const built = programConfig(config, { allowHosts: [], repository: null });
  assertEquals(built.permissions, config.permissions);
  assertEquals("repository" in built, "repository" in config);
});

Deno.test("programConfig() adds only hosts and the repository", () => {
  const built = programConfig(config, {
    allowHosts: ["mirror.example.com:8443", "*.example.org", "github.com", "[::2]:80"],
    repository: "acme/hale",
  });
  const { net, ...others } = built.permissions.default;
  assertEquals(net, [
    ...config.permissions.default.net,
    "mirror.example.com:8443",
    "*.example.org",
    "[::2]:80",
  ]);
  const { net: _, ...unchanged } = config.permissions.default;
  assertEquals(others, unchanged);
  assertEquals(built.repository, "acme/hale");
});

for (
  const host of ["https://a.example", "a.example/x", "", "*", "a b", "u@a.example", "a.example:x"]
) {
  Deno.test(`programConfig() refuses ${JSON.stringify(host)} as a host`, () => {
    const error = assertThrows(
      () => programConfig(config, { allowHosts: [host], repository: null }),
      HaleError,
      "expected a host name",
    );
    assertEquals(error.code, "usage");
  });
}

Deno.test("programConfig() refuses a repository that is not OWNER/NAME", () => {
  assertThrows(
    () => programConfig(config, { allowHosts: [], repository: "https://github.com/acme/hale" }),
    HaleError,
    "OWNER/NAME",
  );
});

Deno.test("writeChecksums() lists every executable in a format that the resolver reads", async () => {
  using folder = new TempFolder();
  folder.write("hale-linux-amd64", "abc");
  folder.write("hale-windows-amd64.exe", "");
  folder.write("notes.md", "not an executable");
  await writeChecksums(folder.path);
  assertEquals(
    [...parseChecksumList(folder.read("SHA256SUMS"))],
    [
      ["hale-linux-amd64", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
      [
        "hale-windows-amd64.exe",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      ],
    ],
  );
});

Deno.test("permissions.md explains every permission of deno.json", async () => {
  const page = new URL("../../../src/cli/manual/permissions.md", import.meta.url);
  const rows = (await Deno.readTextFile(page)).split("\n").filter((line) => line.startsWith("|"))
    .join("\n");
  const { net, sys, ...others } = config.permissions.default;
  for (const word of [...Object.keys(others), "net", "sys", ...net, ...sys]) {
    assertStringIncludes(rows, `\`${word}\``);
  }
});
