import type { ServiceSpec } from "../model/service_spec.ts";
import { hostTarget, supportsLimits, supportsSignals } from "../platform/mod.ts";
import { buildService } from "./build/build_service.ts";
import { COMMAND_LINE, Problems } from "./schema/problems.ts";
import { readService } from "./build/read_service.ts";

/**
 * A service that stands in no file: one command with every setting at its default.
 *
 * @param service The name; the command and its arguments, which hold no placeholders; the folder it
 * runs in and the one for its data, both absolute.
 * @returns The service.
 * @throws {HaleError} `config_invalid` If the name cannot be a service's.
 */
export async function adHocService(service: {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly dataDir: string;
}): Promise<ServiceSpec> {
  const problems = new Problems(COMMAND_LINE, () => null);
  // What a person typed is meant as it stands.
  const literal = (text: string) => text.replaceAll("${", () => "$${");
  const draft = readService(service.name, {
    command: literal(service.command),
    args: service.args.map(literal),
  }, problems)!;
  const spec = buildService(draft, { drafts: [draft], endpoints: new Map() }, {
    fileName: COMMAND_LINE,
    folder: service.cwd,
    runtimeId: "",
    env: {},
    target: hostTarget(),
    dataDir: () => service.dataDir,
    supportsLimits,
    supportsSignals,
    problems,
  });
  await problems.throwIfAny();
  return spec;
}
