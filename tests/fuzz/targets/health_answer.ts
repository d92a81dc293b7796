import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { probeHttp } from "../../../src/health/checks/http.ts";
import type { FuzzTarget, OpenTarget } from "../fuzz_target.ts";
import { ANSWER_WORDS, answerInputs } from "../answer_inputs.ts";
import { latin1 } from "../mutations.ts";
import { RawServer } from "../raw_client.ts";

const TIMEOUT_MS = 2_000;

const bodies = fc.constantFrom(
  ...[
    "",
    "ok",
    '{"runtime":"engine","status":"ok"}',
    '{"runtime":"other"}',
    '{"status":null}',
    "[]",
  ],
  ...['{"__proto__":{"runtime":"engine"}}', "{", "<html>", `{"a":"${"x".repeat(80_000)}"}`, "\xff"],
);

/** Answers of a health endpoint: {@linkcode probeHttp}. */
export const open: OpenTarget = (): FuzzTarget => {
  const server = new RawServer();
  const probe = (fields: { readonly expect?: boolean; readonly identify?: boolean }) =>
    probeHttp({
      kind: "http",
      url: `http://127.0.0.1:${server.port}/health`,
      method: "GET",
      headers: {},
      status: [[200, 299]],
      expect: fields.expect ? { status: "ok" } : {},
      identify: fields.identify ? { runtime: "engine" } : {},
    }, { timeoutMs: TIMEOUT_MS });
  return {
    inputs: answerInputs(bodies),
    words: ANSWER_WORDS,
    check: async (input) => {
      const text = latin1(input);
      for (const fields of [{}, { expect: true }, { expect: true, identify: true }]) {
        server.answerWith(input);
        const result = await probe(fields);
        assertEquals(server.requests <= 1, true, `${server.requests} requests`);
        if (result.kind !== "healthy") {
          assert(result.reason.length > 5 && result.reason.length < 100_000, result.reason);
          assert(!/\[object \w|\bat .*\.ts:[0-9]/.test(result.reason), result.reason);
          continue;
        }
        // Only what says so is healthy.
        const statuses = [...text.matchAll(/HTTP\/1\.[01] +([0-9]{3})/g)].map(([, status]) =>
          status!
        );
        assert(statuses.some((status) => status.startsWith("2")), text.slice(0, 200));
        JSON.stringify(result.body);
        if (fields.expect) assertEquals(result.body.status, "ok");
        if (fields.identify) assertEquals(result.body.runtime, "engine");
      }
    },
    close: () => server[Symbol.dispose](),
  };
};
