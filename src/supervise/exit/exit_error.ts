import { HaleError } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { Exit } from "../../model/service_state.ts";
import { NOT_EXECUTABLE, NOT_FOUND, SETUP_FAILED } from "../../platform/launcher_status.ts";
import type { Interpreter } from "../../platform/processes/interpreter_of.ts";

/** The launcher exits within this time. A later exit with one of these statuses is the program's. */
const EXEC_MS = 1_000;

/** A launch that exited. */
export interface EndedRun {
  readonly binary: string;
  readonly ranMs: number;
  readonly stderr: readonly string[];
  /** Its interpreter or loader; null if it has none or if it was not examined. */
  readonly interpreter: Interpreter | null;
}

/**
 * Returns the error that describes an exit.
 *
 * @param spec The service.
 * @param launch The launch.
 * @param exit Its exit.
 * @returns `binary_not_found` if the program could not be run, `spawn_failed` if the launcher failed,
 * otherwise `service_exited`.
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
      `${binary} cannot be executed. Check its permissions and that it was built for this system.`,
      { fields },
    );
  }
  if (ranMs < EXEC_MS && exit.exit_code === NOT_FOUND) {
    return new HaleError(
      "binary_not_found",
      `${binary} could not be run: the file, ${
        interpreter?.of === "script" ? `its interpreter (${firstLine(interpreter)}), ` : ""
      }or a program that it calls was not found. Check that they are installed.`,
      { fields },
    );
  }
  if (ranMs < EXEC_MS && exit.exit_code === SETUP_FAILED) {
    return new HaleError(
      "spawn_failed",
      `${spec.name} could not be started: the system refused its limits, log files or pid file. ` +
        `See \`hale logs ${spec.name}\` and check \`limits\` in hale.toml.`,
      { fields },
    );
  }
  return new HaleError("service_exited", `${spec.name} ${describeExit(exit)}.`, { fields });
}

/**
 * Returns whether a launch may have exited because its program could not be run.
 *
 * @param exit The exit.
 * @returns True for the exit statuses of a shell. A program can exit with the same statuses.
 */
export function couldNotRun({ exit_code: code }: Exit): boolean {
  // For a missing interpreter, dash exits with 127 and bash before 5.2 with 126.
  return code === NOT_EXECUTABLE || code === NOT_FOUND;
}

function missingInterpreter(binary: string, interpreter: Interpreter): string {
  const { of, path } = interpreter;
  if (of === "program") {
    return `${binary} could not be run: its loader ${path} does not exist. The program was built ` +
      "for another system, for example for musl instead of glibc. Install the build for this system.";
  }
  if (firstLine(interpreter).endsWith("\r")) {
    return `${binary} could not be run: its first line ends with CRLF, so the system looks for ` +
      `the interpreter ${JSON.stringify(path)}. Save the file with LF line endings.`;
  }
  return `${binary} could not be run: its interpreter ${path} does not exist. Install it, or ` +
    "correct the first line.";
}

function firstLine({ path, argument }: Interpreter): string {
  return argument === "" ? path : `${path} ${argument}`;
}

/**
 * Describes an exit in words.
 *
 * @param exit The exit.
 * @returns Such as `exited with code 3`.
 */
export function describeExit(exit: Exit): string {
  if (exit.signal !== null) return `was killed by ${exit.signal}`;
  if (exit.exit_code !== null) return `exited with code ${exit.exit_code}`;
  // Only the parent of a process learns its exit status.
  return "exited; status unknown (the supervisor that started it was not running)";
}
