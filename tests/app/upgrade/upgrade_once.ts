/**
 * Upgrades an executable, for tests that kill the upgrade: `upgrade_once.ts HOME EXECUTABLE VERSION`.
 *
 * @module
 */

import { openContext } from "../../../src/app/context.ts";
import { upgrade } from "../../../src/app/upgrade/upgrade.ts";

const [home, executable, version] = Deno.args as [string, string, string];
const { replaced } = await upgrade(openContext({ home }), {
  executable,
  version,
  check: false,
  signal: new AbortController().signal,
  onProgress: () => {},
});
console.log(replaced ? "replaced" : "up to date");
