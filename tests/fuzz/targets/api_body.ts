import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HaleError } from "../../../src/errors.ts";
import { checkRuntime } from "../../../src/store/repair/check_runtime.ts";
import { listFolder } from "../../../src/files/list_folder.ts";
import { homePaths, runtimePathsIn } from "../../../src/home/home_paths.ts";
import { DEFAULT_STORE } from "../../../src/model/service_spec.ts";
import { serveApi } from "../../../src/supervise/api/api_server.ts";
import type { SupervisorEndpoint } from "../../../src/supervise/api/api_types.ts";
import { handover, supervisorOf } from "../../fixtures/supervised_home.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";
import type { FuzzTarget, Input, OpenTarget } from "../fuzz_target.ts";
import { readCorpus } from "../explore.ts";
import { jsonInputs } from "../json_inputs.ts";
import { NO_PROCESSES } from "../no_processes.ts";
import { assertRefusal } from "../properties.ts";

/** The runtime to which the requests go, and another one. */
const PATH = "/v1/runtimes/r1";
const OTHER = "/v1/runtimes/other";

const ROUTES = ["start", "stop", "remove"].map((action) => `${PATH}/${action}`);

const CODES = [
  ...["usage", "unknown_service", "not_managed", "limit_too_large", "service_running"],
  ...["policy_denied", "supervisor_unavailable", "cursor_expired", "config_invalid"],
];

const started = handover(serviceSpec("web", { depends_on: ["db"] }));

/** What `hale up` sends. */
const START = {
  how: "up",
  config_path: "/srv/app/hale.toml",
  store: DEFAULT_STORE,
  configure: [handover(serviceSpec("db")), started],
  services: [handover(serviceSpec("db")), started],
  actor: { user: "ann", uid: 1000, how: "cli" },
};

/** Bodies of requests with the token, as `PATH` LF `BODY`. The supervisor answers, and its files stay whole. */
export const open: OpenTarget = (folder): FuzzTarget => ({
  inputs: fc.tuple(
    fc.constantFrom(...ROUTES, "/v1/shutdown"),
    jsonInputs([
      START,
      ...[...readCorpus("api_body").values()].flatMap((it) => jsonOf(split(it).body) ?? []),
    ]),
  ).map(([path, body]) => joined(path, body)),
  words: [...ROUTES.map((route) => `${route}\n`), '"web"', '"services":', '{"', '"}', "null"],
  check: async (input) => {
    const home = await Deno.makeTempDir({ dir: folder });
    const problems: HaleError[] = [];
    const supervisor = supervisorOf(home, {
      effects: NO_PROCESSES,
      onProblem: (error) => problems.push(error),
    });
    const server = serveApi(supervisor, { version: "0.0.0-test" });
    const { endpoint } = server;
    try {
      assertEquals((await send(endpoint, `${OTHER}/start`, JSON.stringify(START))).status, 200);
      const before = await send(endpoint, OTHER);
      const { path, body } = split(input);
      // The server drops a head that is too long.
      if (path.length > 1000 || !URL.canParse(endpoint.url + path)) return;
      await checkAnswer(await send(endpoint, path, body));
      if (!supervisor.ending) {
        assertEquals((await send(endpoint, "/health")).status, 200);
        await checkAnswer(await send(endpoint, PATH));
        if (!path.includes("other")) assertEquals(await send(endpoint, OTHER), before);
      }
    } finally {
      await server.close();
      await supervisor.close();
    }
    for (const problem of problems) assertRefusal(problem, { codes: CODES });
    await checkFiles(home);
    // The next supervisor goes on from them.
    const next = supervisorOf(home, { effects: NO_PROCESSES });
    for (const id of ["r1", "other"]) assertEquals((await next.runtime(id)).id, id);
    await next.close();
    await Deno.remove(home, { recursive: true });
  },
});

function joined(path: string, body: Input): Input {
  return new Uint8Array([...new TextEncoder().encode(`${path}\n`), ...body]);
}

function split(input: Input): { path: string; body: Input } {
  const end = input.indexOf(0x0a);
  const path = new TextDecoder().decode(end === -1 ? input : input.subarray(0, end));
  return { path, body: end === -1 ? new Uint8Array() : input.slice(end + 1) };
}

function jsonOf(bytes: Input): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function send(
  { url, token }: SupervisorEndpoint,
  path: string,
  body?: BodyInit,
): Promise<Answer> {
  const aborting = new AbortController();
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}` },
    signal: aborting.signal,
    ...body === undefined ? {} : { body },
  });
  return { status: response.status, body: await response.json() };
}

function checkAnswer({ status, body }: Answer): void {
  if (status === 200) return;
  const error = HaleError.fromJSON((body as { error: never }).error);
  assert(status >= 400 && status < 500 || status === 503, `${status}: ${error.message}`);
  assertRefusal(error, { codes: CODES });
}

async function checkFiles(home: string): Promise<void> {
  for (const { name } of listFolder(homePaths(home).runtimes)) {
    const { faults } = await checkRuntime(
      runtimePathsIn(`${homePaths(home).runtimes}/${name}`).folder,
    );
    assertEquals(faults.map(({ message }) => message), []);
  }
}
