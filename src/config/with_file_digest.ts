import type { ServiceSpec } from "../model/service_spec.ts";
import { specDigest } from "./config_digest.ts";
import { Problems } from "./schema/problems.ts";
import { buildService } from "./build/build_service.ts";
import type { LoadContext, ServiceDraft } from "./build/service_draft.ts";
import { versionOf } from "./build/service_version.ts";

/**
 * Adds the digest that a service has without the variable of `version_env`, if that variable asks for
 * another version than the file. A variable alone is no change of the configuration: several programs that share an engine may each
 * want a version of their own.
 *
 * @param spec The service.
 * @param options `draft`: what it was built from; `all`: all services and their endpoints; `context`:
 * the environment.
 * @returns The service with `file_digest`.
 */
export function withFileDigest(
  spec: ServiceSpec,
  { draft, all, context }: {
    readonly draft: ServiceDraft;
    readonly all: Parameters<typeof buildService>[1];
    readonly context: LoadContext;
  },
): ServiceSpec {
  const { program } = spec;
  const variable = draft.table.version_env;
  if (program.kind !== "engine" || variable === undefined || !context.env[variable]) return spec;
  const { [variable]: _, ...env } = context.env;
  if (versionOf(draft, { ...context, env }).version === spec.version) return spec;
  // A mistake was reported already. A version that only the variable sets is no mistake here.
  const problems = new Problems(context.fileName);
  const file_digest = specDigest(buildService(draft, all, { ...context, env, problems }));
  return { ...spec, program: { ...program, engine: { ...program.engine, file_digest } } };
}
