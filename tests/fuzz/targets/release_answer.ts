import { sha256 } from "@noble/hashes/sha2";
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { HaleError } from "../../../src/errors.ts";
import { download } from "../../../src/resolve/download/download.ts";
import type { NetworkOptions } from "../../../src/resolve/download/network_options.ts";
import { fetchChecksum } from "../../../src/resolve/release/fetch_checksum.ts";
import type { ReleaseArtifact } from "../../../src/resolve/release/release.ts";
import type { FuzzTarget, OpenTarget } from "../fuzz_target.ts";
import { ANSWER_WORDS, answerInputs } from "../answer_inputs.ts";
import { latin1 } from "../mutations.ts";
import { assertRefusal, resultOf } from "../properties.ts";
import { RawServer } from "../raw_client.ts";

const CONTENTS = "program";
const SHA256 = sha256(new TextEncoder().encode(CONTENTS)).toHex();

const bodies = fc.constantFrom(
  ...[
    CONTENTS,
    "",
    "program!",
    "progra",
    "<!DOCTYPE html>",
    `${SHA256}  tool\n`,
    "\x1f\x8b",
    "x".repeat(200_000),
  ],
);

const CODES = ["download_failed", "checksum_mismatch", "network_denied"];

/** Tries of a request; more of them find nothing else. */
const TRIES = 2;

/** Answers of a release server: {@linkcode download}, whole and resumed, and {@linkcode fetchChecksum}. */
export const open: OpenTarget = (folder): FuzzTarget => {
  const server = new RawServer();
  const path = join(folder, "tool.partial");
  const options = (): NetworkOptions => ({
    signal: new AbortController().signal,
    idleTimeoutMs: 2_000,
    leftMs: () => 30_000,
    retry: { tries: TRIES, pauseMs: 1, maxPauseMs: 5 },
  });
  const url = () => `http://127.0.0.1:${server.port}/tool`;
  const receive = async (expected: { sha256: string | null; size: number | null }) => {
    const { value, error } = await resultOf(
      () =>
        download(
          {
            asset: "tool",
            url: url(),
            sha256: expected.sha256,
            sha256Source: expected.sha256 === null ? "" : "hale.lock",
            size: expected.size,
            advice: "Remove the entry.",
          },
          path,
          options(),
        ),
      HaleError,
    );
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert(
      files.every((name) => name === "tool.partial" || name === "tool.partial.json"),
      `${files}`,
    );
    if (error !== null) {
      assertRefusal(error, { codes: CODES, names: "127.0.0.1" });
      assert(server.requests <= TRIES * 12, `${server.requests} requests`);
      return;
    }
    const bytes = Deno.readFileSync(path);
    assertEquals(value, { sha256: sha256(bytes).toHex(), size: bytes.length });
    if (expected.sha256 !== null) assertEquals(value.sha256, expected.sha256);
    if (expected.size !== null) assertEquals(value.size, expected.size);
  };
  const clean = () => {
    for (const { name } of Deno.readDirSync(folder)) Deno.removeSync(join(folder, name));
  };
  return {
    inputs: answerInputs(bodies),
    words: ANSWER_WORDS,
    check: async (input) => {
      if (leadsAway(latin1(input), server.port)) return;
      for (
        const expected of [{ sha256: null, size: null }, { sha256: SHA256, size: CONTENTS.length }]
      ) {
        clean();
        server.answerWith(input);
        await receive(expected);
      }
      // A part of the file is there already.
      clean();
      Deno.writeTextFileSync(path, CONTENTS.slice(0, 4));
      const record = { schema_version: 1, url: url(), validator: '"a"', total: CONTENTS.length };
      Deno.writeTextFileSync(`${path}.json`, JSON.stringify(record));
      server.answerWith(input);
      await receive({ sha256: SHA256, size: null });
      clean();
      server.answerWith(input);
      const artifact = {
        asset: "tool",
        url: url(),
        checksumsUrls: [`${url()}.sha256`],
        minisign: null,
      };
      const { value, error } = await resultOf(
        () => fetchChecksum(artifact as unknown as ReleaseArtifact, options()),
        HaleError,
      );
      if (error !== null) assertRefusal(error, { codes: CODES, names: "127.0.0.1" });
      else assert(latin1(input).toLowerCase().includes(value.sha256), value.sha256);
    },
    close: () => server[Symbol.dispose](),
  };
};

/** Whether a redirect would leave this machine, which a test must not do. */
function leadsAway(text: string, port: number): boolean {
  return [...text.matchAll(/location:([^\r\n]*)/gi)].some(([, location]) => {
    const target = URL.parse(location!.trim(), `http://127.0.0.1:${port}/`);
    return target !== null && target.protocol.startsWith("http") &&
      target.host !== `127.0.0.1:${port}`;
  });
}
