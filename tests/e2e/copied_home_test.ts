import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

haleTest("a copy of a home does not act on what the home runs", async (hale) => {
  await hale.services({ web: SLEEPER });
  await hale.ok("up");
  const launches = await hale.launchesOf("web");
  const copy = join(hale.folder, "copy");
  const { success } = await new Deno.Command("cp", { args: ["-a", hale.home, copy] }).output();
  assertEquals(success, true);
  for (const args of [["stop", "web"], ["down"], ["up"], ["status"], ["restart", "web"]]) {
    const { code, stderr } = await hale.run("--home", copy, ...args);
    assertEquals(code === 0, false, args.join(" "));
    assertStringIncludes(
      stderr,
      `The home ${copy} is a copy of ${await Deno.realPath(hale.home)}, whose supervisor (pid ` +
        `${
          (await hale.supervisor())!.pid
        }) is running. Its records are of processes that belong to `,
    );
  }
  const doctor = await hale.run("--home", copy, "doctor");
  assertStringIncludes(doctor.stdout, "is a copy of");
  // The other checks are made.
  assertStringIncludes(doctor.stdout, "audit");
  assertEquals(await hale.launchesOf("web"), launches);
  assertEquals((await hale.status("web")).state, "running");
});
