import { assertEquals } from "@std/assert";
import { renderUpgrade } from "../../../../src/cli/commands/upgrade/render_upgrade.ts";

Deno.test("renderUpgrade() says what was replaced, is available, or is up to date", () => {
  const result = { from: "1.0.0", to: "2.0.0", path: "/bin/hale", handed_over: false };
  assertEquals(
    renderUpgrade({ ...result, newer: true, replaced: true, handed_over: true }),
    {
      result: "upgraded hale 1.0.0 to 2.0.0: /bin/hale",
      note: "the supervisor runs the new version; services kept running",
    },
  );
  assertEquals(
    renderUpgrade({ ...result, newer: true, replaced: false }).result,
    "hale 2.0.0 is available (this is 1.0.0): run `hale upgrade`",
  );
  assertEquals(
    renderUpgrade({ ...result, to: "1.0.0", newer: false, replaced: false }).result,
    "hale 1.0.0 is up to date (released: 1.0.0)",
  );
});
