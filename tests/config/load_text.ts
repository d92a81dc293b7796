import { join } from "@std/path";
import { HaleError } from "../../src/errors.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Problem } from "../../src/config/schema/problems.ts";
import type { RuntimeSpec, ServiceSpec } from "../../src/model/service_spec.ts";

/** A `hale.toml` in a temporary folder, which is removed on disposal. */
export interface ConfigFolder extends AsyncDisposable {
  /** Real path of the folder. */
  readonly folder: string;
  /** Real path of the file in it. */
  readonly path: string;
  load(env?: Record<string, string>): Promise<RuntimeSpec>;
}

/** Writes a `hale.toml` into a new folder. */
export async function configFolder(text: string | Uint8Array): Promise<ConfigFolder> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hale_config_" }));
  const path = join(folder, "hale.toml");
  await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
  return {
    folder,
    path,
    load: (env = {}) =>
      loadConfig(path, {
        env,
        target: { os: "linux", arch: "amd64" },
        dataDir: (runtimeId, service) => join(folder, "data", runtimeId, service),
      }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Loads a `hale.toml` with the given text. */
export async function loadText(
  text: string | Uint8Array,
  env?: Record<string, string>,
): Promise<RuntimeSpec> {
  await using config = await configFolder(text);
  return await config.load(env);
}

/** Loads a `hale.toml` and returns the service with the given name, or the first one. */
export async function loadService(
  text: string,
  { env = {}, name }: { env?: Record<string, string>; name?: string } = {},
): Promise<ServiceSpec> {
  const { services } = await loadText(text, env);
  const found = name === undefined ? services[0] : services.find((one) => one.name === name);
  if (found === undefined) throw new Error("there is no such service");
  return found;
}

/** Loads a `hale.toml` that must fail; returns the error and its problems. */
export async function loadError(
  text: string | Uint8Array,
  env?: Record<string, string>,
): Promise<{ error: HaleError; problems: readonly Problem[]; lines: string[] }> {
  try {
    await loadText(text, env);
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    const problems = error.fields.problems as readonly Problem[];
    const lines = error.message.split("\n").filter((line) => line.startsWith("  ")).map((line) =>
      line.trim()
    );
    return { error, problems, lines };
  }
  throw new Error("the configuration was accepted");
}
