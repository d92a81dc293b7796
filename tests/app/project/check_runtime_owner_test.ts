import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkRuntimeOwner } from "../../../src/app/project/check_runtime_owner.ts";
import { openContext } from "../../../src/app/context.ts";
import { DEFAULT_STORE, type RuntimeSpec } from "../../../src/model/service_spec.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { expectError } from "../../store/expect_error.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

Deno.test("checkRuntimeOwner() refuses the name of another file until that file is renamed", async () => {
  using folder = new TempFolder();
  const context = openContext({ home: folder.join("home") });
  const text = '[services.a]\ncommand = "true"\n';
  const owner = folder.write("one.toml", `name = "shared"\n${text}`);
  await checkRuntimeOwner(context, spec("shared", "/two.toml")); // No file has it yet.
  await RuntimeStore.open(context.home, "shared", { configPath: owner }).close();

  await checkRuntimeOwner(context, spec("shared", owner));
  await checkRuntimeOwner(context, spec("other", "/two.toml"));
  for (const path of ["/two.toml", null]) {
    const refused = () => checkRuntimeOwner(context, spec("shared", path));
    const error = await expectError(refused, "config_invalid");
    assertEquals(error.fields, { name: "shared", config_path: path, owner });
    for (const word of ['"shared"', owner, path ?? "this program"]) {
      assertStringIncludes(error.message, word);
    }
  }
  const two = spec("shared", "/two.toml");
  folder.write("one.toml", "name = broken");
  await expectError(() => checkRuntimeOwner(context, two), "config_invalid");
  folder.write("one.toml", `name = "renamed"\n${text}`);
  await checkRuntimeOwner(context, two);
  folder.write("one.toml", `name = "shared"\n${text}`);
  Deno.renameSync(owner, folder.join("moved.toml"));
  await checkRuntimeOwner(context, two);
});

Deno.test("checkRuntimeOwner() ignores a damaged store", async () => {
  using folder = new TempFolder();
  const context = openContext({ home: folder.join("home") });
  await RuntimeStore.open(context.home, "shared", { configPath: "/one.toml" }).close();
  Deno.writeTextFileSync(folder.join("home/runtimes/shared/runtime.json"), "{");
  await checkRuntimeOwner(context, spec("shared", "/two.toml"));
});

function spec(id: string, configPath: string | null): RuntimeSpec {
  return { id, config_path: configPath, store: DEFAULT_STORE, services: [] };
}
