import { assertEquals, assertStringIncludes } from "@std/assert";
import { haleTest } from "./hale.ts";
import { script } from "./services.ts";

const COMMANDS = [
  ["up"],
  ["status"],
  ["events"],
  ["history", "web"],
  ["logs", "web"],
  ["resolve", "web", "--explain"],
  ["config", "check"],
  ["help"],
  ["version"],
  ["down"],
  ["nonsense"],
];

haleTest(
  "hale prints no colours into a pipe or with NO_COLOR, and colours with FORCE_COLOR",
  async (hale) => {
    await hale.services({ web: script("echo on; exec sleep 60") });
    for (const args of COMMANDS) {
      const { stdout, stderr } = await hale.run(...args);
      assertEquals((stdout + stderr).includes("\x1b"), false, args.join(" "));
    }
    const painted = await hale.runAt({ env: { FORCE_COLOR: "1" } }, "up");
    assertStringIncludes(painted.stdout, "\x1b[32mrunning\x1b[39m");
    assertStringIncludes(painted.stderr, "\x1b[");
    const plain = await hale.runAt({ env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, "status");
    assertEquals(plain.stdout.includes("\x1b"), false);
    const flag = await hale.runAt({ env: { FORCE_COLOR: "1" } }, "status", "--no-color");
    assertEquals(flag.stdout.includes("\x1b"), false);
  },
);

haleTest("hale prints only JSON to standard output with --json", async (hale) => {
  await hale.services({ web: script("echo on; exec sleep 60") });
  const whole = [
    ["up"],
    ["status"],
    ["history", "web"],
    ["resolve", "web"],
    ["config", "check"],
    ["fetch"],
    ["version"],
    ["restart", "web"],
    ["stop", "web"],
    ["start", "web"],
  ];
  for (const args of whole) {
    const value = await hale.json(...args);
    assertEquals(typeof value, "object", args.join(" "));
  }
  for (const args of [["events"], ["logs", "web"]]) {
    const { stdout } = await hale.ok(...args, "--json");
    for (const line of stdout.trimEnd().split("\n")) JSON.parse(line);
  }
  assertEquals(await hale.json("down"), await hale.json("status"));
});
