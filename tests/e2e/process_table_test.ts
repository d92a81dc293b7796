import { assertEquals } from "@std/assert";
import { parseOpenedPlaces } from "../fixtures/opened_places.ts";
import { parsePsOfMac } from "./process_table.ts";

/** Output of `lsof -a -nP -u 501 -d cwd,8 -Fpfn` on macOS. */
const LSOF = `p4711
fcwd
n/private/var/folders/a/hale-e2e-1/project
f8
n/private/var/folders/a/hale-e2e-1/home/runtimes/r/services/web/launches/01-ab.pid
p4712
fcwd
n/private/var/folders/a/hale-e2e-1/project
f8
n->0x6b1f0f8a2c1e7d
p99998
fcwd
n/
`;

Deno.test("parseOpenedPlaces() reads working folders and pid files", () => {
  const root = "/private/var/folders/a/hale-e2e-1";
  assertEquals(parseOpenedPlaces(LSOF), [
    {
      pid: 4711,
      folder: `${root}/project`,
      pidFile: `${root}/home/runtimes/r/services/web/launches/01-ab.pid`,
    },
    { pid: 4712, folder: `${root}/project`, pidFile: "" },
    { pid: 99998, folder: "/", pidFile: "" },
  ]);
  assertEquals(parseOpenedPlaces(""), []);
});

Deno.test("parsePsOfMac() finds processes whose environment the system hides", () => {
  const plain = " 4711  4711 sleep 60\n 4712  4711 node server.js\n    1     1 /sbin/launchd\n";
  const marked = " 4711  4711 sleep 60\n" +
    " 4712  4711 node server.js HALE_HOME=/tmp/hale-e2e-1/home HALE_SERVICE=api A=b\n" +
    "    1     1 /sbin/launchd\n";
  assertEquals(parsePsOfMac("hale-e2e-1", { plain, marked, places: parseOpenedPlaces(LSOF) }), [
    { pid: 4711, command: "sleep 60", service: "web", leads: true },
    { pid: 4712, command: "node server.js", service: "api", leads: false },
  ]);
});
