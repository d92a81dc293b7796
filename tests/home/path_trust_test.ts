import { assertEquals, assertThrows } from "@std/assert";
import { isPrivateGroup } from "../../src/home/private_group.ts";
import { PathTrust, type TrustOptions } from "../../src/home/path_trust.ts";
import { HaleError } from "../../src/errors.ts";
import { rootTest, STRANGER } from "../fixtures/root_test.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";

/** A group that no user has. */
const NO_GROUP = 61_777;

function culprit(path: string, options: TrustOptions = {}, env = {}): string | null {
  return PathTrust.fromEnvironment(env).problemOf(path, options)?.path ?? null;
}

unixTest(
  "problemOf() accepts a file that only this user can change, and one that is missing",
  () => {
    using folder = new TempFolder();
    const path = folder.write("a", "");
    assertEquals(culprit(path), null);
    assertEquals(culprit(path, { found: true }), null);
    assertEquals(culprit(folder.join("missing", "b")), null);
  },
);

unixTest("problemOf() names the file or the folder above it to which all may write", () => {
  using folder = new TempFolder();
  const above = folder.join("above");
  Deno.mkdirSync(`${above}/project`, { recursive: true });
  const path = folder.write("above/project/hale.toml", "");
  Deno.chmodSync(path, 0o666);
  assertEquals(culprit(path), path);
  Deno.chmodSync(path, 0o644);
  Deno.chmodSync(above, 0o777);
  assertEquals(culprit(path), above);
  // Entries of a sticky folder belong to their owners.
  Deno.chmodSync(above, 0o1777);
  assertEquals(culprit(path, { found: true }), null);
  const direct = folder.write("above/hale.toml", "");
  assertEquals(culprit(direct), null);
  assertEquals(culprit(direct, { found: true }), above);
});

unixTest("problemOf() follows links and checks the folders of their targets", () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("open"));
  Deno.mkdirSync(folder.join("mine"));
  folder.write("open/hale.toml", "");
  Deno.chmodSync(folder.join("open"), 0o777);
  Deno.symlinkSync("../open/hale.toml", folder.join("mine/file"));
  Deno.symlinkSync("../open", folder.join("mine/folder"));
  Deno.symlinkSync("loop", folder.join("mine/loop"));
  assertEquals(culprit(folder.join("mine/file")), folder.join("open"));
  assertEquals(culprit(folder.join("mine/folder/hale.toml")), folder.join("open"));
  assertEquals(culprit(folder.join("mine/loop")), null);
});

unixTest("problemOf() accepts what a private group can write, and no other group", () => {
  using folder = new TempFolder();
  const path = folder.write("a", "");
  Deno.chmodSync(path, 0o664);
  const { uid, gid } = Deno.statSync(path);
  assertEquals(culprit(path), isPrivateGroup(gid, uid) ? null : path);
  assertEquals(isPrivateGroup(0, 1000), true);
  assertEquals(isPrivateGroup(NO_GROUP, uid), false);
});

rootTest("problemOf() does not accept what a group of several users can write", () => {
  using folder = new TempFolder();
  const path = folder.write("a", "");
  Deno.chownSync(path, null, NO_GROUP);
  assertEquals(culprit(path), null);
  Deno.chmodSync(path, 0o664);
  assertEquals(culprit(path), path);
});

rootTest("problemOf() names what belongs to another user: file, folder or link", () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("a"));
  const path = folder.write("a/hale.toml", "");
  Deno.symlinkSync("a/hale.toml", folder.join("link"));
  new Deno.Command("chown", { args: ["-h", `${STRANGER}`, folder.join("link")] }).outputSync();
  assertEquals(culprit(path), null);
  assertEquals(culprit(folder.join("link")), folder.join("link"));
  Deno.chownSync(folder.join("a"), STRANGER, null);
  assertEquals(culprit(path), folder.join("a"));
  Deno.chownSync(folder.join("a"), 0, null);
  Deno.chownSync(path, STRANGER, null);
  assertEquals(culprit(path), path);
});

rootTest(
  "problemOf() accepts the user of sudo, named folders and the working copy of a job",
  () => {
    using folder = new TempFolder();
    const path = folder.write("hale.toml", "");
    Deno.chownSync(path, STRANGER, null);
    const job = folder.path;
    assertEquals(culprit(path, {}, { SUDO_UID: `${STRANGER}` }), null);
    assertEquals(culprit(path, {}, { SUDO_UID: `${STRANGER + 1}` }), path);
    assertEquals(culprit(path, {}, { HALE_TRUST: `/nowhere:${job}` }), null);
    assertEquals(culprit(path, {}, { HALE_TRUST: folder.join("else") }), path);
    assertEquals(culprit(path, {}, { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: job }), null);
    assertEquals(culprit(path, {}, { GITHUB_WORKSPACE: job }), path);
    assertEquals(culprit(path, {}, { GITLAB_CI: "true", CI_PROJECT_DIR: job }), null);
    // Only root follows sudo: any user can set the variable.
    const trust = PathTrust.fromEnvironment({ SUDO_UID: `${STRANGER}` }, STRANGER + 1);
    assertEquals(trust.problemOf(path)?.path, path);
  },
);

rootTest("acceptOwners() accepts the owner of a named file, and not what all may write", () => {
  using folder = new TempFolder();
  const path = folder.write("hale.toml", "");
  const beside = folder.write("beside", "");
  for (const each of [path, beside]) Deno.chownSync(each, STRANGER, null);
  const trust = PathTrust.fromEnvironment({});
  trust.acceptOwners(path);
  assertEquals(trust.problemOf(beside), null);
  Deno.chmodSync(path, 0o666);
  assertEquals(trust.problemOf(path)?.path, path);
});

rootTest("assert() says which file, whose it is, and the ways out", () => {
  using folder = new TempFolder();
  const path = folder.write("hale.toml", "");
  Deno.chownSync(path, STRANGER, null);
  const trust = PathTrust.fromEnvironment({});
  const error = assertThrows(() => trust.assert(path), HaleError);
  assertEquals(error.code, "unsafe_file");
  assertEquals(
    error.message,
    `hale does not use ${path}: it belongs to another user (uid 61001; you are uid 0). They could ` +
      `make hale run their programs. If you trust its contents, take it with \`chown 0 ${path}\`. ` +
      "Or set HALE_TRUST to its folder; see `hale help security`.",
  );
});

unixTest("problemOf() says who can change a file, and what prevents it", () => {
  using folder = new TempFolder();
  const above = folder.join("above");
  Deno.mkdirSync(above);
  const path = folder.write("above/hale.toml", "");
  Deno.chmodSync(path, 0o666);
  const trust = PathTrust.fromEnvironment({});
  assertEquals(trust.problemOf(path), {
    path,
    what: "can be changed by all users (mode 0666)",
    remedy: `take their access away with \`chmod go-w ${path}\``,
  });
  Deno.chmodSync(path, 0o600);
  Deno.chmodSync(above, 0o1777);
  assertEquals(trust.problemOf(path, { found: true }), {
    path: above,
    what: "can be changed by all users (mode 1777)",
    remedy: "move it into a folder of your own",
  });
});
