/**
 * Checks one target, in a worker: what does not return cannot be stopped in any other way.
 *
 * @module
 */

import { explore, type ExploreOptions, type Failure, readCorpus } from "./explore.ts";
import type { Input, OpenTarget } from "./fuzz_target.ts";

/** What a worker has to do. */
export interface Order extends Pick<ExploreOptions, "seed" | "runs" | "until" | "known"> {
  readonly name: string;
  readonly folder: string;
}

/** What a worker reports. */
export type Report =
  /** The target is loaded. The first time after a change this takes long, for its types are checked. */
  | { readonly kind: "ready" }
  | { readonly kind: "input"; readonly input: Input }
  | { readonly kind: "failure"; readonly failure: Failure }
  | { readonly kind: "done"; readonly error: string | null };

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage: (report: Report) => void;
};

scope.onmessage = async ({ data: { name, folder, ...options } }) => {
  try {
    const { open } = await import(`./targets/${name}.ts`) as { open: OpenTarget };
    const target = await open(folder);
    scope.postMessage({ kind: "ready" });
    await explore(target, readCorpus(name), {
      ...options,
      onInput: (input) => scope.postMessage({ kind: "input", input }),
      onFailure: (failure) => scope.postMessage({ kind: "failure", failure }),
    });
    await target.close?.();
    scope.postMessage({ kind: "done", error: null });
  } catch (error) {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    scope.postMessage({ kind: "done", error: text });
  }
};
