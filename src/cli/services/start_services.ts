/**
 * Starts services and reports progress, state changes and failures, for `up`, `start` and `restart`.
 *
 * @module
 */

import type { AppContext } from "../../app/context.ts";
import type { ResolvedService } from "../../app/services/resolve_service.ts";
import { up, type UpOptions, type UpResult } from "../../app/services/up.ts";
import { type ErrorRecord, HaleError } from "../../errors.ts";
import type { EventRecord } from "../../model/records.ts";
import type { RuntimeSpec } from "../../model/service_spec.ts";
import { createDownloadDisplay } from "../render/download_display.ts";
import type { Output } from "../output/output.ts";
import { createPrefix } from "../render/prefix.ts";
import { renderEvent } from "../render/event.ts";
import { renderFailure } from "../render/failure.ts";
import { statusLayout } from "./status_layout.ts";
import { renderWaiting } from "./waiting.ts";
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
 * @param options Which services, how, and where to report.
 * @returns The result; all services are up.
 * @throws {HaleError} The failure of one service; those of the others were reported before.
 */
export async function startServices(
  project: RuntimeSpec,
  options: StartServicesOptions,
): Promise<UpResult> {
  const { context, output, json, onEvent, ...rest } = options;
  const prefix = createPrefix(project.services.map(({ name }) => name), output.stderr.color);
  const printEvent = eventPrinter(project, output);
  const downloads = createDownloadDisplay(output);
  let result;
  try {
    result = await up(project, context, {
      ...rest,
      onProgress: downloads.update,
      onResolved: (resolved) => {
        downloads.finish();
        reportResolved(resolved, output, prefix);
      },
      onProblem: (error) => output.warn(error.message),
      onEvent: (event) => {
        printEvent(event);
        onEvent?.(event);
      },
      onQuiet: (pending) => {
        for (const status of pending) {
          const spec = project.services.find(({ name }) => name === status.name);
          const text = renderWaiting(status, spec, Date.now());
          output.note(prefix(status.name) + output.stderr.color("dim", text));
        }
      },
    });
  } catch (error) {
    // `main` reports no interruption, but the message says that the start continues.
    if (error instanceof HaleError && error.code === "interrupted") output.note(error.message);
    if (error instanceof HaleError && Array.isArray(error.fields.failures)) {
      throwErrors((error.fields.failures as ErrorRecord[]).map(HaleError.fromJSON), output);
    }
    throw error;
  } finally {
    downloads.finish();
  }
  for (const [name, outcome] of Object.entries(result.outcomes)) {
    if (outcome === "already_running") output.note(`${prefix(name)}already running`);
    if (outcome === "done") output.note(`${prefix(name)}already done`);
  }
  throwFailures(result, output);
  if (json) output.json(result.services);
  else {output.result(
      renderStatus(result.services, statusLayout(output.stdout, { id: project.id, spec: project })),
    );}
  return result;
}

/**
 * Makes a function that prints events of services as messages.
 *
 * @param project The configuration with the services.
 * @param output Receives the messages on standard error.
 * @returns The function.
 */
export function eventPrinter(project: RuntimeSpec, output: Output): (event: EventRecord) => void {
  const { color } = output.stderr;
  const prefix = createPrefix(project.services.map(({ name }) => name), color);
  return (event) => {
    const text = renderEvent(event, color);
    if (text !== null && event.service !== null) output.note(prefix(event.service) + text);
  };
}

function reportResolved(
  { spec, external, version, warning, replaces, stopped, steps }: ResolvedService,
  output: Output,
  prefix: (name: string) => string,
): void {
  const chosen = steps.at(-1);
  if (chosen !== undefined) output.detail(`${spec.name}: ${chosen.step}: ${chosen.detail}`);
  if (external) {
    output.note(
      `${prefix(spec.name)}using the instance that already runs at ${spec.endpoint}` +
        (version === null ? "" : `, version ${version}`),
    );
  }
  if (stopped !== null) output.note(prefix(spec.name) + stopped);
  if (replaces !== null) {
    output.note(`${prefix(spec.name)}replacing version ${replaces}, ${spec.version} is wanted`);
  }
  if (warning !== null) output.warn(warning);
}

/** Reports all failures but the last, which is thrown: `main` reports it and sets the exit status. */
function throwFailures({ failures }: UpResult, output: Output): void {
  const errors = Object.values(failures).map((error) =>
    new HaleError(error.code, renderFailure(error), { fields: error.fields })
  );
  // Dependents first: the failure of their dependency is the cause and determines the exit status.
  errors.sort((a, b) =>
    Number(b.code === "dependency_failed") - Number(a.code === "dependency_failed")
  );
  throwErrors(errors, output);
}

/** Reports all errors but the last, which is thrown. Does nothing if there is none. */
function throwErrors(errors: readonly HaleError[], output: Output): void {
  const last = errors.at(-1);
  if (last === undefined) return;
  for (const error of errors.slice(0, -1)) output.error(error.message);
  // `--json` prints one error, so it contains the others.
  const others = errors.length === 1 ? {} : { failures: errors.map((error) => error.toJSON()) };
  throw new HaleError(last.code, last.message, { fields: { ...last.fields, ...others } });
}
