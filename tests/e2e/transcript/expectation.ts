/**
 * Compares the result of a command with its step of a transcript.
 *
 * @module
 */

import { alignLines } from "./align_lines.ts";
import { generalize } from "./generalize.ts";
import { isJson, jsonValuesOf, matchJson, parseJsonTemplate } from "./json_template.ts";
import { ANY_LINES, linesOf, matchLines } from "./match_lines.ts";
import type { Step } from "./parse_transcript.ts";
import { type Bindings, matchText, placeholdersIn } from "./placeholders.ts";
import { countFields, formatJson, reviseItems } from "./revise_json.ts";

/** Result of a command. */
export interface StepResult {
  /** Both streams in order; only standard output for a step that expects JSON. */
  readonly output: string;
  readonly code: number;
}

/** Expected result of a step. */
export type Expectation = Pick<Step, "command" | "expected" | "code">;

/** Returns whether a step expects JSON. Standard error is then not compared. */
export function expectsJson({ command, expected }: Expectation): boolean {
  return /--json\b/.test(command) && isJson(expected);
}

/**
 * Compares a result with an expectation.
 *
 * @returns Values of the placeholders afterwards; null if the result differs.
 */
export function matchStep(
  step: Expectation,
  result: StepResult,
  bindings: Bindings,
): Bindings | null {
  if (result.code !== step.code) return null;
  if (!expectsJson(step)) return matchLines(step.expected, linesOf(result.output), bindings);
  const values = jsonValuesOf(result.output);
  if (values === null) return null;
  return matchJson(parseJsonTemplate(step.expected.join("\n")), values, bindings);
}

/**
 * Updates an expectation to a result. Keeps its placeholders and `...`.
 *
 * @returns The new expectation.
 * @throws {Error} If `...` would hide a missing line or field, so that less would be tested.
 */
export function reviseStep(
  step: Expectation,
  result: StepResult,
  bindings: Bindings,
): Pick<Step, "expected" | "code"> {
  const { code } = result;
  const values = expectsJson(step) ? jsonValuesOf(result.output) : null;
  if (values !== null) {
    const templates = parseJsonTemplate(step.expected.join("\n"));
    const revised = reviseItems(templates, values, bindings);
    if (countFields(revised) < countFields(templates)) throw loosened(step, result, bindings);
    return { expected: formatJson(revised), code };
  }
  const hasAny = step.expected.includes(ANY_LINES);
  const expected = align(step, result, bindings).flatMap((part) => {
    if (part.kind === "same") return [part.expected];
    if (part.kind === "missing") {
      if (hasAny) throw loosened(step, result, bindings);
      return [];
    }
    return [generalize(part.actual, bindings, part.kind === "changed" ? part.expected : undefined)];
  });
  return { expected, code };
}

function loosened(step: Expectation, result: StepResult, bindings: Bindings): Error {
  return new Error(
    `"${step.command}" does not print what is named in its expectation any more. Rewrite it by ` +
      `hand (- expected, + actual):\n${describeDifference(step, result, bindings)}`,
  );
}

/** Describes the differences: `-` marks expected lines, `+` actual ones. */
export function describeDifference(
  step: Expectation,
  result: StepResult,
  bindings: Bindings,
): string {
  const differences = describeLines(step, result, bindings);
  if (result.code !== step.code) {
    differences.push(`- [exit ${step.code}]`, `+ [exit ${result.code}]`);
  }
  const names = new Set(placeholdersIn(step.expected.join("\n")));
  for (const name of names) {
    const value = bindings.get(name);
    if (value !== undefined) differences.push(`  where {${name}} is ${value}`);
  }
  return differences.join("\n");
}

function describeLines(step: Expectation, result: StepResult, bindings: Bindings): string[] {
  if (expectsJson(step)) {
    const values = jsonValuesOf(result.output);
    if (values === null) return ["This is no JSON:", result.output];
    const templates = parseJsonTemplate(step.expected.join("\n"));
    const before = formatJson(templates);
    const after = formatJson(reviseItems(templates, values, bindings));
    const isSame = (one: string, other: string) => one === other;
    return alignLines(before, after, isSame).flatMap(describe);
  }
  return align(step, result, bindings).flatMap(describe);
}

function align({ expected }: Expectation, { output }: StepResult, bindings: Bindings) {
  return alignLines(
    expected,
    linesOf(output),
    (line, other) => matchText(line, other, bindings) !== null,
  );
}

function describe(part: ReturnType<typeof alignLines>[number]): string[] {
  switch (part.kind) {
    case "same":
      return [`  ${part.expected}`];
    case "changed":
      return [`- ${part.expected}`, `+ ${part.actual}`];
    case "missing":
      return [`- ${part.expected}`];
    case "extra":
      return [`+ ${part.actual}`];
  }
}
