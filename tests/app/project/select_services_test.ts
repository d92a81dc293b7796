import { assertEquals, assertThrows } from "@std/assert";
import { selectServices } from "../../../src/app/project/select_services.ts";
import { HaleError } from "../../../src/errors.ts";
import { DEFAULT_STORE, type RuntimeSpec } from "../../../src/model/service_spec.ts";
import { namedService } from "../service_status.ts";

const PROJECT: RuntimeSpec = {
  id: "app",
  config_path: "/app/hale.toml",
  store: DEFAULT_STORE,
  services: [
    namedService("web", ["api"]),
    namedService("api", ["db", "cache"]),
    namedService("db"),
    namedService("cache"),
    namedService("alone"),
  ],
};

function select(...names: string[]): string[] {
  return selectServices(PROJECT, names).map(({ name }) => name);
}

Deno.test("selectServices() returns all in the order of the file when none is named", () => {
  assertEquals(select(), ["web", "api", "db", "cache", "alone"]);
});

Deno.test("selectServices() adds all dependencies, each once", () => {
  assertEquals(select("db", "web", "api"), ["web", "api", "db", "cache"]);
  assertEquals(select("cache"), ["cache"]);
});

Deno.test("selectServices() throws when no service has the name", () => {
  const error = assertThrows(() => select("db", "dbb"), HaleError);
  assertEquals({ code: error.code, service: error.fields.service }, {
    code: "unknown_service",
    service: "dbb",
  });
});
