import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { supervisorCommand } from "../../../src/app/supervisor/supervisor_command.ts";

Deno.test("supervisorCommand() runs this source with the permissions of deno.json alone", () => {
  const { program, args } = supervisorCommand("/a home");
  assertEquals(program, Deno.execPath());
  assertEquals(args.slice(-3), ["supervise", "--home", "/a home"]);
  const source = (path: string) => fromFileUrl(new URL(`../../../${path}`, import.meta.url));
  assertEquals(args[args.indexOf("--config") + 1], source("deno.json"));
  assertEquals(args.includes(source("main.ts")), true);
  // Nobody is there to answer a question, and nothing more is allowed than a person would see.
  assertEquals(args.includes("--no-prompt") && args.includes("--permission-set"), true);
  assertEquals(args.filter((arg) => arg.startsWith("--allow") || arg === "-A"), []);
});
