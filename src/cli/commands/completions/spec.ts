import type { CommandSpec } from "../../command.ts";

/** Name, arguments, flags and help of `hale completions`. */
export const spec = {
  name: "completions",
  group: "more",
  summary: "Print a shell completion script",
  description: "Prints the script that completes commands, flags, services and topics. Save it " +
    "where the shell reads completions: ~/.local/share/bash-completion/completions/hale for " +
    "bash, a file named _hale in a folder of $fpath for zsh, " +
    "~/.config/fish/completions/hale.fish for fish. For PowerShell, add the line " +
    "`hale completions powershell | Out-String | Invoke-Expression` to $PROFILE.",
  readOnly: true,
  args: [{ name: "shell", summary: "bash, zsh, fish or powershell", completes: "shell" }],
  flags: {},
  examples: [
    { line: "hale completions bash", does: "Print the script for bash." },
    { line: "hale completions fish", does: "Print the script for fish." },
  ],
} as const satisfies CommandSpec;
