import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { syncFile } from "../../src/files/disk_sync.ts";
import { expectError } from "../store/expect_error.ts";

Deno.test("syncFile() ignores a missing file, and throws for one that cannot be synced", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "x.json");
  await syncFile(file, "sync x");
  await Deno.writeTextFile(file, "");
  const beyond = join(file, "y.json");
  const error = await expectError(() => syncFile(beyond, "sync y"), "store_io");
  assertEquals(error.fields.path, beyond);
  await Deno.remove(folder, { recursive: true });
});
