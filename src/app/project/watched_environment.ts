/** An environment that knows which of its variables were asked for. */
export class WatchedEnvironment {
  /** To be read in place of the one it was made from. */
  readonly variables: Readonly<Record<string, string>>;
  #read: Record<string, string | null> | null = Object.create(null);

  /** @param env The environment. */
  constructor(env: Readonly<Record<string, string>>) {
    const note = (name: string | symbol) => {
      if (typeof name !== "string" || this.#read === null) return;
      this.#read[name] = Object.hasOwn(env, name) ? env[name]! : null;
    };
    this.variables = new Proxy(env, {
      get: (target, name) => {
        note(name);
        return Reflect.get(target, name);
      },
      has: (target, name) => {
        note(name);
        return Reflect.has(target, name);
      },
      getOwnPropertyDescriptor: (target, name) => {
        note(name);
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
      ownKeys: (target) => {
        this.#read = null;
        return Reflect.ownKeys(target);
      },
    });
  }

  /** The variables that were asked for, with their values, null: not set; null where it was all. */
  get read(): Readonly<Record<string, string | null>> | null {
    return this.#read;
  }
}
