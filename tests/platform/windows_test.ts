import { assertEquals } from "@std/assert";
import {
  parsePids,
  parseProcessCsv,
  processQuery,
  startedBefore,
} from "../../src/platform/processes/windows_processes.ts";
import {
  defaultHome,
  executableNames,
  launchMembers,
  nameStopRequest,
} from "../../src/platform/windows.ts";

/** Recorded output of Windows: pid, parent, start in ticks, name. */
const RECORDED = [
  "0,0,,System Idle Process",
  "4,0,639000000000000000,System",
  "4711,812,639126400000000000,node.exe",
  "4712,4711,639126400010000000,my,server.exe",
  "4713,4712,639126400020000000,conhost.exe",
  "812,4,639126300000000000,explorer.exe",
  // Its parent's pid was reused: it is older than the process that has the pid now.
  "900,4711,639126300000000001,svchost.exe",
  "",
].join("\r\n");

Deno.test("parseProcessCsv() parses the output of Windows", () => {
  const table = parseProcessCsv(RECORDED);
  assertEquals(table.map(({ pid }) => pid), [0, 4, 4711, 4712, 4713, 812, 900]);
  assertEquals(table[3], {
    pid: 4712,
    parent: 4711,
    group: 4712,
    session: 4712,
    zombie: false,
    suspended: false,
    startTime: "639126400010000000",
    command: "my,server.exe",
  });
});

Deno.test("parseProcessCsv() skips lines that are not processes", () => {
  assertEquals(parseProcessCsv("Get-CimInstance : Access denied\r\n    + CategoryInfo\r\n"), []);
});

Deno.test("launchMembers() returns the process tree without processes older than their parent", () => {
  const { group, escaped } = launchMembers(parseProcessCsv(RECORDED), 4711);
  assertEquals(group.map(({ pid }) => pid), [4711, 4712, 4713]);
  assertEquals(escaped, []);
});

Deno.test("launchMembers() returns no processes when the root has exited", () => {
  const { group } = launchMembers(parseProcessCsv(RECORDED), 5000);
  assertEquals(group, []);
});

Deno.test("executableNames() adds the extensions that the system executes", () => {
  assertEquals(executableNames("node", { PATHEXT: ".EXE;.CMD" }), ["node.exe", "node.cmd"]);
  assertEquals(executableNames("node.EXE", { PATHEXT: ".EXE;.CMD" }), ["node.EXE"]);
  assertEquals(executableNames("server.1", { PATHEXT: ".EXE;;" }), ["server.1.exe"]);
  assertEquals(executableNames("a", {}), ["a.com", "a.exe", "a.bat", "a.cmd"]);
});

Deno.test("nameStopRequest() names no signal, because there is none", () => {
  assertEquals(nameStopRequest("SIGTERM"), "the request to end");
});

Deno.test("defaultHome() is in the folder of local application data", () => {
  const slashes = (path: string | null) => path?.replaceAll("\\", "/");
  assertEquals(slashes(defaultHome({ LOCALAPPDATA: "C:/l" })), "C:/l/hale");
  const env = { LOCALAPPDATA: "", USERPROFILE: "C:/home/x" };
  assertEquals(slashes(defaultHome(env)), "C:/home/x/AppData/Local/hale");
  assertEquals(defaultHome({ HOME: "/home/x" }), null);
});

Deno.test("parsePids() removes duplicates", () => {
  assertEquals(parsePids("4711\r\n4711\r\n812\r\n"), [4711, 812]);
  assertEquals(parsePids("Get-NetTCPConnection : Access denied\r\n"), []);
});

Deno.test("startedBefore() on Windows compares ticks", () => {
  assertEquals(startedBefore("639126300000000000", "639126400000000000"), true);
  assertEquals(startedBefore("639126400000000000", "639126400000000000"), false);
});

Deno.test("processQuery() asks for some processes, or for all if they are many", () => {
  assertEquals(processQuery([4711, 12, 4711]), "where ProcessId = 4711 OR ProcessId = 12");
  assertEquals(processQuery(Array.from({ length: 51 }, (_, index) => index)), "all");
});

Deno.test({
  name: "inspectProcesses() on Windows answers from one PowerShell that is kept",
  ignore: Deno.build.os !== "windows",
  async fn() {
    const reader = await import("../../src/platform/processes/windows_processes.ts");
    const [first, second] = await Promise.all([
      reader.inspectProcesses([Deno.pid]),
      reader.inspectProcesses([Deno.pid, 4]),
    ]);
    assertEquals(first.get(Deno.pid), second.get(Deno.pid));
    assertEquals([...second.keys()].sort((a, b) => a - b), [4, Deno.pid]);
    // A child of this process that answers now, and after the next request.
    const shells = async () =>
      (await reader.listProcesses()).filter(({ parent, command }) =>
        parent === Deno.pid && command.toLowerCase() === "powershell.exe"
      ).map(({ pid }) => pid);
    const kept = await shells();
    assertEquals(kept.length, 1);
    assertEquals(await shells(), kept);
    await reader.closeProcessReader();
  },
});
