import { interpreterOf } from "./interpreter_of.ts";

/**
 * Returns why the interpreter or the loader of an executable cannot run it.
 *
 * @param path The executable.
 * @returns The reason as the end of a sentence; null if it names none, or that is there.
 */
export function interpreterProblem(path: string): string | null {
  const interpreter = interpreterOf(path);
  if (interpreter === null || interpreter.exists) return null;
  const { of, path: missing, argument } = interpreter;
  if (of === "program") return `its loader ${missing} does not exist`;
  const isCrlf = `${missing}${argument}`.endsWith("\r");
  return isCrlf
    ? "its first line ends with CRLF; save the file with LF line endings"
    : `its interpreter ${missing} does not exist`;
}
