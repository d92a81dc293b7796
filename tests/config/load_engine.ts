import { assert } from "@std/assert";
import type { EngineSpec } from "../../src/model/service_spec.ts";
import { loadError, loadService } from "./load_text.ts";

export async function loadEngine(text: string, env?: Record<string, string>): Promise<EngineSpec> {
  const { program } = await loadService(text, { env });
  assert(program.kind === "engine");
  return program.engine;
}

export async function problemsOf(
  text: string,
  env?: Record<string, string>,
): Promise<[string, string][]> {
  const { problems } = await loadError(text, env);
  return problems.map(({ key, message }) => [key.replace(/^services\.a\.?/, ""), message]);
}

/** A release on its own server. */
export const OWN = `[services.a]
version = "1.0"
[services.a.release]
endpoint = "https://get.example.com/"
url = "\${release.endpoint}/\${version}/\${asset}"
checksums = "\${release.endpoint}/\${version}/\${asset}.sha256"
asset = "tool-\${os}-\${arch}-\${target}"
`;

/** A release on GitHub. */
export const ON_GITHUB = `[services.a]
version = "1.0"
[services.a.release]
github = "o/r"
asset = "tool-\${os}"
`;
