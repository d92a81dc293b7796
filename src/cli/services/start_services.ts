/**
 * Starting services in front of a person: progress, changes as they come, why something failed.
 * `up`, `start` and `restart` share it.
 *
 * @module
 */

import type { AppContext } from "../../app/context.ts";
import type { ResolvedService } from "../../app/services/resolve_service.ts";
import { up, type UpOptions, type UpResult } from "../../app/services/up.ts";
import { HaleError } from "../../errors.ts";
import type { EventRecord } from "../../model/records.ts";
import type { RuntimeSpec } from "../../model/service_spec.ts";
import { createDownloadDisplay } from "../render/download_display.ts";
import type { Output } from "../output/output.ts";
import { createPrefix } from "../render/prefix.ts";
import { renderEvent } from "../render/event.ts";
import { renderFailure } from "../render/failure.ts";
import { renderStatus } from "../render/status_table.ts";

/** Settings of {@linkcode startServices}. */
export interface StartServicesOptions extends
  Pick<
    UpOptions,
    "services" | "how" | "timeoutMs" | "locked" | "verify" | "signal" | "onEvent"
  > {
  readonly context: AppContext;
  readonly output: Output;
  readonly json: boolean;
}

/**
 * Starts services and waits until they are up.
 *
 * @param project The configuration.
 * @param options Which, how, and where to say so.
 * @returns What became of them; every one is up.
 * @throws {HaleError} Why the first that is not up is not; all are told.
 */
export async function startServices(
  project: RuntimeSpec,
  options: StartServicesOptions,
): Promise<UpResult> {
  const { context, output, json, onEvent, ...rest } = options;
  const prefix = createPrefix(project.services.map(({ name }) => name), output.stderr.color);
  const tell = eventPrinter(project, output);
  const downloads = createDownloadDisplay(output);
  let result;
  try {
    result = await up(project, context, {
      ...rest,
      onProgress: downloads.update,
      onResolved: (resolved) => {
        downloads.finish();
        tellResolved(resolved, output, prefix);
      },
      onProblem: (error) => output.warn(error.message),
      onEvent: (event) => {
        tell(event);
        onEvent?.(event);
      },
    });
  } catch (error) {
    // An interruption is no error, but what goes on after it should be known.
    if (error instanceof HaleError && error.code === "interrupted") output.note(error.message);
    throw error;
  } finally {
    downloads.finish();
  }
  for (const [name, outcome] of Object.entries(result.outcomes)) {
    if (outcome === "already_running") output.note(`${prefix(name)}already running`);
  }
  throwFailures(result, output);
  if (json) output.json(result.services);
  else output.result(renderStatus(result.services, output.stdout.color));
  return result;
}

/**
 * Makes what tells a person of changes as they come.
 *
 * @param project Whose services they are about.
 * @param output Where to.
 * @returns Tells of one event.
 */
export function eventPrinter(project: RuntimeSpec, output: Output): (event: EventRecord) => void {
  const { color } = output.stderr;
  const prefix = createPrefix(project.services.map(({ name }) => name), color);
  return (event) => {
    const text = renderEvent(event, color);
    if (text !== null && event.service !== null) output.note(prefix(event.service) + text);
  };
}

function tellResolved(
  { spec, external, version, steps }: ResolvedService,
  output: Output,
  prefix: (name: string) => string,
): void {
  const taken = steps.at(-1);
  if (taken !== undefined) output.detail(`${spec.name}: ${taken.step}: ${taken.detail}`);
  if (!external) return;
  output.note(
    `${prefix(spec.name)}using the one that already runs at ${spec.endpoint}` +
      (version === null ? "" : `, version ${version}`),
  );
  if (version === null || spec.version === null || version === spec.version) return;
  output.warn(
    `${spec.name} runs in version ${version} at ${spec.endpoint}; ` +
      `${spec.version} is asked for. hale did not start it and leaves it alone.`,
  );
}

/** Tells every failure; the last is thrown, so that `main` reports it and picks the exit status. */
function throwFailures({ failures }: UpResult, output: Output): void {
  const told = Object.values(failures).map((error) =>
    new HaleError(error.code, renderFailure(error), { fields: error.fields })
  );
  // What others only wait for is the cause: it decides the exit status.
  told.sort((a, b) =>
    Number(b.code === "dependency_failed") - Number(a.code === "dependency_failed")
  );
  const last = told.at(-1);
  if (last === undefined) return;
  for (const error of told.slice(0, -1)) output.error(error.message);
  // `--json` shows one error: those before it go along with it.
  const others = told.length === 1 ? {} : { failures: told.map((error) => error.toJSON()) };
  throw new HaleError(last.code, last.message, { fields: { ...last.fields, ...others } });
}
