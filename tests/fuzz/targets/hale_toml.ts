import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { loadConfig } from "../../../src/config/load.ts";
import type { Problem } from "../../../src/config/schema/problems.ts";
import { findBrokenField } from "../../../src/model/field_rules.ts";
import { SERVICE_FIELDS } from "../../../src/store/snapshot/snapshot_fields.ts";
import { storedService } from "../../store/sample_records.ts";
import type { FuzzTarget, Input, OpenTarget } from "../fuzz_target.ts";
import { assertLineOf, assertRefusal, resultOf, utf8 } from "../properties.ts";
import { tomlInputs } from "../toml_inputs.ts";

const KEYS = [
  ...["name", "services", "store", "command", "args", "cwd", "data_dir", "env", "env_file"],
  ...["inherit_env", "depends_on", "ready_after", "endpoint", "version", "health", "restart"],
  ...["stop", "limits", "logs", "preset", "engine", "release", "http", "tcp", "exec", "within"],
  ...[
    "interval",
    "timeout",
    "policy",
    "max",
    "window",
    "delay",
    "signal",
    "memory",
    "web",
    "db",
    "1",
  ],
];

const VALUES = [
  ...["web", "db", "1s", "10m", "-1s", "1e9h", "16MiB", "never", "always", "healthy", "SIGTERM"],
  ...["http://127.0.0.1:80", "127.0.0.1:80", "${env.HOME}", "${port}", "${", "a/b", "..", ""],
  ...[Infinity, -Infinity, NaN, -0, 1e21, 0.5, 2 ** 53 - 1, 65536],
];

/** A configuration: {@linkcode loadConfig}. */
export const open: OpenTarget = (folder): FuzzTarget => {
  const real = Deno.realPathSync(folder);
  const path = join(real, "hale.toml");
  const load = async (input: Input) => {
    Deno.writeFileSync(path, input);
    return await resultOf(
      () =>
        loadConfig(path, {
          env: { HOME: "/home/a", SECRET: "hunter2" },
          target: { os: "linux", arch: "amd64" },
          dataDir: (runtime, service) => join(real, "data", runtime, service),
        }),
      HaleError,
    );
  };
  return {
    inputs: tomlInputs(KEYS, VALUES),
    words: [
      ...KEYS,
      ...VALUES.map(String),
      "[services.a]\n",
      "[[services]]\n",
      "= [\n",
      "{ ",
      " }",
    ],
    check: async (input) => {
      const { value, error } = await load(input);
      if (error !== null) {
        assertRefusal(error, { codes: ["config_invalid", "invalid_endpoint"], names: path });
        const problems = error.fields.problems as readonly Problem[];
        assert(problems.length > 0);
        for (const { line } of problems) assertLineOf(line, new TextDecoder().decode(input));
        return;
      }
      const text = utf8(input);
      assert(text !== null, "bytes that are not UTF-8 were accepted");
      assertEquals((await load(input)).value, value, "a second read differs");
      // What is accepted here is stored by the supervisor, which must be able to read it again.
      for (const spec of value.services) {
        const stored = { ...storedService(value.id, spec.name), spec };
        const written = JSON.parse(JSON.stringify(stored));
        assertEquals(findBrokenField(written, SERVICE_FIELDS), null, spec.name);
        assertEquals(written.spec, spec, "its snapshot differs");
      }
      if (text.startsWith("\ufeff") || text.includes("\r")) return;
      const encoder = new TextEncoder();
      assertEquals((await load(encoder.encode(`\ufeff${text}`))).value, value, "a BOM changes it");
      const crlf = encoder.encode(text.replaceAll("\n", "\r\n"));
      assertEquals((await load(crlf)).value, value, "CRLF changes it");
    },
  };
};
