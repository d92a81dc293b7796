import { assertEquals, assertRejects } from "@std/assert";
import { LineServer } from "../../../src/platform/processes/line_server.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

/** Answers each line with the number of the request, its pid and the line; `exit` and `wait` fail. */
const PROGRAM = `
let count = 0;
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
let rest = "";
for await (const chunk of lines) {
  const parts = (rest + chunk).split("\\n");
  rest = parts.pop();
  for (const line of parts) {
    count++;
    if (line === "exit") Deno.exit(3);
    if (line === "wait") continue;
    if (line === "partly") {
      console.log("half");
      continue;
    }
    // Windows programs end lines with CRLF.
    await Deno.stdout.write(new TextEncoder().encode(count + "\\r\\n" + Deno.pid + "\\r\\n" + line + "\\r\\n.\\r\\n"));
  }
}
`;

function serve(folder: TempFolder, timeoutMs = 30_000): LineServer {
  const args = ["run", "-q", "--no-config", folder.write("server.js", PROGRAM)];
  return new LineServer({ program: Deno.execPath(), args, timeoutMs });
}

Deno.test("LineServer keeps its program and answers requests in order", async () => {
  using folder = new TempFolder();
  const server = serve(folder);
  const answers = await Promise.all(["a b", "", "ü"].map((line) => server.request(line)));
  assertEquals(answers.map(([count, , line]) => [count, line]), [
    ["1", "a b"],
    ["2", ""],
    ["3", "ü"],
  ]);
  assertEquals(new Set(answers.map(([, pid]) => pid)).size, 1);
  await server.close();
});

Deno.test("LineServer starts its program again after it has exited", async () => {
  using folder = new TempFolder();
  const server = serve(folder);
  const [, first] = await server.request("one");
  const failed = assertRejects(() => server.request("exit"), Error, "exited without an answer");
  const [count, second] = await server.request("two");
  await failed;
  assertEquals([count, first === second], ["1", false]);
  await server.close();
});

Deno.test("LineServer gives up on a program that does not answer", async () => {
  using folder = new TempFolder();
  const server = serve(folder, 1_000);
  await assertRejects(() => server.request("partly"), Error, "did not answer within 1s");
  await server.close();
});

Deno.test("LineServer does not keep a program running", async () => {
  using folder = new TempFolder();
  const module = new URL("../../../src/platform/processes/line_server.ts", import.meta.url).href;
  const server = JSON.stringify([Deno.execPath(), folder.write("server.js", PROGRAM)]);
  const path = folder.write(
    "main.js",
    `import { LineServer } from ${JSON.stringify(module)};
const [program, script] = ${server};
const args = ["run", "-q", "--no-config", script];
const [, pid] = await new LineServer({ program, args, timeoutMs: 30_000 }).request("x");
console.log(pid);`,
  );
  // It exits by itself although nothing closes the server.
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-config", path],
  }).output();
  assertEquals(code, 0);
  assertEquals(/^[0-9]+\n$/.test(new TextDecoder().decode(stdout)), true);
});

Deno.test("LineServer rejects a request when its program does not exist", async () => {
  const server = new LineServer({ program: "/no/such/program", args: [], timeoutMs: 1_000 });
  await assertRejects(() => server.request("x"), Error, "ENOENT");
  await assertRejects(() => server.request("x"), Error, "ENOENT");
});
