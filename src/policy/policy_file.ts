import { messageOf } from "../errors.ts";
import { passingFault, storeIo } from "../files/io_error.ts";
import { brokenPolicy, parsePolicy, type ParseToml } from "./parse_policy.ts";
import { openPolicy, type Policy } from "./policy.ts";

/**
 * A `policy.toml` that is read again before every start.
 *
 * The file is read each time, which takes 3 µs for a few lines, and parsed only if its content
 * changed. A comparison of modification time and size could miss a change.
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
   * @param path Path of the file.
   * @param parseToml The TOML parser.
   */
  constructor(path: string, parseToml: ParseToml) {
    this.#path = path;
    this.#parseToml = parseToml;
  }

  /**
   * Reads the current policy.
   *
   * @returns The policy: it allows everything if there is no file, and denies everything if the
   * file is invalid or cannot be read.
   * @throws {HaleError} `store_io` If the machine lacks what it takes to read it, such as descriptors.
   */
  read(): Policy {
    let text;
    try {
      // A link is followed here, as a person may keep the file elsewhere.
      if (!Deno.statSync(this.#path).isFile) throw new Error("it is not a regular file");
      text = Deno.readTextFileSync(this.#path);
    } catch (error) {
      const isAbsent = error instanceof Deno.errors.NotFound && !this.#isLink();
      if (isAbsent) return openPolicy(this.#path);
      if (passingFault(error) !== null) throw storeIo("read the policy", this.#path, error);
      const message = `it cannot be read: ${messageOf(error)}`;
      return brokenPolicy(this.#path, [{ line: null, column: null, key: "", message }]);
    }
    if (this.#known?.text !== text) {
      const policy = parsePolicy(text, { path: this.#path, parseToml: this.#parseToml });
      this.#known = { text, policy };
    }
    return this.#known.policy;
  }

  /** A dangling link is an error, not a missing policy, so it must not allow everything. */
  #isLink(): boolean {
    try {
      return Deno.lstatSync(this.#path).isSymlink;
    } catch {
      return false;
    }
  }
}
