import type { ServiceSpec } from "../model/service_spec.ts";
import {
  hostTarget,
  supportsLimits,
  supportsMemoryLimit,
  supportsSignals,
} from "../platform/mod.ts";
import { buildService } from "./build/build_service.ts";
import { COMMAND_LINE, Problems } from "./schema/problems.ts";
import { readService } from "./build/read_service.ts";

/**
 * Returns a service that is not in a file: one command with default settings.
 *
 * @param service `name`; `command` and `args`, which are taken literally; `cwd` and `dataDir`, both
 * absolute.
 * @returns The service.
 * @throws {HaleError} `config_invalid` If the name is not valid for a service.
 */
export async function adHocService(service: {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly dataDir: string;
}): Promise<ServiceSpec> {
  const problems = new Problems(COMMAND_LINE);
  // Arguments of a command line are literal: they have no placeholders.
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
    supportsMemoryLimit,
    supportsSignals,
    problems,
  });
  await problems.throwIfAny();
  return spec;
}
