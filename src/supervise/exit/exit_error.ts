import { HaleError } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { Exit } from "../../model/service_state.ts";
import { NOT_EXECUTABLE, NOT_FOUND, NOT_PREPARED } from "../../platform/launcher_status.ts";
import type { Interpreter } from "../../platform/processes/interpreter_of.ts";

/** A program that is really not there fails within this time; later 127 is its own business. */
const EXEC_MS = 1_000;

/** What is known of a launch that ended. */
export interface EndedRun {
  readonly binary: string;
  readonly ranMs: number;
  readonly stderr: readonly string[];
  /** What the program is run by; null where nothing is, or nobody looked. */
  readonly interpreter: Interpreter | null;
}

/**
 * Says how a launch ended, for people and for the restart policy.
 *
 * @param spec The service.
 * @param launch What was run and for how long.
 * @param exit How it ended.
 * @returns `binary_not_found` where another try cannot help, otherwise `service_exited`.
 */
export function exitError(
  spec: ServiceSpec,
  launch: EndedRun,
  exit: Exit,
): HaleError {
  const { binary, ranMs, stderr, interpreter } = launch;
  const fields = { service: spec.name, binary, ...exit, stderr };
  if (
    ranMs < EXEC_MS && couldNotRun(exit) && interpreter !== null && !interpreter.exists
  ) {
    return new HaleError("binary_not_found", missingInterpreter(binary, interpreter), {
      fields: { ...fields, interpreter: interpreter.path },
    });
  }
  if (ranMs < EXEC_MS && exit.exit_code === NOT_EXECUTABLE) {
    return new HaleError(
      "binary_not_found",
      `${binary} cannot be executed. Check its permissions and that it is built for this machine.`,
      { fields },
    );
  }
  if (ranMs < EXEC_MS && exit.exit_code === NOT_FOUND) {
    return new HaleError(
      "binary_not_found",
      `${binary} could not be run: it, ${
        interpreter?.of === "script"
          ? `what its first line asks for (${firstLine(interpreter)}), `
          : ""
      }or something that it calls was not found.`,
      { fields },
    );
  }
  if (ranMs < EXEC_MS && exit.exit_code === NOT_PREPARED) {
    return new HaleError(
      "spawn_failed",
      `${spec.name} could not be prepared: its limits, or the files of its logs, were refused.`,
      { fields },
    );
  }
  return new HaleError("service_exited", `${spec.name} ${describeExit(exit)}.`, { fields });
}

/**
 * Whether a launch may have ended because its program could not be run.
 *
 * @param exit How it ended.
 * @returns True where a shell says so. A program can end with the same status.
 */
export function couldNotRun({ exit_code: code }: Exit): boolean {
  // Where an interpreter is missing, dash says "not found", and bash before 5.2 "not executable".
  return code === NOT_EXECUTABLE || code === NOT_FOUND;
}

function missingInterpreter(binary: string, interpreter: Interpreter): string {
  const { of, path } = interpreter;
  if (of === "program") {
    return `${binary} could not be run: its loader ${path} is not there. It was built for another ` +
      "system (musl instead of glibc, say): get the build for this one.";
  }
  if (firstLine(interpreter).endsWith("\r")) {
    return `${binary} could not be run: the first line ends as on Windows, so the interpreter is ` +
      `looked for under the name ${JSON.stringify(path)}. Save it with line ends of Unix.`;
  }
  return `${binary} could not be run: its interpreter ${path} is not there. Install it, or ` +
    "correct the first line.";
}

function firstLine({ path, argument }: Interpreter): string {
  return argument === "" ? path : `${path} ${argument}`;
}

/**
 * Puts the end of a process into words.
 *
 * @param exit How it ended.
 * @returns Such as `exited with code 3`.
 */
export function describeExit(exit: Exit): string {
  if (exit.signal !== null) return `was ended by ${exit.signal}`;
  if (exit.exit_code !== null) return `exited with code ${exit.exit_code}`;
  return "ended; how is not known, because the supervisor that started it was gone";
}
