import { assertEquals, assertRejects } from "@std/assert";
import { toolOutput } from "../../../src/platform/processes/tool_output.ts";
import { unixTest } from "../../fixtures/unix_test.ts";

const env = { PATH: "/usr/bin:/bin" };

unixTest("toolOutput() returns what a tool prints, and whether it succeeded", async () => {
  const { success, stdout } = await toolOutput("/bin/sh", ["-c", "echo $PATH; exit 3"], { env });
  assertEquals([success, new TextDecoder().decode(stdout)], [false, "/usr/bin:/bin\n"]);
});

unixTest("toolOutput() does not wait for a tool that does not end", async () => {
  // It ignores the request to end, and its child holds the pipe.
  const script = "trap '' TERM; echo begun; sleep 3 & wait; sleep 3";
  await assertRejects(
    () => toolOutput("/bin/sh", ["-c", script], { env, timeoutMs: 50 }),
    Error,
    "/bin/sh did not end within 0.05s",
  );
});
