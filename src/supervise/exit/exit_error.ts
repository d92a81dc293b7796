import { HaleError } from "../../errors.ts";
import type { NamedProcess } from "../../model/survivor.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { Exit } from "../../model/service_state.ts";
import { NOT_EXECUTABLE, NOT_FOUND } from "../../platform/launcher_status.ts";
import type { FailedLauncher } from "./failed_launcher.ts";
import { nameProcesses } from "./name_processes.ts";
import { memoryHint } from "./memory_hint.ts";
import type { Interpreter } from "../../platform/processes/interpreter_of.ts";

/** A launch that exited. */
export interface EndedRun {
  readonly binary: string;
  /** Null if the program ran: the exit status is its own. */
  readonly failedLauncher: FailedLauncher | null;
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
  const { binary, failedLauncher: failed, stderr, interpreter } = launch;
  const fields = { service: spec.name, binary, ...exit, stderr };
  if (couldNotRun(exit) && interpreter !== null && !interpreter.exists) {
    return new HaleError("binary_not_found", missingInterpreter(binary, interpreter), {
      fields: { ...fields, interpreter: interpreter.path },
    });
  }
  if (failed !== null && failed.writers !== null) {
    return new HaleError("binary_not_found", busyExecutable(binary, failed.writers), { fields });
  }
  if (failed?.status === NOT_EXECUTABLE) {
    return new HaleError(
      "binary_not_found",
      `${binary} cannot be executed. Check its permissions and that it was built for this system.`,
      { fields },
    );
  }
  if (failed?.status === NOT_FOUND) {
    return new HaleError(
      "binary_not_found",
      `${binary} could not be run: the file, ${
        interpreter?.of === "script" ? `its interpreter (${firstLine(interpreter)}), ` : ""
      }or a program that it calls was not found. Check that they are installed.`,
      { fields },
    );
  }
  if (failed !== null) {
    return new HaleError(
      "spawn_failed",
      `${spec.name} could not be started: the system refused its limits, log files or pid file. ` +
        `See \`hale logs ${spec.name}\` and check \`limits\` in hale.toml.`,
      { fields },
    );
  }
  const hint = memoryHint(spec.limits.memory_bytes, exit, stderr);
  return new HaleError("service_exited", `${spec.name} ${describeExit(exit)}${hint}.`, { fields });
}

function busyExecutable(binary: string, writers: readonly NamedProcess[]): string {
  const names = writers.length === 0 ? "another program" : nameProcesses(writers);
  return `${binary} could not be run: ${names} has it open for ` +
    "writing, and hale waited 2s for the end of it. Start the service again when the file is complete.";
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
