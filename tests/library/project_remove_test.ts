import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { HaleError, openProject } from "../../src/mod.ts";
import { haleTest } from "../e2e/hale.ts";
import { SLEEPER } from "../e2e/services.ts";

haleTest(
  "Project.remove() forgets a service that is no longer in the configuration",
  async (hale) => {
    const open = () => openProject({ home: hale.home, config: join(hale.folder, "hale.toml") });
    await hale.services({ web: SLEEPER, old: SLEEPER });
    await hale.ok("up");
    const before = await open();
    const own = await assertRejects(() => before.remove(["old"]), HaleError);
    assertEquals(own.code, "usage");
    await hale.services({ web: SLEEPER });
    const project = await open();
    const running = await assertRejects(() => project.remove(["old"]), HaleError);
    assertEquals(running.code, "already_running");
    await hale.ok("stop", "old");
    assertEquals(await project.remove(["old"]), [{ name: "old", kept_data: null }]);
    assertEquals((await project.status()).map(({ name }) => name), ["web"]);
    const unknown = await assertRejects(() => project.remove(["old"]), HaleError);
    assertEquals(unknown.code, "unknown_service");
  },
);
