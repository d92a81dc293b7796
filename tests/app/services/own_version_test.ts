import { assertEquals, assertThrows } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { checkOwnVersion } from "../../../src/app/services/own_version.ts";
import type { EngineSpec } from "../../../src/model/service_spec.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";
import { testEngine } from "../../resolve/release_fixture.ts";

function engine(on_mismatch: EngineSpec["on_mismatch"] = "fail") {
  const engine = testEngine("http://127.0.0.1:1", { version: "2.0", on_mismatch });
  return serviceSpec("engine", { program: { kind: "engine", engine }, version: "2.0" });
}

Deno.test("checkOwnVersion() lets a launch run that is of the wanted version", () => {
  const running = { version: "2.0", wanted_version: "1.0" };
  assertEquals(checkOwnVersion(engine(), running), { kind: "wanted" });
});

Deno.test("checkOwnVersion() lets a local build run that was started for the wanted version", () => {
  const running = { version: "1.9-dev", wanted_version: "2.0" };
  assertEquals(checkOwnVersion(engine(), running), { kind: "wanted" });
  assertEquals(checkOwnVersion(engine("replace"), running), { kind: "wanted" });
});

Deno.test("checkOwnVersion() finds no difference when the version is unknown", () => {
  assertEquals(checkOwnVersion(engine(), { version: null, wanted_version: "1.0" }), {
    kind: "wanted",
  });
});

Deno.test("checkOwnVersion() does what on_mismatch says when the version differs", () => {
  const running = { version: "1.0", wanted_version: "1.0" };
  assertEquals(checkOwnVersion(engine("reuse"), running).kind, "other");
  assertEquals(checkOwnVersion(engine("replace"), running), { kind: "replaced", version: "1.0" });
  const error = assertThrows(() => checkOwnVersion(engine("fail"), running), HaleError);
  assertEquals([error.code, error.exitStatus], ["port_occupied", 7]);
});
