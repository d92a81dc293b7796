/**
 * Compares what a command did with what its step of a transcript says.
 *
 * @module
 */

import { alignLines } from "./align_lines.ts";
import { generalize } from "./generalize.ts";
import { isJson, jsonValuesOf, matchJson, parseJsonTemplate } from "./json_template.ts";
import { linesOf, matchLines } from "./match_lines.ts";
import type { Step } from "./parse_transcript.ts";
import { type Bindings, matchText, placeholdersIn } from "./placeholders.ts";
import { formatJson, reviseItems } from "./revise_json.ts";

/** What a command did. */
export interface StepResult {
  /** Both streams as they came; of a step that expects JSON, standard output alone. */
  readonly output: string;
  readonly code: number;
}

/** What a step expects. */
export type Expectation = Pick<Step, "command" | "expected" | "code">;

/** Whether a step expects JSON: then standard error is not compared. */
export function expectsJson({ command, expected }: Expectation): boolean {
  return /--json\b/.test(command) && isJson(expected);
}

/**
 * Compares.
 *
 * @returns Values of the placeholders afterwards; null where something differs.
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
 * Makes the expectation fit what came, with the placeholders and the `...` that it has.
 *
 * @returns The new lines.
 */
export function reviseStep(step: Expectation, result: StepResult, bindings: Bindings): string[] {
  const exit = result.code === 0 ? [] : [`[exit ${result.code}]`];
  const values = expectsJson(step) ? jsonValuesOf(result.output) : null;
  if (values !== null) {
    const templates = parseJsonTemplate(step.expected.join("\n"));
    return [...formatJson(reviseItems(templates, values, bindings)), ...exit];
  }
  const lines = align(step, result, bindings).flatMap((part) => {
    if (part.kind === "missing") return [];
    if (part.kind === "same") return [part.expected];
    const before = part.kind === "changed" ? part.expected : undefined;
    return [generalize(part.actual, bindings, before)];
  });
  return [...lines, ...exit];
}

/** Says how what came differs: `-` is what was expected, `+` is what came. */
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
