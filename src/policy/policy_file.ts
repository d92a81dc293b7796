import { messageOf } from "../errors.ts";
import { passingFault, storeIo } from "../files/io_error.ts";
import { decodeUtf8 } from "../text/decode_utf8.ts";
import { brokenPolicy, parsePolicy, type ParseToml } from "./parse_policy.ts";
import { openPolicy, type Policy } from "./policy.ts";

/** What {@linkcode PolicyFile} needs. */
export interface PolicyFileOptions {
  readonly parseToml: ParseToml;
  /** Returns who else can change the file; null if only this user can. */
  readonly distrustOf: (path: string) => string | null;
}

/**
 * A `policy.toml` that is read again before every start.
 *
 * The file is read each time, which takes 3 µs for a few lines, and parsed only if its content
 * changed. A comparison of modification time and size could miss a change.
 *
 * @example
 * ```ts
 * import { PolicyFile } from "./policy_file.ts";
 * const file = new PolicyFile("/tmp/hale-example/policy.toml", {
 *   parseToml: () => ({ value: {}, lineOf: () => null }),
 *   distrustOf: () => null,
 * });
 * console.log(file.read().deny); // []
 * ```
 */
export class PolicyFile {
  readonly #path: string;
  readonly #options: PolicyFileOptions;
  #known: { readonly text: string; readonly policy: Policy } | null = null;

  /**
   * @param path Path of the file.
   * @param options The TOML parser, and who else can change the file.
   */
  constructor(path: string, options: PolicyFileOptions) {
    this.#path = path;
    this.#options = options;
  }

  /**
   * Reads the current policy.
   *
   * @returns The policy: it allows everything if there is no file, and denies everything if the
   * file is invalid, cannot be read, or can be changed by other users.
   * @throws {HaleError} `store_io` If the machine lacks what it takes to read it, such as descriptors.
   */
  read(): Policy {
    let bytes;
    try {
      // A link is followed here, as a person may keep the file elsewhere.
      if (!Deno.statSync(this.#path).isFile) throw new Error("it is not a regular file");
      bytes = Deno.readFileSync(this.#path);
    } catch (error) {
      const isAbsent = error instanceof Deno.errors.NotFound && !this.#isLink();
      if (isAbsent) return openPolicy(this.#path);
      if (passingFault(error) !== null) throw storeIo("read the policy", this.#path, error);
      return this.#broken(`it cannot be read: ${messageOf(error)}`);
    }
    const distrust = this.#options.distrustOf(this.#path);
    if (distrust !== null) return this.#broken(distrust);
    const decoded = decodeUtf8(bytes);
    // A name that is decoded wrongly would deny nothing.
    if (!("text" in decoded)) {
      return this.#broken("the line is not UTF-8; save the file as UTF-8", decoded.wrongLine);
    }
    const { text } = decoded;
    if (this.#known?.text !== text) {
      const policy = parsePolicy(text, { path: this.#path, parseToml: this.#options.parseToml });
      this.#known = { text, policy };
    }
    return this.#known.policy;
  }

  #broken(message: string, line: number | null = null): Policy {
    return brokenPolicy(this.#path, [{ line, column: null, key: "", message }]);
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
