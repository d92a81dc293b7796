import { assert, assertEquals, assertFalse, assertMatch } from "@std/assert";
import { type Command, COMMON_FLAGS, type FlagSpec, TOP_FLAGS } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/registry.ts";
import { parseCommandLine } from "../../src/cli/args/parse.ts";
import { HaleError } from "../../src/errors.ts";

const commands: readonly Command[] = COMMANDS;

for (const command of commands) {
  Deno.test(`COMMANDS has valid examples for ${command.name}`, async () => {
    for (const { line } of command.examples) {
      const [hale, ...args] = line.split(" ");
      const { request } = await parseCommandLine(args, commands);
      if (request instanceof HaleError) throw request;
      assertEquals([hale, request.command.name], ["hale", command.name]);
    }
  });

  Deno.test(`COMMANDS has code for ${command.name}`, async () => {
    assertEquals(typeof (await command.load()).run, "function");
  });

  Deno.test(`COMMANDS has flags without conflicts for ${command.name}`, () => {
    const common: Record<string, FlagSpec> = { ...COMMON_FLAGS, ...TOP_FLAGS };
    const shorts = new Set(Object.values(common).map(({ short }) => short));
    for (const [key, flag] of Object.entries(command.flags)) {
      assertFalse(key in common, `${key} is a global flag`);
      assertFalse(flag.short !== undefined && shorts.has(flag.short), `-${flag.short} is taken`);
      shorts.add(flag.short);
      assertEquals(flag.placeholder === undefined, flag.kind === "boolean", key);
      for (const other of flag.conflicts ?? []) assert(other in command.flags, other);
    }
  });

  Deno.test(`COMMANDS has optional and repeated arguments last for ${command.name}`, () => {
    const optional = command.args.map((arg) => arg.optional ?? false);
    assertEquals(optional, optional.toSorted((a, b) => Number(a) - Number(b)));
    const repeated = command.args.findIndex((arg) => arg.repeated);
    assert(repeated === -1 || repeated === command.args.length - 1);
  });
}

for (const command of commands) {
  Deno.test(`COMMANDS has help texts of one form for ${command.name}`, () => {
    const flags: Record<string, FlagSpec> = command.flags;
    const summaries = [command, ...Object.values(flags)].map(({ summary }) => summary);
    for (const summary of summaries) assertMatch(summary, /^[A-Z].*[^.]$/);
    for (const { summary } of command.args) assertMatch(summary, /[^.]$/);
    const sentences = [command.description, ...command.examples.map(({ does }) => does)];
    for (const text of sentences) assertMatch(text, /^[A-Z].*\.$/);
  });
}

Deno.test("COMMANDS names each command once", () => {
  const names = commands.map(({ name }) => name);
  assertEquals(names.length, new Set(names).size);
});
