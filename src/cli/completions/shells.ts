/**
 * The scripts that make a shell ask hale for completions.
 *
 * They know nothing of the commands: each hands the words of the line to `hale __complete` and shows
 * what comes back. So they are short, stay right when hale changes, and are all right in the same
 * way.
 *
 * @module
 */

import bash from "./hale.bash" with { type: "text" };
import fish from "./hale.fish" with { type: "text" };
import powershell from "./hale.ps1" with { type: "text" };
import zsh from "./hale.zsh" with { type: "text" };

/** Script by the name of the shell. */
export const COMPLETION_SCRIPTS: Readonly<Record<string, string>> = { bash, zsh, fish, powershell };
