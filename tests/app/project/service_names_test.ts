import { assertEquals } from "@std/assert";
import { openContext } from "../../../src/app/context.ts";
import { serviceNames } from "../../../src/app/project/service_names.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

/** The names for a `hale.toml` with this text. */
async function namesIn(toml: string | null, named: string | null = null) {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("below"));
  if (toml !== null) folder.write(named ?? "hale.toml", toml);
  const context = openContext({ home: folder.join("home") });
  return await serviceNames({ ...context, cwd: folder.join("below") }, named && `../${named}`);
}

Deno.test("serviceNames() lists the tables of the nearest hale.toml in its order", async () => {
  assertEquals(await namesIn('[services.web]\n[services.api]\ncommand = 7\n[services."a b"]\n'), [
    "web",
    "api",
    "a b",
  ]);
});

Deno.test("serviceNames() reads the file that is named", async () => {
  assertEquals(await namesIn("[services.web]\n", "other.toml"), ["web"]);
});

Deno.test("serviceNames() lists nothing when there is no file, or it cannot be parsed", async () => {
  assertEquals(await namesIn(null), []);
  assertEquals(await namesIn("[services.web\n"), []);
  assertEquals(await namesIn("services = 7\n"), []);
  assertEquals(await namesIn(null, "missing.toml"), []);
});
