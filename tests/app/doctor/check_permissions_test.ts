import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { Found } from "../../../src/app/doctor/finding.ts";

const PRINT = fromFileUrl(new URL("print_permissions.ts", import.meta.url));

async function found(...flags: readonly string[]): Promise<readonly Found[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", ...flags, PRINT],
    stderr: "inherit",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("checkPermissions() says what hale cannot do without each permission", async () => {
  assertEquals((await found()).map(({ message, remedy }) => [message, remedy]), [
    [
      "hale has no permission to read its home and your configuration.",
      "Run it with -P or with --allow-read.",
    ],
    ["hale has no permission to write to its home.", "Run it with -P or with --allow-write."],
    [
      "hale has no permission to start services and signal them.",
      "Run it with -P or with --allow-run.",
    ],
    [
      "hale has no permission to pass your environment to services.",
      "Run it with -P or with --allow-env.",
    ],
    [
      "hale has no permission to connect to its supervisor.",
      "Run it with -P or with --allow-net=127.0.0.1.",
    ],
    [
      "hale has no permission to check the owner of the home.",
      "Run it with -P or with --allow-sys=uid.",
    ],
    [
      "hale may connect to no host. On a terminal it asks before it connects elsewhere; otherwise " +
      "it refuses.",
      null,
    ],
  ]);
});

Deno.test("checkPermissions() says that hale may connect to any host", async () => {
  assertEquals(
    (await found("-A")).map(({ status, message, remedy }) => [status, message, remedy]),
    [
      ["ok", "hale has all the permissions that it needs.", null],
      [
        "note",
        "hale may connect to any host.",
        "Run it with -P to restrict it to the hosts in deno.json.",
      ],
    ],
  );
});
