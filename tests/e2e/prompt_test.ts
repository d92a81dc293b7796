import { hasTerminals, InteractiveShell } from "../cli/completions/interactive_shell.ts";
import { haleTest } from "./hale.ts";
import { haleCommand } from "./hale_command.ts";

haleTest(
  "the first Ctrl-C ends a command that asks for a host in a terminal",
  async (hale) => {
    await hale.services({
      tool: {
        version: "1.0",
        release: {
          endpoint: "http://mirror.example.org",
          url: "${release.endpoint}/${asset}",
          checksums: "none",
          asset: "tool",
        },
      },
    });
    const { program, args } = haleCommand(["fetch"]);
    const words = [program, ...args.filter((arg) => arg !== "--no-prompt")]
      .map((word) => `'${word}'`).join(" ");
    await using shell = new InteractiveShell("/bin/sh -i", { cwd: hale.folder, env: hale.env });
    await shell.type("echo begun $((1 + 1))\n");
    await shell.shows("begun 2");
    await shell.type(`${words}\n`);
    await shell.shows("Allow?");
    await shell.type("\x03");
    await shell.shows("^C");
    await shell.type("echo ended with $?\n");
    await shell.shows("ended with 130");
  },
  { ignore: !hasTerminals() },
);
