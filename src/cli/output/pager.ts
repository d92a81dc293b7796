import { toTerminal } from "./terminal_text.ts";
import type { TextStream } from "./text_stream.ts";

/** Shown if `PAGER` is not set: quits if the text fits, keeps colors, leaves the text on the screen. */
const DEFAULT_PAGER = "less -FRX";

/** The inputs of {@linkcode page}. */
export interface PageOptions {
  readonly stdout: Pick<TextStream, "isTerminal" | "rows" | "write">;
  /** @default Deno.env */
  readonly env?: { get(name: string): string | undefined };
}

/**
 * Shows a text in the user's pager if standard output is a terminal and the text does not fit on the
 * screen. Otherwise, or if the pager cannot be run, writes it.
 *
 * The pager is `$PAGER`, split at spaces and run without a shell; `less -FRX` if it is not set; none if
 * it is empty.
 *
 * @param text The text; a missing line end is added.
 * @param options The stream and the environment.
 */
export async function page(text: string, options: PageOptions): Promise<void> {
  const { stdout, env = Deno.env } = options;
  const lines = text.endsWith("\n") ? text : `${text}\n`;
  const [program, ...args] = (env.get("PAGER") ?? DEFAULT_PAGER).split(" ").filter(Boolean);
  // The last row is for the prompt of the shell.
  const fits = lines.split("\n").length <= stdout.rows;
  const isUsed = stdout.isTerminal && !fits && program !== undefined;
  // For `PAGER=less` without flags, as git does (git-config(1), core.pager).
  const defaults: Record<string, string> = env.get("LESS") === undefined ? { LESS: "FRX" } : {};
  if (isUsed && await runPager(lines, { program, args, env: defaults })) return;
  stdout.write(lines);
}

interface PagerProgram {
  readonly program: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** Returns false if the program could not be started. */
async function runPager(text: string, { program, args, env }: PagerProgram): Promise<boolean> {
  let child;
  try {
    child = new Deno.Command(program, { args, env, stdin: "piped" }).spawn();
  } catch {
    return false;
  }
  // Ctrl-C is for the pager: if it ended hale, pager and shell would both read the terminal.
  const ignore = () => {};
  Deno.addSignalListener("SIGINT", ignore);
  try {
    // A pager that is quit before the end closes its standard input.
    await new Blob([toTerminal(text)]).stream().pipeTo(child.stdin).catch(() => {});
    await child.status;
  } finally {
    Deno.removeSignalListener("SIGINT", ignore);
  }
  return true;
}
