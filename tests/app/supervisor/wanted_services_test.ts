import { assertEquals } from "@std/assert";
import { needsSupervisor, wantedServices } from "../../../src/app/supervisor/wanted_services.ts";
import { SERVICE_STATES } from "../../../src/model/service_state.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

Deno.test("needsSupervisor() is true for what is to run and has not failed for good", () => {
  const needed = SERVICE_STATES.filter((state) => needsSupervisor({ state, desired: "running" }));
  assertEquals(needed, ["unmanaged", "stopped", "starting", "running", "stopping", "backoff"]);
});

Deno.test("needsSupervisor() is true for a stop that is not complete, and nothing else that is stopped", () => {
  const needed = SERVICE_STATES.filter((state) => needsSupervisor({ state, desired: "stopped" }));
  assertEquals(needed, ["starting", "running", "stopping"]);
});

Deno.test("wantedServices() returns none when there is no home", () => {
  using folder = new TempFolder();
  assertEquals(wantedServices(folder.join("nothing")), []);
});
