import type { CommandSpec } from "../../command.ts";

/** `hale completions`: what it is called and takes. */
export const spec = {
  name: "completions",
  group: "more",
  summary: "write the completions for a shell",
  description: "Writes the script that makes a shell complete commands, flags and the names of " +
    "services. Where it goes: bash, ~/.local/share/bash-completion/completions/hale; zsh, " +
    "a file _hale in a folder of $fpath; fish, ~/.config/fish/completions/hale.fish; PowerShell, " +
    "a line of $PROFILE.",
  args: [{ name: "shell", summary: "bash, zsh, fish or powershell", completes: "shell" }],
  flags: {},
  examples: [
    { line: "hale completions fish", does: "Writes the script to standard output." },
  ],
} as const satisfies CommandSpec;
