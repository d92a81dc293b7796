/** Signals that request termination and that a program on this system can handle. */
export const TERMINATION_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

interface Listener {
  readonly name: Deno.Signal;
  readonly listen: () => void;
}

/** The listeners of this program. */
const listeners = new Set<Listener>();

/**
 * Listens for these signals, which then do not end the program.
 *
 * @param listen Called with the name of each signal.
 * @returns Stops listening when it is disposed of: the next signal has its default effect.
 */
export function listenForTermination(listen: (name: Deno.Signal) => void): Disposable {
  const own = TERMINATION_SIGNALS.map((name) => ({ name, listen: () => listen(name) }));
  for (const listener of own) add(listener);
  return {
    [Symbol.dispose]() {
      for (const listener of own) remove(listener);
    },
  };
}

/**
 * Does something that blocks the program: a signal ends it meanwhile, because no listener could run.
 *
 * @param block What blocks.
 * @returns Its result.
 */
export function endedByTermination<T>(block: () => T): T {
  const suspended = [...listeners];
  for (const listener of suspended) remove(listener);
  try {
    return block();
  } finally {
    for (const listener of suspended) add(listener);
  }
}

function add(listener: Listener): void {
  listeners.add(listener);
  Deno.addSignalListener(listener.name, listener.listen);
}

function remove(listener: Listener): void {
  if (listeners.delete(listener)) Deno.removeSignalListener(listener.name, listener.listen);
}
