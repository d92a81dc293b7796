import { assertEquals } from "@std/assert";
import {
  parseLsof,
  parsePs,
  parseStartTime,
  startedBefore,
} from "../../../src/platform/processes/darwin_processes.ts";

/** `ps -axo pid=,ppid=,pgid=,sess=,stat=,lstart=,comm=` on macOS. */
const RECORDED = `    1     0     1      0 Ss   Sat Nov 21 08:00:01 2026     /sbin/launchd
  812     1   812      0 S    Sun Nov  1 23:59:59 2026     /Applications/Visual Studio Code.app/Contents/MacOS/Electron
 4711   812  4711      0 S+   Sat Nov 21 10:11:12 2026     /usr/local/bin/node
 4712  4711  4711      0 Z    Sat Nov 21 10:11:13 2026     (node)
99998  4711 99998 7f8b0a T<s  Sat Nov 21 10:11:14 2026     -zsh
`;

Deno.test("parsePs() parses the output of macOS", () => {
  assertEquals(parsePs(RECORDED), [
    {
      pid: 1,
      parent: 0,
      group: 1,
      session: 1,
      zombie: false,
      suspended: false,
      startTime: "Sat Nov 21 08:00:01 2026",
      command: "launchd",
    },
    {
      pid: 812,
      parent: 1,
      group: 812,
      session: 812,
      zombie: false,
      suspended: false,
      startTime: "Sun Nov 1 23:59:59 2026",
      command: "Electron",
    },
    {
      pid: 4711,
      parent: 812,
      group: 4711,
      session: 4711,
      zombie: false,
      suspended: false,
      startTime: "Sat Nov 21 10:11:12 2026",
      command: "node",
    },
    {
      pid: 4712,
      parent: 4711,
      group: 4711,
      session: 4711,
      zombie: true,
      suspended: false,
      startTime: "Sat Nov 21 10:11:13 2026",
      command: "(node)",
    },
    {
      pid: 99998,
      parent: 4711,
      group: 99998,
      session: 99998,
      zombie: false,
      suspended: true,
      startTime: "Sat Nov 21 10:11:14 2026",
      command: "-zsh",
    },
  ]);
});

Deno.test("parsePs() skips lines that are not processes", () => {
  assertEquals(parsePs(""), []);
  assertEquals(parsePs("ps: illegal option -- q\nusage: ps [-AaCcEefhjlMmrSTvwXx]\n"), []);
});

Deno.test("parseLsof() returns the pids of all listening processes", () => {
  assertEquals(parseLsof("p812\nf6\n"), [812]);
  assertEquals(parseLsof("p812\nf20\nf21\np900\nf3\n"), [812, 900]);
  assertEquals(parseLsof(""), []);
});

Deno.test("startedBefore() on macOS compares the start times that ps prints", () => {
  assertEquals(startedBefore("Sun Nov  1 23:59:59 2026", "Sat Nov 21 08:00:01 2026"), true);
  assertEquals(startedBefore("Sat Nov 21 08:00:01 2026", "Sat Nov 21 08:00:01 2026"), false);
  assertEquals(startedBefore("Sat Nov 21 10:11:12 2026", "Sat Nov 21 08:00:01 2026"), false);
});

Deno.test("startedBefore() on macOS is not misled by a change of the local time", () => {
  const zone = Deno.env.get("TZ");
  // At 02:00 the clocks are set back by an hour; 02:30 is twice.
  Deno.env.set("TZ", "Europe/Berlin");
  try {
    for (const [earlier, later] of [["00:59:59", "01:00:00"], ["01:59:59", "02:00:00"]]) {
      const [one, other] = [`Sun Oct 25 ${earlier} 2026`, `Sun Oct 25 ${later} 2026`];
      assertEquals(startedBefore(one, other), true);
      assertEquals(Date.parse(`${other} UTC`) - Date.parse(`${one} UTC`), 1_000);
    }
    // In spring 02:30 does not exist there and would be read as 03:30.
    assertEquals(startedBefore("Sun Mar 29 02:30:00 2026", "Sun Mar 29 03:10:00 2026"), true);
  } finally {
    if (zone === undefined) Deno.env.delete("TZ");
    else Deno.env.set("TZ", zone);
  }
});

Deno.test("parseStartTime() reads only what ps prints", () => {
  assertEquals(parseStartTime("Sun Nov  1 23:59:59 2026    \n"), null);
  assertEquals(parseStartTime("Sun Nov  1 23:59:59 2026    "), "Sun Nov 1 23:59:59 2026");
  assertEquals(parseStartTime(""), null);
  assertEquals(parseStartTime("4711 (sh) S 1 4711 4711 0"), null);
});
