import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { SupervisorClient } from "../../../src/supervise/api/api_client.ts";
import { listRuntimes } from "../../../src/store/runtime/list_runtimes.ts";
import { rawRequest } from "../../fixtures/raw_http.ts";
import {
  eventsOf,
  handover,
  reached,
  RUNTIME,
  startServices,
  STAY,
} from "../../fixtures/supervised_home.ts";
import { DEFAULT_STORE } from "../../../src/model/service_spec.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";
import { errorOf, get, post, RUNTIME_PATH, ServedHome } from "./served_home.ts";

Deno.test("serveApi() reports version and pid", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  assertEquals(new URL(endpoint.url).hostname, "127.0.0.1");
  assertEquals(endpoint.pid, Deno.pid);
  assert(/^[0-9a-f]{64}$/.test(endpoint.token));
  const response = await get(endpoint, "/health");
  assertEquals(await response.json(), {
    runtime: "hale",
    status: "ok",
    version: "0.0.0-test",
    pid: Deno.pid,
  });
  assertEquals(response.headers.get("access-control-allow-origin"), null);
});

Deno.test("serveApi() rejects requests without the token", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const { token } = endpoint;
  const wrong = token.replace(/^./, (first) => first === "0" ? "1" : "0");
  const attempts = [
    "",
    `Bearer ${wrong}`,
    `Bearer ${token}0`,
    `Bearer ${token.slice(1)}`,
    `bearer ${token}`,
    `Basic ${token}`,
    token,
    "Bearer ",
    `Bearer ${"Ü".repeat(32)}`,
  ];
  for (const authorization of attempts) {
    for (const path of ["/health", RUNTIME_PATH, "/nothing"]) {
      const answer = await rawRequest(endpoint.url, [
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n`,
        authorization === "" ? "" : `Authorization: ${authorization}\r\n`,
        "\r\n",
      ]);
      assertEquals(answer.status, 401, `${path} ${authorization}`);
      assert(!answer.text.includes(token.slice(1)));
      assertStringIncludes(answer.text, "The token is missing or wrong.");
    }
  }
  const shutdown = await rawRequest(endpoint.url, [
    "POST /v1/shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}",
  ]);
  assertEquals({ status: shutdown.status, ending: home.supervised.supervisor.ending }, {
    status: 401,
    ending: false,
  });
});

Deno.test("serveApi() rejects requests whose Host is not a loopback name", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const statusFor = async (host: string) => {
    const answer = await rawRequest(endpoint.url, [
      `GET /health HTTP/1.1\r\n${host}Authorization: Bearer ${endpoint.token}\r\n\r\n`,
    ]);
    if (answer.status === 403) {
      assertMatch(
        answer.text,
        /The Host header is .*, expected 127\.0\.0\.1, localhost or \[::1\]\./,
      );
    }
    return answer.status;
  };
  const { port } = new URL(endpoint.url);
  for (const host of ["127.0.0.1", `127.0.0.1:${port}`, "localhost", `localhost:1`, "[::1]:80"]) {
    assertEquals(await statusFor(`Host: ${host}\r\n`), 200, host);
  }
  for (
    const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "evil@127.0.0.1",
      "127.0.0.1:80@evil.example",
      "2130706433",
      "0.0.0.0",
      "[::]",
      "a b",
    ]
  ) {
    assertEquals(await statusFor(`Host: ${host}\r\n`), 403, host);
  }
  assertEquals(await statusFor(""), 403);
});

Deno.test("serveApi() rejects unknown routes, runtimes and services", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  for (const path of ["/", "/v2/health", "/v1/runtimes/", `${RUNTIME_PATH}/nothing`]) {
    assertEquals(await errorOf(get(endpoint, path)), [404, "usage"], path);
    const { error } = await (await get(endpoint, path)).json();
    assertEquals(error.message, `There is no route GET ${path.replace(RUNTIME, "ID")}.`);
  }
  const events = await (await get(endpoint, `${RUNTIME_PATH}/events?after=x`)).json();
  assertEquals(events.error.message, '"x" is not an event id: expected a number.');
  const { error } = await (await get(endpoint, "/v1/runtimes/%E0%A4%A")).json();
  assertEquals(error.message, "/v1/runtimes/%E0%A4%A is not a valid URL path.");
  assertEquals(await errorOf(post(endpoint, "/health", "{}")), [404, "usage"]);
  assertEquals(await errorOf(get(endpoint, "/v1/runtimes/%E0%A4%A")), [400, "usage"]);
  const services = JSON.stringify({ services: ["unknown"] });
  assertEquals(await errorOf(post(endpoint, `${RUNTIME_PATH}/stop`, services)), [
    404,
    "unknown_service",
  ]);
});

Deno.test("serveApi() rejects a body that is not a JSON object", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  for (const body of ["", "{", "null", "7", '"x"', "\xff\xfe"]) {
    assertEquals(await errorOf(post(endpoint, `${RUNTIME_PATH}/stop`, body)), [400, "usage"], body);
    const { error } = await (await post(endpoint, `${RUNTIME_PATH}/stop`, body)).json();
    assertMatch(error.message, /^The request body is not (?:JSON: .+|a JSON object\.)$/);
  }
  const messageFor = async (body: string) =>
    (await (await post(endpoint, `${RUNTIME_PATH}/stop`, body)).json()).error.message;
  assertEquals(await messageFor("7"), "The request body is not a JSON object.");
  assertStringIncludes(await messageFor("{"), "The request body is not JSON: ");
});

Deno.test("serveApi() rejects a body with a missing or invalid field, and records nothing of it", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const whole = {
    how: "up",
    config_path: null,
    store: DEFAULT_STORE,
    configure: [handover(home.script("web", STAY))],
    services: [],
  };
  const spec = whole.configure[0]!.spec;
  for (
    const [action, body, fault] of [
      ["start", { ...whole, how: "down" }, "`how` is not one of up, start, restart"],
      ["start", { ...whole, store: {} }, "`store.events` is missing"],
      ["start", { ...whole, configure: {} }, "`configure` is not a list"],
      [
        "start",
        { ...whole, configure: [{ spec: { ...spec, name: "" }, config_digest: "" }] },
        "`configure.0.spec.name` is not a name",
      ],
      ["start", { ...whole, services: [{ spec }] }, "`services.0.config_digest` is missing"],
      ["stop", { services: "web" }, "`services` is not a list of strings"],
      ["remove", {}, "`services` is missing"],
    ] as const
  ) {
    const response = await post(endpoint, `${RUNTIME_PATH}/${action}`, JSON.stringify(body));
    const { error } = await response.json();
    assertEquals([response.status, error.code], [400, "usage"]);
    assertEquals(
      error.message,
      `The request body is invalid: ${fault}. Nothing was changed. \`hale help api\` describes the ` +
        "requests.",
    );
  }
  assertEquals((await (await get(endpoint, RUNTIME_PATH)).json()).services, []);
});

Deno.test("serveApi() answers a body that is cut off or is not framed correctly", async () => {
  await using home = new ServedHome();
  const { url, token } = await home.serve();
  for (
    const [framing, reason] of [
      ["Content-Length: 5\r\n\r\n{}", null],
      ["Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx", "a chunk is longer than its size"],
      ["Transfer-Encoding: chunked\r\n\r\n-2\r\n", "the size of a chunk is not a number"],
    ] as const
  ) {
    const head = `POST ${RUNTIME_PATH}/stop HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      `Authorization: Bearer ${token}\r\n`;
    const { hostname, port } = new URL(url);
    using connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(new TextEncoder().encode(`${head}${framing}\r\n`));
    // A client that ends gets no body: it may have gone.
    if (reason === null) await connection.closeWrite();
    const answer = await new Response(connection.readable).text();
    assertStringIncludes(answer, "HTTP/1.1 400 ");
    if (reason !== null) {
      assertStringIncludes(answer, `The request body cannot be read: ${reason}.`);
    }
  }
});

Deno.test("serveApi() rejects a body that is too large, with or without content-length, and continues", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const head = `POST ${RUNTIME_PATH}/stop HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
    `Authorization: Bearer ${endpoint.token}\r\n`;
  const announced = await rawRequest(endpoint.url, [
    `${head}Content-Length: ${100 * 1024 * 1024}\r\n\r\n`,
  ]);
  assertEquals(announced.status, 413);
  assertMatch(announced.text, /The request body has \d+ bytes or more; the limit is \d+\./);

  const mebibyte = new Uint8Array(1024 * 1024 + 2).fill(0x20, 0, 1024 * 1024);
  mebibyte.set([0x0d, 0x0a], 1024 * 1024);
  let sent = 0;
  const chunked = await rawRequest(
    endpoint.url,
    (function* () {
      yield `${head}Transfer-Encoding: chunked\r\n\r\n`;
      for (; sent < 100; sent++) {
        yield "100000\r\n";
        yield mebibyte;
      }
    })(),
  );
  assertEquals(chunked.status, 413);
  assertLess(sent, 60);
  assertEquals((await (await get(endpoint, "/health")).json()).status, "ok");
});

unixTest("serveApi() answers a status request before queued work", async () => {
  await using home = new ServedHome();
  let hasRun = false;
  const seen: boolean[] = [];
  const pollAdopted = () => {
    home.supervised.supervisor.queue.enqueue(() => hasRun = true);
    seen.push(hasRun);
    return Promise.resolve(false);
  };
  using client = new SupervisorClient(await home.serve({ effects: { pollAdopted } }));
  await client.status(RUNTIME);
  await until(() => hasRun);
  // Work that was queued during the request had to wait.
  assertEquals(seen, [false]);
});

unixTest("serveApi() does not create a runtime for a status request", async () => {
  await using home = new ServedHome();
  using client = new SupervisorClient(await home.serve());
  const found = await client.status("other");
  assertEquals(found, { runtime: "other", last_event_id: 0, launched: {}, services: [] });
  assertEquals(listRuntimes(home.path).map(({ runtimeId }) => runtimeId), [RUNTIME]);
});

unixTest(
  "serveApi() starts once for twenty concurrent requests, returns the status, and stops",
  async () => {
    await using home = new ServedHome();
    const endpoint = await home.serve();
    using client = new SupervisorClient(endpoint);
    const { DEFAULT_STORE } = await import("../../../src/model/service_spec.ts");
    const spec = home.script("api", STAY);
    const request = {
      how: "up",
      config_path: null,
      store: DEFAULT_STORE,
      configure: [{ spec, config_digest: "digest-1" }],
      services: [handover(spec)],
    } as const;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.start(RUNTIME, request)),
    );
    assertEquals(answers.filter(({ outcomes }) => outcomes.api === "started").length, 1);
    assertEquals(answers.filter(({ outcomes }) => outcomes.api === "already_running").length, 19);
    await until(async () => (await client.status(RUNTIME)).services[0]?.state === "running");
    const status = await client.status(RUNTIME);
    assertEquals({ runtime: status.runtime, serviceCount: status.services.length }, {
      runtime: RUNTIME,
      serviceCount: 1,
    });
    assertEquals(status.last_event_id, home.supervised.runtime.records.lastEventId());
    await until(() => home.runs("api").length === 1);

    const stopped = await client.stop(RUNTIME, { services: ["api"] });
    assertEquals(stopped.stopped, ["api"]);
    assertEquals(stopped.services.map(({ state }) => state), ["stopped"]);
    assertEquals((await client.stop(RUNTIME, { services: ["api"] })).stopped, []);
    assertEquals(home.runs("api").length, 1);
  },
);

