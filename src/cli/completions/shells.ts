/**
 * The completion scripts of the shells.
 *
 * They contain no commands: each passes the words of the line to `hale __complete` and shows its
 * output. So they are short and need no change when a command changes.
 *
 * @module
 */

import bash from "./hale.bash" with { type: "text" };
import fish from "./hale.fish" with { type: "text" };
import powershell from "./hale.ps1" with { type: "text" };
import zsh from "./hale.zsh" with { type: "text" };

/** Completion scripts by shell. */
export const COMPLETION_SCRIPTS: Readonly<Record<string, string>> = { bash, zsh, fish, powershell };
