import { assertEquals } from "@std/assert";
import { statusLayout } from "../../../src/cli/services/status_layout.ts";
import { DEFAULT_STORE } from "../../../src/model/service_spec.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const stdout = { isTerminal: false, columns: 80, color: (_style: string, text: string) => text };
const services = [serviceSpec("web")];
const spec = { id: "app", config_path: "/app/hale.toml", store: DEFAULT_STORE, services };

Deno.test("statusLayout() has a width only when standard output is a terminal", () => {
  assertEquals(statusLayout(stdout, { id: "app", spec }).width, undefined);
  assertEquals(statusLayout({ ...stdout, isTerminal: true }, { id: "app", spec }).width, 80);
});

Deno.test("statusLayout() names the command that restarts a service with its configuration", () => {
  const commandOf = (id: string, known: typeof spec | null, name: string) =>
    statusLayout(stdout, { id, spec: known }).restartWith?.(name);
  assertEquals(commandOf("app", spec, "web"), "hale up");
  // Started without a file: `hale up` needs one.
  assertEquals(commandOf("default", null, "web"), "hale restart web");
  // Removed from the file: no command starts it again.
  assertEquals(commandOf("app", spec, "old"), null);
});
