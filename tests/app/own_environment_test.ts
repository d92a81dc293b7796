import { assertEquals } from "@std/assert";
import { ownEnvironment } from "../../src/app/own_environment.ts";
import { unixTest } from "../fixtures/unix_test.ts";

unixTest("ownEnvironment() has a PATH where there is none", () => {
  const path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
  assertEquals(ownEnvironment({ A: "1" }), { A: "1", PATH: path });
  assertEquals(ownEnvironment({ PATH: "" }), { PATH: path });
  assertEquals(ownEnvironment({ PATH: "/opt/bin" }), { PATH: "/opt/bin" });
});

unixTest("ownEnvironment() removes the folder that Deno adds to PATH", () => {
  const shim = { DENO_NODE_SHIM_ACTIVE: "1" };
  const folder = "/home/u/.cache/deno/node_compat_bin";
  assertEquals(ownEnvironment({ ...shim, PATH: `${folder}:/opt/bin` }), { PATH: "/opt/bin" });
  assertEquals(ownEnvironment({ ...shim, PATH: folder }), ownEnvironment({}));
  // Only what Deno says that it has added.
  assertEquals(ownEnvironment({ PATH: `${folder}:/opt/bin` }).PATH, `${folder}:/opt/bin`);
});
