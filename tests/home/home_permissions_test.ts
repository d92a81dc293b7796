import { assertEquals, assertStringIncludes } from "@std/assert";
import { ensureHome } from "../../src/home/home_paths.ts";
import { assertHomePermissions, dangerOf, ownUid } from "../../src/home/home_permissions.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { expectError } from "../store/expect_error.ts";

unixTest(
  "assertHomePermissions() throws only when others can write to the home",
  async () => {
    using folder = new TempFolder();
    for (const mode of [0o700, 0o755, 0o500, 0o1755]) {
      Deno.chmodSync(folder.path, mode);
      assertHomePermissions(folder.path);
      ensureHome(folder.path);
    }
    for (const mode of [0o770, 0o775, 0o702, 0o777, 0o1777]) {
      Deno.chmodSync(folder.path, mode);
      for (const refuse of [assertHomePermissions, ensureHome]) {
        const error = await expectError(() => refuse(folder.path), "unsafe_home");
        assertStringIncludes(error.message, `mode ${mode.toString(8).padStart(4, "0")}`);
        assertStringIncludes(error.message, "chmod go-w");
        assertEquals(error.fields.home, folder.path);
      }
    }
    Deno.chmodSync(folder.path, 0o700);
    assertHomePermissions(folder.join("missing"));
  },
);

unixTest("dangerOf() reports files of other users, except those of root", () => {
  using folder = new TempFolder();
  const info = { ...Deno.statSync(folder.path), mode: 0o40700 };
  assertEquals(dangerOf({ ...info, uid: 1000 }, 1000), null);
  assertEquals(dangerOf({ ...info, uid: 0 }, 1000), null);
  assertEquals(dangerOf({ ...info, uid: 1001 }, null), null);
  assertStringIncludes(dangerOf({ ...info, uid: 1001 }, 1000)!.what, "uid 1001; you are uid 1000");
  assertStringIncludes(dangerOf({ ...info, uid: 1000 }, 0)!.what, "another user");
  assertEquals(
    dangerOf({ ...info, uid: 1001 }, 1000)!.remedy,
    "take ownership of it with `chown`",
  );
  // A system without owners and modes.
  assertEquals(dangerOf({ ...info, uid: null, mode: null }, null), null);
});

unixTest("ownUid() returns this user when the program has the permission", () => {
  assertEquals(ownUid(), Deno.uid());
});
