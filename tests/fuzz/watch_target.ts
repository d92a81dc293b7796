import type { Failure } from "./explore.ts";
import type { Input } from "./fuzz_target.ts";
import type { Order, Report } from "./worker.ts";

/** An input takes milliseconds; a loaded machine may need some seconds. */
const DEADLINE_MS = 60_000;

/** How long a target may take to load. */
const LOAD_MS = 600_000;

/** Settings of {@linkcode watchTarget}. */
export interface WatchOptions extends Pick<Order, "seed" | "runs" | "until"> {
  readonly onFailure?: (failure: Failure) => void;
  /** Called with the number of inputs that were checked so far. */
  readonly onProgress?: (inputs: number) => void;
}

/** Result of {@linkcode watchTarget}. */
export interface Watched {
  readonly inputs: number;
  readonly failures: readonly Failure[];
}

/**
 * Checks a target in a worker. An input that is not read within a minute is a failure; the worker is
 * then ended, and another one goes on.
 *
 * @param name The target.
 * @param options How much to check.
 * @returns The number of inputs, and the failures.
 */
export async function watchTarget(name: string, options: WatchOptions): Promise<Watched> {
  const failures: Failure[] = [];
  let inputs = 0;
  for (let round = 0;; round++) {
    const order = {
      name,
      seed: options.seed + round * 1_000_000,
      runs: options.runs,
      until: options.until,
      known: failures.map(({ kind }) => kind),
    };
    const hanging = await watchWorker(order, {
      onInput: () => {
        inputs++;
        options.onProgress?.(inputs);
      },
      onFailure: (failure) => {
        failures.push(failure);
        options.onFailure?.(failure);
      },
    });
    if (hanging === null) return { inputs, failures };
    const error = `The input was not read within ${DEADLINE_MS} ms.`;
    const failure = {
      input: hanging,
      file: null,
      kind: `hang-${round}`,
      error,
      seed: order.seed,
    };
    failures.push(failure);
    options.onFailure?.(failure);
    // The same file of the corpus would hang again.
    if (round > 0 || options.runs < Infinity) return { inputs, failures };
  }
}

/** Returns the input that is not read in time; null if all were. */
async function watchWorker(
  order: Omit<Order, "folder">,
  events: { onInput: () => void; onFailure: (failure: Failure) => void },
): Promise<Input | null> {
  const folder = await Deno.makeTempDir({ prefix: `hale-fuzz-${order.name}-` });
  const worker = new Worker(import.meta.resolve("./worker.ts"), { type: "module" });
  const ended = Promise.withResolvers<Input | null>();
  let input: Input = new Uint8Array();
  let deadline = Date.now() + LOAD_MS;
  const timer = setInterval(() => {
    if (Date.now() > deadline) ended.resolve(input);
  }, 1_000);
  worker.onmessage = ({ data: report }: MessageEvent<Report>) => {
    deadline = Date.now() + DEADLINE_MS;
    if (report.kind === "input") {
      input = report.input;
      events.onInput();
    } else if (report.kind === "failure") events.onFailure(report.failure);
    else if (report.kind === "ready") return;
    else if (report.error === null) ended.resolve(null);
    else ended.reject(new Error(`The target ${order.name} broke: ${report.error}`));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    ended.reject(new Error(`The target ${order.name} broke: ${event.message}`));
  };
  worker.postMessage({ ...order, folder });
  try {
    return await ended.promise;
  } finally {
    clearInterval(timer);
    worker.terminate();
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}
