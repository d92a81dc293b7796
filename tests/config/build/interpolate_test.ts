import { assertEquals } from "@std/assert";
import {
  interpolate,
  type InterpolationFault,
  type Scope,
} from "../../../src/config/build/interpolate.ts";

const SCOPE: Scope = {
  env: { TOKEN: "hunter2", EMPTY: "" },
  texts: { version: "1.2", data_dir: null },
  places: {
    endpoint: () => place("http://[::1]:6420", "::1", 6420),
    bind: () => place(null, "0.0.0.0", 65530),
    "services.db.endpoint": () => place(null, null, null),
    "services.broken.endpoint": () => ({ kind: "refused" }),
  },
};

function place(url: string | null, host: string | null, port: number | null) {
  const portKey = ["services", "a", "endpoint"];
  return { kind: "known", url, host, port, portKey, portWritten: "as written" } as const;
}

function run(template: string): { text: string | null; faults: InterpolationFault[] } {
  const faults: InterpolationFault[] = [];
  return { text: interpolate(template, SCOPE, (fault) => faults.push(fault)), faults };
}

Deno.test("interpolate() fills in every kind of name", () => {
  const cases: Record<string, string> = {
    "plain $ text": "plain $ text",
    "${env.TOKEN}": "hunter2",
    "${env.EMPTY}": "",
    "${env.EMPTY:-x}": "x",
    "${env.NONE:-${version}}": "1.2",
    "${endpoint}/health": "http://[::1]:6420/health",
    "${endpoint.host}": "::1",
    "${endpoint.port}": "6420",
    "${endpoint.port+10}": "6430",
    "${bind.host}:${bind.port+5}": "0.0.0.0:65535",
    "${services.db.endpoint:-none}": "none",
    "$${version}": "${version}",
  };
  for (const [template, text] of Object.entries(cases)) {
    assertEquals(run(template), { text, faults: [] }, template);
  }
});

Deno.test("interpolate() reports each unknown placeholder", () => {
  const { text, faults } = run("${endpiont.port} ${bind} ${endpoint.host+1} ${endpoint.user:-x}");
  assertEquals(text, null);
  assertEquals(faults.map(({ message }) => message), [
    "unknown placeholder ${endpiont.port}",
    "unknown placeholder ${bind}",
    "unknown placeholder ${endpoint.host+1}",
    "unknown placeholder ${endpoint.user}",
  ]);
  assertEquals(faults[0]!.unknown!.known.includes("endpoint.port"), true);
});

Deno.test("interpolate() suggests env. when an unknown placeholder is the name of a variable", () => {
  assertEquals(run("${TOKEN}").faults, [
    { message: "unknown placeholder ${TOKEN}; did you mean ${env.TOKEN}?" },
  ]);
});

Deno.test("interpolate() reports placeholders without a value", () => {
  const cases: Record<string, string> = {
    "${env.NONE}":
      "the environment variable NONE is not set; set it, or write a default: ${env.NONE:-DEFAULT}",
    "${data_dir}": "${data_dir} has no value; set `data_dir`",
    "${services.db.endpoint.port}":
      "${services.db.endpoint.port} has no value; set `services.db.endpoint`",
    "${toString}": "unknown placeholder ${toString}",
    "${env.toString}":
      "the environment variable toString is not set; set it, or write a default: ${env.toString:-DEFAULT}",
  };
  for (const [template, message] of Object.entries(cases)) {
    const { text, faults } = run(template);
    assertEquals([text, faults.map((fault) => fault.message)], [null, [message]], template);
  }
});

Deno.test("interpolate() reports a port above 65535 under the key that sets the port", () => {
  const { text, faults } = run("${bind.port+6}");
  assertEquals(text, null);
  assertEquals(faults.length, 1);
  assertEquals(faults[0]!.at, ["services", "a", "endpoint"]);
  assertEquals(faults[0]!.value, "as written");
  assertEquals(faults[0]!.endpoint, true);
});

Deno.test("interpolate() does not report again when an endpoint was refused", () => {
  assertEquals(run("${services.broken.endpoint}"), { text: null, faults: [] });
});

Deno.test("interpolate() does not show the string when a placeholder is not closed", () => {
  const { text, faults } = run("secret ${version");
  assertEquals(text, null);
  assertEquals(faults.map(({ message }) => message.includes("secret")), [false]);
});
