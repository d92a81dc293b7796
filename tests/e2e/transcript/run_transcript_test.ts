import { assertEquals, assertRejects } from "@std/assert";
import { type Hale, haleTest } from "../hale.ts";
import { parseTranscript } from "./parse_transcript.ts";
import { applyRevisions, runTranscript } from "./run_transcript.ts";

function transcript(text: string): string {
  return `# title\n\nWhy.\n\n${text}`;
}

function run(hale: Hale, text: string, { update = false } = {}) {
  return runTranscript(parseTranscript("a.md", transcript(text)), hale, { update });
}

haleTest("runTranscript() writes files and runs shell commands", async (hale) => {
  const revisions = await run(
    hale,
    `\`\`\`text folder/file
port {PORT}
\`\`\`

\`\`\`console
$ cat folder/file; echo error >&2; echo after
port {PORT}
error
after
$ NAME=value sh -c 'echo "$NAME"; exit 3'
value
[exit 3]
$ cat <<END
> one
> END
one
$ echo '{ "a": 1, "b": 2 }' --json >/dev/null
$ echo {DIR}
{DIR}
\`\`\`
`,
  );
  assertEquals(revisions, []);
});

haleTest("runTranscript() fails with the line when the output differs", async (hale) => {
  const error = await assertRejects(
    () => run(hale, "```console\n$ echo one; echo two\none\nthree\n```\n"),
    Error,
  );
  assertEquals(
    error.message,
    'a.md:6: "echo one; echo two" did not do what the transcript says (- expected, + actual):\n' +
      "  one\n- three\n+ two",
  );
});

haleTest("runTranscript() fails when the exit status differs", async (hale) => {
  await assertRejects(() => run(hale, "```console\n$ false\n```\n"), Error, "+ [exit 1]");
  await assertRejects(() => run(hale, "```console\n$ true\n[exit 1]\n```\n"), Error, "- [exit 1]");
});

haleTest("runTranscript() fails when a placeholder has another value than before", async (hale) => {
  const text = "```console\n$ echo pid 10\npid {PID}\n$ echo pid 11\npid {PID}\n```\n";
  await assertRejects(() => run(hale, text), Error, "where {PID} is 10");
});

haleTest("runTranscript() retries a step until it matches", async (hale) => {
  await run(hale, "```console\n? echo x >>file; wc -l <file | tr -d ' '\n3\n```\n");
});

haleTest("runTranscript() follows a job, signals it and waits for it", async (hale) => {
  const job = `sh -c 'trap "echo bye; exit 4" INT; echo begins; while :; do sleep 0.01; done'`;
  await run(
    hale,
    `\`\`\`console
$ ${job} &
begins
$ kill -INT %1
$ output %1
bye
$ wait %1
[exit 4]
$ exec sleep 60 &
$ kill -9 {JOB_PID}
$ wait %2
[exit 137]
\`\`\`
`.replace("$ exec sleep 60", "$ sh -c 'exec tail -f /dev/null'"),
  );
});

haleTest("runTranscript() serves a folder and logs the requests", async (hale) => {
  await run(
    hale,
    `\`\`\`json server/health
{ "status": "ok" }
\`\`\`

\`\`\`console
$ ${Deno.execPath()} eval 'console.log(await (await fetch("{SERVER}/health")).text())'
{ "status": "ok" }

$ cat server.log
/health 200
\`\`\`
`,
  );
});

haleTest("runTranscript() rewrites differing expectations with update", async (hale) => {
  const before =
    "```console\n$ echo new words, pid 77\nold words, pid {PID}\n\n$ echo pid 77; exit 2\npid {PID}\n```\n";
  const revisions = await run(hale, before, { update: true });
  assertEquals(
    applyRevisions(transcript(before), revisions),
    transcript(
      before.replace("old words", "new words").replace(
        "pid {PID}\n```",
        "pid {PID}\n[exit 2]\n```",
      ),
    ),
  );
});
