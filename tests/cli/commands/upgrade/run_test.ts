import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const MAIN = fromFileUrl(new URL("../../../../main.ts", import.meta.url));

Deno.test("upgrade does not replace a source", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", MAIN, "upgrade"],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [
    2,
    "error: This hale runs from source and cannot replace itself. Update the source, for example " +
    "with git pull.\n",
  ]);
});
