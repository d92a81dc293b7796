/**
 * Draws `.github/terminal.svg`, the picture in the README, from a real session in a temporary folder:
 * `deno task picture`.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import Anser, { type AnserJsonEntry } from "anser";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const PICTURE = join(ROOT, ".github", "terminal.svg");

/** The port that the picture shows. The session uses a free port of the same length. */
const SHOWN_PORT = "8080";

const COLUMN_PX = 8.4;
const LINE_PX = 20;
const MARGIN_PX = 20;
const TITLE_PX = 30;

/** Colours that are readable on a dark background, by Anser's names of the terminal colours. */
const COLORS: Readonly<Record<string, string>> = {
  "ansi-red": "#ff7b72",
  "ansi-green": "#56d364",
  "ansi-yellow": "#e3b341",
  "ansi-blue": "#79c0ff",
  "ansi-magenta": "#d2a8ff",
  "ansi-cyan": "#76e3ea",
  "ansi-bright-black": "#8b949e",
};

/** A terminal session: commands and their output, with escape sequences. */
export interface Session {
  readonly title: string;
  readonly text: string;
}

/**
 * Draws a terminal.
 *
 * @param session The session.
 * @returns The picture, as SVG.
 */
export function drawTerminal({ title, text }: Session): string {
  const lines = text.trimEnd().split("\n").map((line) =>
    Anser.ansiToJson(line, { use_classes: true, remove_empty: true })
  );
  const columns = Math.max(...lines.map((spans) => lengthOf(spans)));
  const width = Math.ceil(columns * COLUMN_PX + 2 * MARGIN_PX);
  const height = lines.length * LINE_PX + TITLE_PX + 2 * MARGIN_PX;
  const rows = lines.map((spans, at) => {
    const y = TITLE_PX + MARGIN_PX + at * LINE_PX + 14;
    return `<text x="${MARGIN_PX}" y="${y}" xml:space="preserve">${
      spans.map(span).join("")
    }</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<circle cx="20" cy="18" r="6" fill="#ff5f56"/>
<circle cx="40" cy="18" r="6" fill="#ffbd2e"/>
<circle cx="60" cy="18" r="6" fill="#27c93f"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="#e6edf3">
${rows.join("\n")}
</g>
</svg>
`;
}

function lengthOf(spans: readonly AnserJsonEntry[]): number {
  return spans.reduce((length, { content }) => length + content.length, 0);
}

function span({ content, fg, decorations }: AnserJsonEntry): string {
  const color = COLORS[fg] === undefined ? "" : ` fill="${COLORS[fg]}"`;
  const bold = decorations.includes("bold") ? ` font-weight="bold"` : "";
  const dim = decorations.includes("dim") ? ` opacity="0.65"` : "";
  // A fixed length keeps the columns aligned in any font.
  const length = ` textLength="${(content.length * COLUMN_PX).toFixed(1)}"`;
  return `<tspan${color}${bold}${dim}${length}>${escape(content)}</tspan>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The `hale.toml` of the picture: the example in the README. */
async function readmeExample(): Promise<string> {
  const readme = await Deno.readTextFile(join(ROOT, "README.md"));
  return /```toml\n(.*?)```/s.exec(readme)![1]!;
}

/** The commands. `{PID}` is the pid of the service. */
const COMMANDS = ["cat hale.toml", "hale up", "kill -9 {PID}", "hale status", "hale history web"];

/** Four digits, so that the columns of tables keep their width. */
function freePort(): string {
  for (let port = 8080; port < 10_000; port++) {
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return String(port);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("no port from 8080 to 9999 is free");
}

async function record(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "hale-picture-" });
  const port = freePort();
  await Deno.mkdir(join(folder, "my-app"));
  const cwd = join(folder, "my-app");
  const toml = (await readmeExample()).replaceAll(SHOWN_PORT, port);
  await Deno.writeTextFile(join(cwd, "hale.toml"), toml);
  const hale = `${Deno.execPath()} run -q -P --config ${join(ROOT, "deno.json")} ` +
    join(ROOT, "main.ts");
  const run = async (line: string) => {
    const { stdout } = await new Deno.Command("/bin/sh", {
      args: ["-c", `{ ${line.replace(/^hale\b/, hale)}; } 2>&1`],
      cwd,
      env: { HALE_HOME: join(folder, "home"), FORCE_COLOR: "1", COLUMNS: "100", USER: "you" },
      stdin: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  };
  const web = async () => JSON.parse(await run("hale status --json"))[0];
  let text = "";
  try {
    for (const command of COMMANDS) {
      const { pid = null } = command.includes("{PID}") ? await web() : {};
      const line = command.replace("{PID}", pid);
      text += `\x1b[32m$\x1b[0m \x1b[1m${line}\x1b[0m\n${await run(line)}`;
      // Wait for the restart: the next command shows it.
      while (pid !== null) {
        const now = await web();
        if (now.health === "healthy" && now.pid !== pid) break;
      }
    }
  } finally {
    await run("hale down");
    await Deno.remove(folder, { recursive: true });
  }
  return text.replaceAll(port, SHOWN_PORT).replaceAll(/\S*\/(?=python3 )/g, "");
}

if (import.meta.main) {
  const title = "hale starts a web server, restarts it after kill -9, and shows its history";
  await Deno.writeTextFile(PICTURE, drawTerminal({ title, text: await record() }));
}
