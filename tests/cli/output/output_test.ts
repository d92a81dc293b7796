import { assertEquals, assertThrows } from "@std/assert";
import { Output } from "../../../src/cli/output/output.ts";
import { toTerminal } from "../../../src/cli/output/terminal_text.ts";
import { ReaderGone } from "../../../src/cli/output/text_stream.ts";
import { captureOutput } from "../captured_output.ts";

function say(output: Output): void {
  output.note("note");
  output.warn("warn");
  output.detail("detail");
  output.error("error");
}

Deno.test("Output writes results to standard output and messages to standard error", () => {
  const { output, stdout, stderr } = captureOutput();
  output.result("a\nb");
  output.result("c\n");
  output.result("");
  output.jsonLine({ a: [1] });
  output.json({ a: [] });
  say(output);
  assertEquals(stdout(), 'a\nb\nc\n{"a":[1]}\n{\n  "a": []\n}\n');
  assertEquals(stderr(), "note\nwarning: warn\nerror: error\n");
});

Deno.test("Output omits notes when it is quiet", () => {
  const { output, stderr } = captureOutput({ quiet: true });
  say(output);
  assertEquals(stderr(), "warning: warn\nerror: error\n");
});

Deno.test("Output writes details when it is verbose", () => {
  const { output, stderr } = captureOutput({ verbose: true });
  say(output);
  assertEquals(stderr(), "note\nwarning: warn\ndetail\nerror: error\n");
});

Deno.test("Output decides about colors for each stream", { ignore: Deno.noColor }, () => {
  const { output, stderr } = captureOutput({ stderrIsTerminal: true });
  output.error("x");
  assertEquals(stderr(), "\x1b[1m\x1b[31merror:\x1b[39m\x1b[22m x\n");
  assertEquals(output.stdout.color("red", "x"), "x");
  assertEquals(toTerminal(output.stderr.color("red", "x")), "\x1b[31mx\x1b[39m");
});

Deno.test("Output throws ReaderGone for a result on a closed stream, but not for a message", () => {
  const broken = {
    isTerminal: () => false,
    writeSync: (): number => {
      throw new Deno.errors.BrokenPipe("gone");
    },
  };
  const output = new Output(
    { quiet: false, verbose: false, noColor: false },
    { stdout: broken, stderr: broken, env: { get: () => undefined } },
  );
  say(output);
  assertThrows(() => output.result("a"), ReaderGone);
});
