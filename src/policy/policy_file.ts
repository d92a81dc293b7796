import { messageOf } from "../errors.ts";
import { brokenPolicy, parsePolicy, type ParseToml } from "./parse_policy.ts";
import { openPolicy, type Policy } from "./policy.ts";

/**
 * A `policy.toml` that is looked at again before every start.
 *
 * Its text is read each time and parsed only where it differs: reading a few lines takes 3 µs, and
 * no comparison of times and sizes could miss a change.
 *
 * @example
 * ```ts
 * import { PolicyFile } from "./policy_file.ts";
 * const file = new PolicyFile("/tmp/hale-example/policy.toml", () => ({
 *   value: {},
 *   lineOf: () => null,
 * }));
 * console.log(file.read().deny); // []
 * ```
 */
export class PolicyFile {
  readonly #path: string;
  readonly #parseToml: ParseToml;
  #known: { readonly text: string; readonly policy: Policy } | null = null;

  /**
   * @param path The file.
   * @param parseToml The reader of TOML.
   */
  constructor(path: string, parseToml: ParseToml) {
    this.#path = path;
    this.#parseToml = parseToml;
  }

  /**
   * The policy as it stands now.
   *
   * @returns The policy: one that allows everything where there is no file, and one that denies
   * everything where it has mistakes or cannot be read. It never throws.
   */
  read(): Policy {
    let text;
    try {
      text = Deno.readTextFileSync(this.#path);
    } catch (error) {
      const isAbsent = error instanceof Deno.errors.NotFound && !this.#isLink();
      if (isAbsent) return openPolicy(this.#path);
      const message = `it cannot be read: ${messageOf(error)}`;
      return brokenPolicy(this.#path, [{ line: null, column: null, key: "", message }]);
    }
    if (this.#known?.text !== text) {
      const policy = parsePolicy(text, { path: this.#path, parseToml: this.#parseToml });
      this.#known = { text, policy };
    }
    return this.#known.policy;
  }

  /** A link to a file that is not there is no sign that everything is meant to be allowed. */
  #isLink(): boolean {
    try {
      return Deno.lstatSync(this.#path).isSymlink;
    } catch {
      return false;
    }
  }
}
