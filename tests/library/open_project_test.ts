import { assertRejects } from "@std/assert";
import { openProject } from "../../src/mod.ts";
import { HaleError } from "../../src/errors.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";

Deno.test("openProject() refuses a file and services at once", async () => {
  using folder = new TempFolder();
  const options = { home: folder.path, config: "hale.toml", services: { web: { command: "a" } } };
  await assertRejects(
    () => openProject(options),
    HaleError,
    "openProject takes `config` or `services`, not both.",
  );
});
