/**
 * Gives hostile texts to a function, in a worker: what does not return cannot be stopped in any other
 * way. The message is the name of the function in {@linkcode READERS}.
 *
 * @module
 */

import { hostileTexts } from "./fixtures/hostile_texts.ts";
import { READERS } from "./linear_time_readers.ts";

self.addEventListener("message", (event) => {
  const read = READERS[(event as MessageEvent<string>).data]!;
  for (const text of hostileTexts()) {
    try {
      read(text);
    } catch {
      // A refusal is an answer.
    }
  }
  (self as unknown as Worker).postMessage("done");
});
