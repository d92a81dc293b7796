/**
 * Checks a target with the files of its corpus, and then with new inputs.
 *
 * @module
 */

import fc from "fast-check";
import { dirname, fromFileUrl, join } from "@std/path";
import type { FuzzTarget, Input } from "./fuzz_target.ts";
import { mutations } from "./mutations.ts";
import { shrinkBytes } from "./shrink_bytes.ts";

/** The folder with a folder of inputs for each target. */
export const CORPUS = join(dirname(dirname(fromFileUrl(import.meta.url))), "corpus");

/** How long a failing input is made smaller, in milliseconds. */
const SHRINK_MS = 20_000;

/** Inputs of one seed. */
const BATCH = 100;

/** An input for which a property does not hold. */
export interface Failure {
  readonly input: Input;
  /** The file of the corpus; null for a new input. */
  readonly file: string | null;
  /** Equal for failures that have one cause. */
  readonly kind: string;
  /** The error with its stack. */
  readonly error: string;
  /** With which the input is found again; null for a file of the corpus. */
  readonly seed: number | null;
}

/** Settings of {@linkcode explore}. */
export interface ExploreOptions {
  readonly seed: number;
  /** Number of new inputs. */
  readonly runs: number;
  /** When to end, by `Date.now()`. */
  readonly until: number;
  /** Kinds of failures that are known and not reported. */
  readonly known: readonly string[];
  /** Called before an input is checked. */
  readonly onInput: (input: Input) => void;
  readonly onFailure: (failure: Failure) => void;
}

/**
 * Reads the corpus of a target.
 *
 * @param name The target.
 * @returns The inputs by file name, sorted.
 */
export function readCorpus(name: string): ReadonlyMap<string, Input> {
  const folder = join(CORPUS, name);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return new Map(files.map((file) => [file, Deno.readFileSync(join(folder, file))]));
}

/**
 * Checks a target. A failure does not end it: other failures are still found, and one of the same kind
 * is reported once.
 *
 * @param target The target.
 * @param corpus Its corpus.
 * @param options How much to check.
 */
export async function explore(
  target: FuzzTarget,
  corpus: ReadonlyMap<string, Input>,
  options: ExploreOptions,
): Promise<void> {
  const known = new Set(options.known);
  let background: { readonly error: unknown } | null = null;
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    background ??= { error: event.reason };
  });
  const check = async (input: Input) => {
    options.onInput(input);
    background = null;
    await target.check(input.slice());
    if (background !== null) throw (background as { readonly error: unknown }).error;
  };
  for (const [file, input] of corpus) {
    const error = await failureOf(check, input);
    if (error === null || known.has(kindOf(error))) continue;
    known.add(kindOf(error));
    options.onFailure({ input, file, kind: kindOf(error), error: textOf(error), seed: null });
  }
  const mutated = mutations([...corpus.values()], target.words ?? []);
  const inputs = target.inputs === undefined
    ? mutated
    : fc.oneof({ weight: 3, arbitrary: mutated }, { weight: 1, arbitrary: target.inputs });
  const property = fc.asyncProperty(inputs, async (input) => {
    const error = await failureOf(check, input);
    if (error !== null && !known.has(kindOf(error))) throw error;
  });
  let seed = options.seed;
  for (let left = options.runs; left > 0 && Date.now() < options.until; left -= BATCH, seed++) {
    const result = await fc.check(property, {
      seed,
      numRuns: Math.min(left, BATCH),
      ...Number.isFinite(options.until)
        ? { interruptAfterTimeLimit: Math.max(1, options.until - Date.now() + SHRINK_MS) }
        : {},
    });
    if (result.counterexample === null) continue;
    const kind = kindOf(result.errorInstance);
    const input = await shrinkBytes(result.counterexample[0], {
      fails: async (input) => {
        const error = await failureOf(check, input);
        return error !== null && kindOf(error) === kind;
      },
      signal: AbortSignal.timeout(SHRINK_MS),
    });
    known.add(kind);
    const error = await failureOf(check, input) ?? result.errorInstance;
    options.onFailure({ input, file: null, kind, error: textOf(error), seed });
  }
}

async function failureOf(
  check: (input: Input) => Promise<void>,
  input: Input,
): Promise<unknown> {
  try {
    await check(input);
    return null;
  } catch (error) {
    return error ?? new Error(`${error} was thrown`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.stack ?? String(error) : String(error);
}

/** The class of the error and where it was thrown: in `src`, or the property of the target. */
function kindOf(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  const frame = /\/(?:src|targets)\/(?:.*\/)?([a-z_0-9]+)\.ts:([0-9]+):/.exec(textOf(error));
  const where = frame === null ? "" : `-${frame[1]}-${frame[2]}`;
  return `${name.toLowerCase()}${where}`;
}
