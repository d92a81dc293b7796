import { TomlError } from "./toml_error.ts";

/** What a walk through a document found. */
export interface TomlScan {
  /** The document with lists and inline tables on one line: as long, with spaces for what had to go. */
  readonly text: string;
  /** Line, from 1, of each key, table and list item by the JSON of its path. */
  readonly lines: ReadonlyMap<string, number>;
}

/**
 * Walks through the structure of a TOML document: what is a key, a table, a string, a list.
 *
 * @param source The document, its lines ended by LF.
 * @returns The document in the words of TOML 1.0, and where its keys stand.
 * @throws {TomlError} If the structure is broken, or of a kind that `@std/toml` misreads.
 */
export function scanToml(source: string): TomlScan {
  return new Scanner(source).scan();
}

type Path = readonly (string | number)[];

/** How a path came to be. Only some may be added to: see `#declare`. */
interface Declaration {
  readonly kind: "value" | "table" | "above a table" | "dotted";
  readonly line: number;
}

const BARE_KEY = /[A-Za-z0-9_-]+/y;
/** A number, date, time or boolean; `@std/toml` decides which, and whether it is well formed. */
const BARE_VALUE = /(?:true|false|[+-]?(?:[0-9]|inf|nan))[^\s,\]}#]*(?: [0-9]{2}:[^\s,\]}#]*)?/y;

class Scanner {
  readonly #source: string;
  readonly #declared = new Map<string, Declaration>();
  readonly #lineStarts: readonly number[];
  #at = 0;
  /** What is rewritten so far: as long as the part of the source that it stands for. */
  #text = "";

  constructor(source: string) {
    this.#source = source;
    this.#lineStarts = [0, ...Array.from(source.matchAll(/\n/g), (match) => match.index + 1)];
  }