unixTest("serveApi() shuts down at once while a stop request and a stream are open", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const { runtime, supervisor } = home.supervised;
  const script = 'trap "" TERM; echo $$ >>api.runs; while :; do sleep 0.02; done';
  const spec = home.script("api", script, { stop: { timeout_ms: 2_000 } });
  startServices(runtime, [handover(spec)]);
  await reached(runtime.service("api"), "running");
  await until(() => home.runs("api").length === 1);
  await home.identified("api");
  using client = new SupervisorClient(endpoint);
  const ended = new AbortController();
  const events = Array.fromAsync(client.events(RUNTIME, 0, ended.signal));
  const stopping = client.stop(RUNTIME, { services: ["api"] }, ended.signal).then(
    () => "stopped",
    () => "aborted",
  );
  await reached(runtime.service("api"), "stopping");
  await client.shutdown();
  await supervisor.finished;
  const closedAt = performance.now();
  await home.closeServer();
  await supervisor.close();
  assertLess(performance.now() - closedAt, 1_900);
  // The stream has ended without missing events.
  const ids = (await events).map(({ id }) => id);
  assertEquals(ids, ids.map((_, index) => index + 1));
  ended.abort();
  assertEquals(await stopping, "aborted");

  const next = await home.open();
  await reached(next.runtime.service("api"), "stopped");
  assertStringIncludes(
    (await eventsOf(next.runtime)).map(({ type }) => type).join(),
    "supervisor_ended",
  );
});

unixTest("serveApi() says that a stop was not recorded", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const { runtime } = home.supervised;
  startServices(runtime, [handover(home.script("api", STAY))]);
  await reached(runtime.service("api"), "running");
  const { records } = runtime;
  const { flush } = records;
  records.flush = () => Promise.reject(new HaleError("store_io", "The disk is gone."));
  const response = await post(endpoint, `${RUNTIME_PATH}/stop`, '{"services":["api"]}');
  records.flush = flush;
  assertEquals(
    (await response.json()).error.message,
    "api stopped, but that is not recorded: The disk is gone. Until it is, a new supervisor would " +
      "start what was running.",
  );
});
