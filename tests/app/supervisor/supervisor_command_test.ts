import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { supervisorCommand } from "../../../src/app/supervisor/supervisor_command.ts";

Deno.test("supervisorCommand() runs this source with only the permissions in deno.json", () => {
  const { program, args } = supervisorCommand("/a home");
  assertEquals(program, Deno.execPath());
  assertEquals(args.slice(-3), ["supervise", "--home", "/a home"]);
  const source = (path: string) => fromFileUrl(new URL(`../../../${path}`, import.meta.url));
  assertEquals(args[args.indexOf("--config") + 1], source("deno.json"));
  assertEquals(args.includes(source("main.ts")), true);
  // No prompt, because there is no terminal, and no further permissions.
  assertEquals(args.includes("--no-prompt") && args.includes("--permission-set"), true);
  assertEquals(args.filter((arg) => arg.startsWith("--allow") || arg === "-A"), []);
});
