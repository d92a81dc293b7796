import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Hale, haleTest } from "./hale.ts";
import { script } from "./services.ts";

/** Clears the screen, sets the clipboard (OSC 52), C1, an override of the writing direction. */
const HOSTILE = "a\x1b[2J\x1b]52;c;aGFsZQ==\x07\x9b2J\u202eb\rc";
// deno-lint-ignore no-control-regex
const ACTIVE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
/** The sequences of hale itself: styles, and the line and screen that it draws again. */
// deno-lint-ignore no-control-regex
const OWN = /\x1b\[(?:\d{1,2}m|2K|H|2J)|\r(?=\x1b\[2K)/g;

function assertSafe(what: string, shown: string): void {
  const at = ACTIVE.exec(shown)?.index ?? null;
  const excerpt = at === null ? "" : JSON.stringify(shown.slice(Math.max(0, at - 60), at + 60));
  assert(at === null, `${what} shows ${excerpt}`);
}

/** A project whose every name and text from outside is hostile. */
async function hostileProject(hale: Hale): Promise<string> {
  const folder = join(hale.folder, HOSTILE);
  await Deno.mkdir(folder);
  const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
  const line = HOSTILE.replaceAll("\r", "");
  const shell = `printf '%s\\n' "$TEXT"; printf '%s\\n' "$TEXT" >&2;`;
  const toml = (value: string) => JSON.stringify(value).replaceAll("\x9b", "\\u009b");
  await write(
    "hale.toml",
    `[services.up]
command = "sh"
args = ["-c", ${toml(`${shell} exec sleep 60`)}, ${toml(HOSTILE)}]
env = { TEXT = ${toml(line)} }
[services.ends]
command = "sh"
args = ["-c", ${toml(`${shell} exit 3`)}]
env = { TEXT = ${toml(line)} }
restart = "never"
[services.missing]
command = ${toml(`./${HOSTILE}`)}
[services.probed]
command = "sleep"
args = ["60"]
health = { exec = ["sh", "-c", "printf '%s' \\"$TEXT\\"; exit 1"], within = "1s" }
env = { TEXT = ${toml(HOSTILE)} }
restart = { max = 0 }
`,
  );
  await write("broken.toml", `[services.a]\ncommand = 1\n${toml(HOSTILE)} = ${toml(HOSTILE)}\n`);
  return folder;
}

const COMMANDS: readonly (readonly string[])[] = [
  ["config", "check"],
  ["config", "check", "-c", "broken.toml"],
  ["up", "up", "-v"],
  ["up", "ends"],
  ["up", "missing"],
  ["up", "probed"],
  ["resolve", "missing"],
  ["status"],
  ["status", "--json"],
  ["history", "up"],
  ["history", "ends"],
  ["history", "up", "--json"],
  ["events"],
  ["events", "--json"],
  ["audit"],
  ["logs", "--json", "up"],
  ["start", "other", "--", "sh", "-c", "exit 1", HOSTILE],
  ["start", HOSTILE, "--", "sleep", "1"],
  ["status", HOSTILE],
  ["stop", HOSTILE],
  ["help", HOSTILE],
  [HOSTILE],
  ["status", `--${HOSTILE}`],
  ["up", "-c", HOSTILE],
  ["logs", "--since", HOSTILE],
  ["events", "--after", HOSTILE],
  ["--home", `/dev/null/${HOSTILE}`, "up"],
  ["upgrade", HOSTILE],
  ["doctor"],
  ["down"],
];

haleTest("no message shows a control character of a hostile name", async (hale) => {
  const cwd = await hostileProject(hale);
  const env = { HALE_REPOSITORY: "a/b", HALE_RELEASES_ENDPOINT: `http://127.0.0.1:9/${HOSTILE}` };
  let seen = 0;
  for (const args of COMMANDS) {
    const { stdout, stderr } = await hale.runAt({ cwd, env }, ...args);
    assertSafe(JSON.stringify(args), stdout + stderr);
    if (/\\x1b|\\u001b/.test(stdout + stderr)) seen++;
  }
  // Else the names did not reach the messages.
  assert(seen > COMMANDS.length / 2, `only ${seen} of ${COMMANDS.length} showed a hostile name`);
});

haleTest("hale logs is exact in a pipe and safe on a terminal", async (hale) => {
  const line = "\x1b[32mgreen\x1b[0m \x1b]52;c;aGFsZQ==\x07 \x1b[2J";
  await hale.services({
    web: { ...script("printf '%s\\n' \"$TEXT\"; exec sleep 60"), env: { TEXT: line } },
  });
  await hale.ok("up");
  assertEquals((await hale.ok("logs", "web")).stdout, `${line}\n`);
  // script(1) gives hale a terminal; its own output has CR LF.
  hale.env.TERM = "xterm";
  const run = hale.startInTerminal(
    'command -v script >/dev/null || { echo "no script(1)"; exit 0; }; script -qec "$*" /dev/null',
    "logs",
    "web",
  );
  const { stdout } = await run.result;
  if (stdout.includes("no script(1)")) {
    return console.log("Not tested on a terminal: no script(1).");
  }
  assertSafe("hale logs", stdout.replaceAll("\r\n", "\n").replace(OWN, ""));
  assertStringIncludes(stdout, "\x1b[32mgreen\x1b[0m \\x1b]52;c;aGFsZQ==\\x07 \\x1b[2J");
});
