import { assertEquals, assertObjectMatch, assertRejects } from "@std/assert";
import { adHocService } from "../../src/config/ad_hoc_service.ts";
import { HaleError } from "../../src/errors.ts";

const PLACE = { cwd: "/work", dataDir: "/data" };

Deno.test("adHocService() takes command and arguments literally", async () => {
  const spec = await adHocService({
    ...PLACE,
    name: "web",
    command: "/bin/${x}",
    args: ["$", "${y}", "$${z}", ""],
  });
  assertEquals(spec.program, { kind: "command", command: "/bin/${x}" });
  assertEquals(spec.args, ["$", "${y}", "$${z}", ""]);
  assertObjectMatch(spec, { cwd: "/work", data_dir: "/data" });
});

Deno.test("adHocService() names the command line, not a file, when the name is invalid", async () => {
  const service = { ...PLACE, name: "", command: "sleep", args: [] };
  const error = await assertRejects(() => adHocService(service), HaleError);
  assertEquals(error.code, "config_invalid");
  assertEquals(
    error.message,
    '1 problem in the command line:\n  services."": not a valid service name: it is empty\n' +
      "Correct it and try again.",
  );
});