  scan(): TomlScan {
    let table: Path = [];
    for (;;) {
      this.#skipBlank();
      if (this.#at === this.#source.length) break;
      if (this.#source[this.#at] === "[") table = this.#header();
      else this.#pair(table);
      this.#endOfLine();
    }
    return {
      text: this.#text + this.#source.slice(this.#text.length),
      lines: new Map(Array.from(this.#declared, ([path, { line }]) => [path, line])),
    };
  }

  #header(): Path {
    const start = this.#at++;
    if (this.#source[this.#at] === "[") {
      this.#fail("hale has no lists of tables: write [services.NAME], in single brackets", start);
    }
    const path = this.#dottedKey();
    this.#expect("]", 'expected "]" after the name of the table');
    for (let length = 1; length < path.length; length++) {
      this.#declare(path.slice(0, length), "above a table", start);
    }
    this.#declare(path, "table", start);
    return path;
  }

  #pair(table: Path): void {
    const start = this.#at;
    const path = [...table, ...this.#dottedKey()];
    this.#expect("=", 'expected "=" after the key');
    for (let length = table.length + 1; length < path.length; length++) {
      this.#declare(path.slice(0, length), "dotted", start);
    }
    this.#declare(path, "value", start);
    this.#value(path);
  }

  #declare(path: Path, kind: Declaration["kind"], offset: number): void {
    const id = JSON.stringify(path);
    const before = this.#declared.get(id);
    if (before === undefined) {
      this.#declared.set(id, { kind, line: this.#lineOf(offset) });
      return;
    }
    const name = path.join(".");
    if (kind === "above a table" && before.kind !== "value") return;
    if (kind === "dotted" && before.kind === "dotted") return;
    if (kind === "table" && before.kind === "above a table") {
      this.#fail(
        `[${name}] must stand before its parts, of which line ${before.line} is one`,
        offset,
      );
    }
    this.#fail(`${name} is already there, on line ${before.line}`, offset);
  }

  #dottedKey(): string[] {
    const keys: string[] = [];
    do {
      this.#skipSpaces();
      keys.push(this.#key());
      this.#skipSpaces();
    } while (this.#take("."));
    return keys;
  }

  #key(): string {
    const start = this.#at;
    const quote = this.#source[start];
    let key: string;
    if (quote === '"' || quote === "'") {
      this.#singleLineString(quote);
      const body = this.#source.slice(start + 1, this.#at - 1);
      key = quote === "'" ? body : unescapeKey(body);
    } else {
      key = this.#match(BARE_KEY) ?? this.#fail("expected a key");
    }
    // What JavaScript's own objects have gets lost in `@std/toml` or later.
    if (key in Object.prototype || key === "prototype") this.#fail(`${key} cannot be a key`, start);
    return key;
  }

  #value(path: Path): void {
    this.#skipSpaces();
    const start = this.#source[this.#at];
    if (start === '"' || start === "'") {
      if (this.#source.startsWith(start.repeat(3), this.#at)) this.#multiLineString(start);
      else this.#singleLineString(start);
    } else if (start === "[") this.#list(path);
    else if (start === "{") this.#members("}", () => this.#pair(path));
    else if (this.#match(BARE_VALUE) === null) {
      this.#fail("expected a value: text in quotes, a number, true, false, a list or a table");
    }
  }

  #list(path: Path): void {
    const start = this.#at;
    this.#members("]", (index) => {
      this.#declare([...path, index], "value", this.#at);
      this.#value([...path, index]);
    });
    // `@std/toml` takes "]}" for a table here.
    if (this.#source[this.#at] === "}" && /^\[\s*\]$/.test(this.#text.slice(start, this.#at))) {
      this.#fail('an empty list needs a space before "}"');
    }
  }

  /** The members of a list or an inline table, up to its closing bracket. */
  #members(close: "]" | "}", readMember: (index: number) => void): void {
    const start = this.#at++;
    let comma: number | null = null;
    for (let index = 0;; index++) {
      this.#skipAndErase();
      if (this.#take(close)) break;
      readMember(index);
      this.#skipAndErase();
      comma = null;
      if (this.#take(close)) break;
      comma = this.#at;
      if (this.#take(",")) continue;
      // At the end of the document the place where the bracket was opened helps more.
      if (this.#at === this.#source.length) this.#fail("this bracket is not closed", start);
      this.#fail(`expected "," or "${close}"`);
    }
    this.#copy();
    if (comma !== null) this.#text = this.#text.slice(0, comma) + " " + this.#text.slice(comma + 1);
  }

  /** Passes over spaces, line breaks and comments and leaves as many spaces of them. */
  #skipAndErase(): void {
    const start = this.#at;
    this.#copy();
    this.#skipBlank();
    this.#text += " ".repeat(this.#at - start);
  }

  #copy(): void {
    this.#text += this.#source.slice(this.#text.length, this.#at);
  }

  #singleLineString(quote: string): void {
    const start = this.#at++;
    for (;;) {
      const char = this.#source[this.#at];
      if (char === undefined || char === "\n") this.#fail("this text is not closed", start);
      if (char === "\\" && quote === '"') this.#escape();
      else this.#at++;
      if (char === quote) return;
    }
  }

  #multiLineString(quote: string): void {
    const start = this.#at;
    this.#at += 3;
    while (!this.#source.startsWith(quote.repeat(3), this.#at)) {
      const char = this.#source[this.#at];
      if (char === undefined) this.#fail("this text is not closed", start);
      if (char === "\\" && quote === '"' && this.#source[this.#at + 1] !== "\n") this.#escape();
      else this.#at++;
    }
    this.#at += 3;
    // One or two quotes before the closing three belong to the text.
    for (let extra = 0; extra < 2 && this.#take(quote); extra++);
  }

  #escape(): void {
    const start = this.#at;
    this.#at += 2;
    const kind = this.#source[start + 1];
    if (kind === "u") {
      const code = this.#match(/[0-9A-Fa-f]{4}/y);
      if (code === null || /^[Dd][89A-Fa-f]/.test(code)) {
        this.#fail("expected the four hexadecimal digits of a character after \\u", start);
      }
    } else if (kind === "U") {
      // `@std/toml` reads six digits where TOML has eight.
      this.#fail("\\U is not supported: write the character itself", start);
    } else if (kind === undefined || !'btnfr"\\'.includes(kind)) {
      this.#fail("unknown escape: write \\\\ for a backslash, or use single quotes", start);
    }
  }

  #endOfLine(): void {
    this.#skipSpaces();
    this.#skipComment();
    if (this.#at < this.#source.length && this.#source[this.#at] !== "\n") {
      this.#fail("expected the end of the line");
    }
  }

  /** Spaces, line breaks and comments. */
  #skipBlank(): void {
    for (;;) {
      this.#match(/[ \t\n]+/y);
      if (this.#source[this.#at] !== "#") return;
      this.#skipComment();
    }
  }

  #skipSpaces(): void {
    this.#match(/[ \t]+/y);
  }

  #skipComment(): void {
    this.#match(/#[^\n]*/y);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #take(char: string): boolean {
    if (this.#source[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #expect(char: string, reason: string): void {
    if (!this.#take(char)) this.#fail(reason);
  }

  #lineOf(offset: number): number {
    const after = this.#lineStarts.findIndex((start) => start > offset);
    return after === -1 ? this.#lineStarts.length : after;
  }

  #fail(reason: string, offset = this.#at): never {
    throw new TomlError(this.#source, offset, reason);
  }
}

/** The escapes of a basic string are those of JSON, once the scanner has passed them. */
function unescapeKey(body: string): string {
  return JSON.parse(`"${body.replaceAll("\t", "\\t")}"`);
}
