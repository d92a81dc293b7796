// Generated from scripts/setup/main.mjs by "deno task setup". Do not edit.
// Includes deno-std/1.4.0. Copyright 2018-2026 the Deno authors. MIT license.
// Includes smol-toml/1.9.1. Copyright Squirrel Chat et al. BSD 3-clause license, in full below.

// scripts/setup/main.mjs
import { resolve } from "node:path";
import process7 from "node:process";

// scripts/setup/cached_engines.mjs
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { cp, lstat, mkdir, readdir, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";

// npm:smol-toml/1.9.1/dist/error.js
function getLineColFromPtr(string, ptr) {
  let lines = string.slice(0, ptr).split(/\r?\n/);
  return [
    lines.length,
    lines.pop().length + 1
  ];
}
function makeCodeBlock(string, line, column) {
  let lines = string.split(/\r?\n/);
  let codeblock = "";
  let numberLen = (Math.log10(line + 1) | 0) + 1;
  for (let i = line - 1; i <= line + 1; i++) {
    let l = lines[i - 1];
    if (!l) continue;
    codeblock += i.toString().padEnd(numberLen, " ");
    codeblock += ":  ";
    codeblock += l;
    codeblock += "\n";
    if (i === line) {
      codeblock += " ".repeat(numberLen + column + 2);
      codeblock += "^\n";
    }
  }
  return codeblock;
}
var TomlError = class _TomlError extends Error {
  line;
  column;
  codeblock;
  constructor(message, options) {
    const [line, column] = getLineColFromPtr(options.toml, options.ptr);
    const codeblock = makeCodeBlock(options.toml, line, column);
    super(`Invalid TOML document: ${message}

${codeblock}`, options);
    this.line = line;
    this.column = column;
    this.codeblock = codeblock;
  }
  /** @internal */
  static x(message, ctx, ptr) {
    throw new _TomlError(message, {
      toml: ctx.s,
      ptr: ptr ?? ctx.p
    });
  }
};

// npm:smol-toml/1.9.1/dist/primitive.js
function parseString(ctx) {
  let startPtr = ctx.p;
  let c = ctx.s.charCodeAt(ctx.p++);
  let first = c;
  let isLiteral = c === 39;
  let isMultiline = c === ctx.s.charCodeAt(ctx.p) && c === ctx.s.charCodeAt(ctx.p + 1);
  if (isMultiline) {
    if ((c = ctx.s.charCodeAt(ctx.p += 2)) === 10) ctx.p++;
    else if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) ctx.p += 2;
  }
  let parsed = "";
  let sliceStart = ctx.p;
  let state = 0;
  for (; ctx.p < ctx.s.length; ctx.p++) {
    c = ctx.s.charCodeAt(ctx.p);
    if (isMultiline && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)) {
      state = state && 3;
    } else if (c < 32 && c !== 9 || c === 127) {
      TomlError.x("control characters are not allowed in strings", ctx);
    } else if ((!state || state === 3) && c === first && (!isMultiline || ctx.s.charCodeAt(ctx.p + 1) === first && ctx.s.charCodeAt(ctx.p + 2) === first)) {
      if (isMultiline) {
        if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
        if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
      }
      if (!state) {
        let s = ctx.s.slice(sliceStart, ctx.p);
        parsed = parsed ? parsed + s : s;
      }
      ctx.p += isMultiline ? 3 : 1;
      return parsed;
    } else if (!state) {
      if (!isLiteral && c === 92) {
        parsed += ctx.s.slice(sliceStart, sliceStart = ctx.p);
        state = 1;
      }
    } else if (state === 1) {
      if (c === 120 || c === 117 || c === 85) {
        let errPtr = ctx.p++ - 1;
        let value = 0;
        let len = c === 120 ? 2 : c === 117 ? 4 : 8;
        for (let j = 0; j < len; j++, ctx.p++) {
          let hex = ctx.s.charCodeAt(ctx.p);
          let digit = (
            /* 0-9 */
            hex >= 48 && hex <= 57 ? hex - 48 : (
              /* A-F */
              hex >= 65 && hex <= 70 ? hex - 65 + 10 : (
                /* a-f */
                hex >= 97 && hex <= 102 ? hex - 97 + 10 : -1
              )
            )
          );
          if (digit < 0) TomlError.x("invalid non-hex character in unicode escape", ctx);
          value = value << 4 | digit;
        }
        if (value < 0 || value > 1114111 || value >= 55296 && value <= 57343) {
          TomlError.x("invalid unicode escape", ctx, errPtr);
        }
        parsed += String.fromCodePoint(value);
        sliceStart = ctx.p--;
        state = 0;
      } else if (isMultiline && (c === 32 || c === 9)) {
        state = 2;
      } else {
        if (c === 98) parsed += "\b";
        else if (c === 116) parsed += "	";
        else if (c === 110) parsed += "\n";
        else if (c === 102) parsed += "\f";
        else if (c === 114) parsed += "\r";
        else if (c === 101) parsed += "\x1B";
        else if (c === 34) parsed += '"';
        else if (c === 92) parsed += "\\";
        else TomlError.x("unrecognised escape sequence", ctx);
        sliceStart = ctx.p + 1;
        state = 0;
      }
    } else if (c !== 32 && c !== 9) {
      if (state === 2) TomlError.x("invalid escape: only line-ending whitespace may be escaped", ctx, sliceStart);
      state = !isLiteral && c === 92 ? 1 : 0;
      sliceStart = ctx.p;
    }
  }
  TomlError.x("unfinished string", ctx, startPtr);
}

// npm:smol-toml/1.9.1/dist/date.js
var DATE_TIME_RE = /^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|z|[-+]\d{2}:\d{2})?$/i;
var TomlDate = class _TomlDate extends Date {
  #hasDate = false;
  #hasTime = false;
  #offset = null;
  constructor(date, fasttype, unsafeDelim) {
    let hasDate = true;
    let hasTime = true;
    let offset = "Z";
    let c;
    if (typeof date === "string") {
      if (fasttype) prep: {
        if (fasttype < 3) {
          if (+date.slice(11, 13) > 23) {
            date = "";
            break prep;
          }
          if (fasttype === 2) {
            offset = null;
            date += "Z";
          } else if ((c = date.charCodeAt(date.length - 1)) !== 90 && c !== 122) {
            offset = date.slice(date.length - 6);
          }
          if (unsafeDelim) date = date.slice(0, 10) + "T" + date.slice(11);
        } else if (fasttype === 4) {
          date = +date.slice(0, 2) > 23 ? "" : `0000-01-01T${date}Z`;
        }
        hasDate = fasttype !== 4;
        hasTime = fasttype !== 3;
      }
      else {
        let match = date.match(DATE_TIME_RE);
        if (match) {
          if (!match[1]) {
            hasDate = false;
            date = `0000-01-01T${date}`;
          }
          hasTime = !!match[2];
          hasTime && date[10] === " " && (date = date.replace(" ", "T"));
          if (match[2] && +match[2] > 23) {
            date = "";
          } else {
            offset = match[3] || null;
            if (!offset && hasTime) date += "Z";
          }
        } else {
          date = "";
        }
      }
    }
    super(date);
    if (!isNaN(this.getTime())) {
      this.#hasDate = hasDate;
      this.#hasTime = hasTime;
      this.#offset = offset;
    }
  }
  isDateTime() {
    return this.#hasDate && this.#hasTime;
  }
  isLocal() {
    return !this.#hasDate || !this.#hasTime || !this.#offset;
  }
  isDate() {
    return this.#hasDate && !this.#hasTime;
  }
  isTime() {
    return this.#hasTime && !this.#hasDate;
  }
  isValid() {
    return this.#hasDate || this.#hasTime;
  }
  toISOString() {
    let iso = super.toISOString();
    if (this.isDate()) return iso.slice(0, 10);
    if (this.isTime()) return iso.slice(11, 23);
    if (this.#offset === null) return iso.slice(0, -1);
    if (this.#offset === "Z" || this.#offset === "z") return iso;
    let offset = +this.#offset.slice(1, 3) * 60 + +this.#offset.slice(4, 6);
    offset = this.#offset[0] === "-" ? offset : -offset;
    let offsetDate = new Date(this.getTime() - offset * 6e4);
    return offsetDate.toISOString().slice(0, -1) + this.#offset;
  }
  static wrapAsOffsetDateTime(jsDate, offset = "Z") {
    let date = new _TomlDate(jsDate);
    date.#offset = offset;
    return date;
  }
  static wrapAsLocalDateTime(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#offset = null;
    return date;
  }
  static wrapAsLocalDate(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#hasTime = false;
    date.#offset = null;
    return date;
  }
  static wrapAsLocalTime(jsDate) {
    let date = new _TomlDate(jsDate);
    date.#hasDate = false;
    date.#offset = null;
    return date;
  }
};

// npm:smol-toml/1.9.1/dist/extract.js
function isDigit(char, base = 10) {
  return base === 16 ? char > 47 && char < 58 || char > 64 && char < 71 || char > 96 && char < 103 : char > 47 && char < 48 + base;
}
function isEndOfValue(char, delim) {
  return char === 32 || char === 9 || char === 10 || char === 13 || // Structure end or next value delimiter
  delim && (char === delim || char === 44) || // Comment
  char === 35;
}
function extractValue(ctx, end) {
  let errPtr = ctx.p;
  let c = ctx.s.charCodeAt(ctx.p);
  if (c === 91 || c === 123) {
    ctx.d-- || TomlError.x("document contains excessively nested structures. aborting.", ctx);
    let value = c === 91 ? parseArray(ctx) : parseInlineTable(ctx);
    ctx.d++;
    return value;
  }
  if (c === 34 || c === 39) {
    return parseString(ctx);
  }
  if (c === 116) {
    if (ctx.s.charCodeAt(++ctx.p) !== 114 || ctx.s.charCodeAt(++ctx.p) !== 117 || ctx.s.charCodeAt(++ctx.p) !== 101) TomlError.x("invalid value", ctx, errPtr);
    return ctx.p++, true;
  }
  if (c === 102) {
    if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 108 || ctx.s.charCodeAt(++ctx.p) !== 115 || ctx.s.charCodeAt(++ctx.p) !== 101) TomlError.x("invalid value", ctx, errPtr);
    return ctx.p++, false;
  }
  if (c === 43 || c === 45) {
    return parseNumber(ctx, ctx.p, ctx.s.charCodeAt(++ctx.p), 44 - c, end);
  }
  if (ctx.s.charCodeAt(ctx.p + 4) === 45 && ctx.s.charCodeAt(ctx.p + 7) === 45) {
    return parseDate(ctx, c, end);
  }
  if (ctx.s.charCodeAt(ctx.p + 2) === 58) {
    return parseTime(ctx, c, end);
  }
  return parseNumber(ctx, ctx.p, c, 0, end);
}
function parseNumber(ctx, startPtr, startChr, sign, endChr) {
  let c = startChr;
  let state = 0;
  let hasUnderscores = false;
  if (c === 105) {
    if (ctx.s.charCodeAt(++ctx.p) !== 110 || ctx.s.charCodeAt(++ctx.p) !== 102) TomlError.x("invalid value", ctx, startPtr);
    return ctx.p++, (sign || 1) / 0;
  }
  if (c === 110) {
    if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 110) TomlError.x("invalid value", ctx, startPtr);
    return ctx.p++, NaN;
  }
  if (c === 48) {
    if (++ctx.p >= ctx.s.length || isEndOfValue(c = ctx.s.charCodeAt(ctx.p), endChr)) return ctx.bi === true ? 0n : 0;
    if (!sign) {
      if (c === 120) return parseIntegerBaseN(ctx, startPtr, 16, endChr);
      else if (c === 98) return parseIntegerBaseN(ctx, startPtr, 2, endChr);
      else if (c === 111) return parseIntegerBaseN(ctx, startPtr, 8, endChr);
    }
    if (c === 46) state = 2;
    else if (c === 101 || c === 69) state = 4;
    else TomlError.x("illegal leading zero", ctx, startPtr);
  } else if (!isDigit(c)) TomlError.x("invalid value", ctx, startPtr);
  while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
    if (!state) state = 1;
    if (c === 95) {
      if (!(state & 1)) TomlError.x("illegal underscore", ctx);
      state += 11;
      hasUnderscores = true;
    } else if (state === 1 && c === 46) state = 2;
    else if ((state === 1 || state === 3) && (c === 101 || c === 69)) state = 4;
    else if (state === 4 && (c === 43 || c === 45)) {
      state = 6;
    } else if (!isDigit(c)) TomlError.x(`illegal character in numeric literal`, ctx);
    else if (state > 9) state -= 11;
    else if (!(state & 1)) state++;
  }
  if (!state) {
    let val = (startChr - 48) * (sign || 1);
    return ctx.bi === true ? BigInt(val) : val;
  }
  if (!(state & 1)) TomlError.x("unfinished numeric value", ctx, startPtr);
  let str = ctx.s.slice(startPtr, ctx.p);
  if (hasUnderscores) str = str.replaceAll("_", "");
  return state > 1 ? parseFloat(str) : parseInteger(ctx, str, 10, startPtr);
}
function parseIntegerBaseN(ctx, startPtr, base, endChr) {
  let c, underscore = 1;
  while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
    if (c === 95) {
      if (underscore & 1) TomlError.x("illegal underscore", ctx);
      underscore = 3;
    } else if (!isDigit(c, base)) TomlError.x(`illegal character in numeric literal`, ctx);
    else if (underscore & 1) underscore--;
  }
  if (underscore & 1) TomlError.x("unfinished numeric value", ctx);
  let str = ctx.s.slice(startPtr + 2, ctx.p);
  if (underscore) str = str.replaceAll("_", "");
  return parseInteger(ctx, str, base, startPtr);
}
function parseInteger(ctx, str, base, startPtr) {
  if (ctx.bi !== true) int: {
    let val = parseInt(str, base);
    if (!Number.isSafeInteger(val)) {
      if (ctx.bi) break int;
      TomlError.x("integer value cannot be represented losslessly", ctx, startPtr);
    }
    return val;
  }
  return base === 10 ? BigInt(str) : BigInt((base === 2 ? "0b" : base === 8 ? "0o" : "0x") + str);
}
function parseDate(ctx, c, endChr) {
  let startPtr = ctx.p++, unsafeSeparator;
  if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++))) {
    return parseNumber(ctx, ctx.p = startPtr, c, 0, endChr);
  }
  ctx.p += 5;
  if (!isDigit(ctx.s.charCodeAt(ctx.p++))) TomlError.x("invalid date-time: date part is malformed", ctx, startPtr);
  if (ctx.p >= ctx.s.length || ((c = ctx.s.charCodeAt(ctx.p)) !== 32 || (unsafeSeparator = true, !isDigit(ctx.s.charCodeAt(ctx.p + 1)))) && c !== 84 && c !== 116) {
    let t2 = ctx.s.slice(startPtr, ctx.p);
    return readDate(ctx, t2, 3, false, startPtr);
  }
  if (ctx.s.charCodeAt(ctx.p += 3) !== 58) TomlError.x("invalid date-time: time part is malformed", ctx, startPtr);
  if (ctx.s.charCodeAt(ctx.p += 3) === 58) ctx.p += 3;
  if (ctx.s.charCodeAt(ctx.p) === 46) while (isDigit(ctx.s.charCodeAt(++ctx.p))) ;
  if (c = ctx.s.charCodeAt(ctx.p)) {
    if (c === 90 || c === 122) {
      let t2 = ctx.s.slice(startPtr, ++ctx.p);
      return readDate(ctx, t2, 1, unsafeSeparator, startPtr, "[+00:00]");
    }
    if (c === 43 || c === 45) {
      let t2 = ctx.s.slice(startPtr, ctx.p += 6);
      return readDate(ctx, t2, 1, unsafeSeparator, startPtr, !ctx.ld && "[" + ctx.s.slice(ctx.p - 6, ctx.p) + "]");
    }
  }
  let t = ctx.s.slice(startPtr, ctx.p);
  return readDate(ctx, t, 2, unsafeSeparator, startPtr);
}
function parseTime(ctx, c, endChr) {
  let start = ctx.p;
  if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(++ctx.p))) {
    return parseNumber(ctx, --ctx.p, c, 0, endChr);
  }
  if (ctx.s.charCodeAt(ctx.p += 4) === 58) ctx.p += 3;
  if (ctx.s.charCodeAt(ctx.p) === 46) while (isDigit(ctx.s.charCodeAt(++ctx.p))) ;
  let t = ctx.s.slice(start, ctx.p);
  return readDate(ctx, t, 4, false, start);
}
function readDate(ctx, str, type, unsafeDelim, errPtr, temporalSuffix) {
  if (ctx.ld) {
    let date = new TomlDate(str, type, unsafeDelim);
    if (!date.isValid()) TomlError.x("invalid date", ctx, errPtr);
    return date;
  }
  try {
    if (temporalSuffix) str += temporalSuffix;
    switch (type) {
      case 1:
        return Temporal.ZonedDateTime.from(str);
      case 2:
        return Temporal.PlainDateTime.from(str);
      case 3:
        return Temporal.PlainDate.from(str);
      case 4:
        return Temporal.PlainTime.from(str);
    }
  } catch (e) {
    TomlError.x(e instanceof Error ? e.message : "" + e, ctx, errPtr);
  }
}

// npm:smol-toml/1.9.1/dist/util.js
function skipComment(ctx) {
  for (; ctx.p < ctx.s.length; ctx.p++) {
    let c = ctx.s.charCodeAt(ctx.p);
    if (c === 10) break;
    if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) {
      ctx.p++;
      break;
    }
    if (c < 32 && c !== 9 || c === 127) {
      TomlError.x("control characters are not allowed in comments", ctx);
    }
  }
}
function skipVoid(ctx, banNewLines, banComments) {
  let c;
  while (ctx.p < ctx.s.length) {
    while (ctx.p < ctx.s.length && ((c = ctx.s.charCodeAt(ctx.p)) === 32 || c === 9 || !banNewLines && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10))) ctx.p++;
    if (banComments || c !== 35) break;
    skipComment(ctx);
  }
}

// npm:smol-toml/1.9.1/dist/struct.js
function parseKey(ctx, end = 61) {
  let startPtr;
  let state = 0;
  let parsed = [];
  let sliceStart;
  let c = ctx.s.charCodeAt(startPtr = ctx.p);
  do {
    if (c === end) {
      if (!state) TomlError.x("unexpected end of key", ctx);
      if (state === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
      return ctx.p++, parsed;
    } else if (c === 46) {
      if (!state) TomlError.x("illegal empty bare key", ctx);
      if (state === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
      state = 0;
    } else if (!state && (c === 34 || c === 39)) {
      if (c === ctx.s.charCodeAt(ctx.p + 1) && c === ctx.s.charCodeAt(ctx.p + 2)) TomlError.x("illegal quoted key: multiline strings are not allowed", ctx);
      parsed.push(parseString(ctx));
      state = 2;
      ctx.p--;
    } else if (c === 32 || c === 9) {
      if (state === 1) {
        parsed.push(ctx.s.slice(sliceStart, ctx.p));
        state = 2;
      }
    } else if (state === 2 || c < 48 && c !== 45 || c > 57 && c < 65 || c > 90 && c < 97 && c !== 95 || c > 122) {
      TomlError.x("illegal character in key", ctx);
    } else if (!state) {
      state = 1;
      sliceStart = ctx.p;
    }
  } while (c = ctx.s.charCodeAt(++ctx.p));
  TomlError.x("incomplete key-value: cannot find end of key", ctx, startPtr);
}
function parseInlineTable(ctx) {
  let startPtr = ctx.p++;
  let res = /* @__PURE__ */ Object.create(null);
  let seen = /* @__PURE__ */ new Set();
  let c;
  while (ctx.p < ctx.s.length) {
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p)) === 125) {
      ctx.p++;
      return res;
    }
    let k;
    let t = res;
    let hasOwn = false;
    let errPtr = ctx.p;
    let key = parseKey(ctx);
    for (let i = 0; i < key.length; i++) {
      if (i) t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
      k = key[i];
      if ((hasOwn = Object.hasOwn(t, k)) && (typeof t[k] !== "object" || seen.has(t[k]))) {
        TomlError.x("trying to redefine an already defined value", ctx, errPtr);
      }
      let unsafe = k === "__proto__";
      if (ctx.uk && (unsafe || k === "constructor")) {
        t = ctx.uk !== 1 && TomlError.x("document contains an unsafe property", ctx, errPtr);
        break;
      }
      if (!hasOwn && unsafe) {
        Object.defineProperty(t, k, {
          enumerable: true,
          configurable: true,
          writable: true
        });
      }
    }
    if (hasOwn) {
      TomlError.x("trying to redefine an already defined value", ctx, errPtr);
    }
    skipVoid(ctx, true, true);
    let value = extractValue(
      ctx,
      125
      /* } */
    );
    if (t && typeof (t[k] = value) === "object") seen.add(value);
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p++)) === 125) {
      return res;
    }
    if (c !== 44) TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
  }
  TomlError.x("unfinished table", ctx, startPtr);
}
function parseArray(ctx) {
  let startPtr = ctx.p++;
  let res = [];
  let c;
  while (ctx.p < ctx.s.length) {
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p)) === 93) {
      ctx.p++;
      return res;
    }
    res.push(extractValue(
      ctx,
      93
      /* ] */
    ));
    skipVoid(ctx);
    if ((c = ctx.s.charCodeAt(ctx.p++)) === 93) {
      return res;
    }
    if (c !== 44) TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
  }
  TomlError.x("unfinished array", ctx, startPtr);
}

// npm:smol-toml/1.9.1/dist/parse.js
function peekTable(ctx, key, table, meta, type) {
  let t = table;
  let m = meta;
  let k;
  let hasOwn = false;
  let state;
  for (let i = 0; i < key.length; i++) {
    if (i) {
      t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
      m = (state = m[k]).c;
      if (type === 0 && (state.t === 1 || state.t === 2)) {
        return null;
      }
      if (state.t === 2) {
        let l = t.length - 1;
        t = t[l];
        m = m[l].c;
      }
    }
    k = key[i];
    if ((hasOwn = Object.hasOwn(t, k)) && m[k]?.t === 0 && m[k]?.d) {
      return null;
    }
    if (!hasOwn) {
      let unsafe = k === "__proto__";
      if (ctx.uk && (unsafe || k === "constructor")) return false;
      if (unsafe) {
        Object.defineProperty(t, k, {
          enumerable: true,
          configurable: true,
          writable: true
        });
        Object.defineProperty(m, k, {
          enumerable: true,
          configurable: true,
          writable: true
        });
      }
      m[k] = {
        t: i < key.length - 1 && type === 2 ? 3 : type,
        d: false,
        i: 0,
        c: /* @__PURE__ */ Object.create(null)
      };
    }
  }
  state = m[k];
  if (state.t !== type && !(type === 1 && state.t === 3)) {
    return null;
  }
  if (type === 2) {
    if (!state.d) {
      state.d = true;
      t[k] = [];
    }
    t[k].push(t = /* @__PURE__ */ Object.create(null));
    state.c[state.i++] = state = {
      t: 1,
      d: false,
      i: 0,
      c: /* @__PURE__ */ Object.create(null)
    };
  }
  if (state.d) {
    return null;
  }
  state.d = true;
  if (type === 1) {
    t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
  } else if (type === 0 && hasOwn) {
    return null;
  }
  return [
    k,
    t,
    state.c
  ];
}
function validateTablePeek(ctx, peek, ptr) {
  if (peek === null || ctx.uk === 2) TomlError.x(peek === null ? "trying to redefine an already defined table or value" : "document contains an unsafe property", ctx, ptr);
}
function parse(toml, options = {}) {
  let ctx = {
    s: toml,
    p: 0,
    d: options.maxDepth ?? 1e3,
    bi: options.integersAsBigInt ?? false,
    ld: options.useLegacyDate ?? true,
    uk: options.unsafeKeyBehaviour === "throw" ? 2 : options.unsafeKeyBehaviour === "drop" ? 1 : 0
  };
  let res = /* @__PURE__ */ Object.create(null);
  let meta = /* @__PURE__ */ Object.create(null);
  let tmp;
  let skipping = false;
  let tbl = res;
  let m = meta;
  if (toml.charCodeAt(0) === 65279) ctx.p++;
  skipVoid(ctx);
  while (ctx.p < toml.length) {
    if (toml.charCodeAt(ctx.p) === 91) {
      let isTableArray = toml.charCodeAt(++ctx.p) === 91;
      tmp = ctx.p += +isTableArray;
      skipping = false;
      let k = parseKey(
        ctx,
        93
        /* ] */
      );
      if (isTableArray) {
        if (toml.charCodeAt(ctx.p) !== 93) {
          TomlError.x("expected end of table array declaration", ctx);
        }
        ctx.p++;
      }
      let p = peekTable(
        ctx,
        k,
        res,
        meta,
        isTableArray ? 2 : 1
        /* Type.EXPLICIT */
      );
      if (!p) {
        validateTablePeek(ctx, p, tmp);
        skipping = true;
      } else {
        m = p[2];
        tbl = p[1];
      }
    } else {
      tmp = ctx.p;
      let k = parseKey(ctx);
      let p = peekTable(
        ctx,
        k,
        tbl,
        m,
        0
        /* Type.DOTTED */
      );
      if (!p && !skipping) validateTablePeek(ctx, p, tmp);
      skipVoid(ctx, true, true);
      let v = extractValue(ctx, void 0);
      if (p && !skipping) p[1][p[0]] = v;
    }
    skipVoid(ctx, true);
    if (ctx.p < toml.length && (tmp = toml.charCodeAt(ctx.p)) !== 10 && (tmp !== 13 || toml.charCodeAt(ctx.p + 1) !== 10)) {
      TomlError.x("each key-value declaration must be followed by an end-of-line", ctx);
    }
    skipVoid(ctx);
  }
  return res;
}

// npm:smol-toml/1.9.1/dist/stringify.js
var HAS_WELLFORMED = !!"".isWellFormed;

// scripts/setup/cached_engines.mjs
var CACHE = "cache";
var RECORD = ".record.json";
function readLock(config, target) {
  const path = join(dirname(config), "hale.lock");
  if (!existsSync(path)) return null;
  const text = readFileSync(path);
  const { artifact } = parse(text.toString("utf8"));
  const list = (
    /** @type {LockedEngine[]} */
    Array.isArray(artifact) ? artifact : []
  );
  const engines = list.filter((entry) => entry.target === target && typeof entry.name === "string" && typeof entry.version === "string" && /^[0-9a-f]{64}$/.test(entry.sha256));
  if (engines.length === 0) return null;
  const hash = createHash("sha256").update(text).digest("hex");
  return {
    key: `hale-engines-${target}-${hash}`,
    engines
  };
}
async function pinnedEngines(home, locked) {
  if (!existsSync(home)) return [];
  const found = [];
  const root = await realpath(home);
  for (const engine of locked) {
    const folder = engineFolder(engine);
    if (await isPinned(join(root, ...folder.split("/")), engine)) found.push(folder);
  }
  return found;
}
async function placeEngines(unpacked, home, locked) {
  let count = 0;
  for (const folder of await pinnedEngines(unpacked, locked)) {
    const target = join(home, ...folder.split("/"));
    if (existsSync(target)) continue;
    await mkdir(dirname(target), {
      recursive: true,
      mode: 448
    });
    await move(join(unpacked, ...folder.split("/")), target);
    count++;
  }
  return count;
}
function engineFolder({ name, version, target, sha256 }) {
  return [
    CACHE,
    segment(name),
    segment(version),
    target,
    sha256.slice(0, 16)
  ].join("/");
}
function segment(text) {
  const plain = /^[a-z0-9]([a-z0-9._+-]*[a-z0-9_+-])?$/.test(text) && !/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/.test(text) && !text.startsWith("id-");
  return plain ? text : `id-${Buffer.from(text, "utf8").toString("hex")}`;
}
async function isPinned(folder, { name, version, target, sha256 }) {
  try {
    if (await realpath(folder) !== folder) return false;
    const names = await readdir(folder);
    const executable = names.find((entry) => entry !== RECORD);
    if (names.length !== 2 || executable === void 0) return false;
    for (const entry of names) if (!(await lstat(join(folder, entry))).isFile()) return false;
    const record = JSON.parse(await readFile(join(folder, RECORD), "utf8"));
    return record.name === name && record.version === version && record.target === target && record.executable === executable && record.sha256 === sha256 && record.artifact?.sha256 === sha256 && await sha256OfFile(join(folder, executable)) === sha256;
  } catch {
    return false;
  }
}
async function sha256OfFile(path) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
async function move(from, to) {
  try {
    await rename(from, to);
  } catch (error2) {
    if (
      /** @type {NodeJS.ErrnoException} */
      error2.code !== "EXDEV"
    ) throw error2;
    const staged = `${to}.${process.pid}`;
    try {
      await cp(from, staged, {
        recursive: true,
        preserveTimestamps: true
      });
      await rename(staged, to);
    } finally {
      await rm(staged, {
        recursive: true,
        force: true
      });
    }
  }
}

// scripts/setup/engine_cache.mjs
import { execFile } from "node:child_process";
import { createHash as createHash2 } from "node:crypto";
import { createWriteStream, openAsBlob } from "node:fs";
import { mkdtemp, rm as rm2, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join as join2 } from "node:path";
import process3 from "node:process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

// scripts/setup/fetch_ok.mjs
import { setTimeout as pause } from "node:timers/promises";

// scripts/setup/runner.mjs
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import process2 from "node:process";
var SetupError = class extends Error {
};
function input(name) {
  return (process2.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
}
function booleanInput(name) {
  const value = input(name);
  if (/^(true|yes|on)$/i.test(value)) return true;
  if (/^(false|no|off|)$/i.test(value)) return false;
  throw new SetupError(`The input ${name} is ${JSON.stringify(value)}, expected true or false.`);
}
function setOutput(name, value) {
  appendEntry("GITHUB_OUTPUT", name, value);
}
function saveState(name, value) {
  appendEntry("GITHUB_STATE", name, value);
}
function addPath(folder) {
  append("GITHUB_PATH", `${folder}
`);
  const separator = process2.platform === "win32" ? ";" : ":";
  process2.env.PATH = `${folder}${separator}${process2.env.PATH ?? ""}`;
}
function addSummary(markdown) {
  append("GITHUB_STEP_SUMMARY", `${markdown}
`);
}
function info(text) {
  console.log(text);
}
function addMask(secret) {
  console.log(`::add-mask::${escapeCommand(secret)}`);
}
function warning(text) {
  console.log(`::warning title=hale::${escapeCommand(text)}`);
}
function error(text) {
  console.log(`::error title=hale::${escapeCommand(text)}`);
}
function escapeCommand(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
function appendEntry(file, name, value) {
  const end = randomUUID();
  append(file, `${name}<<${end}
${value}
${end}
`);
}
function append(file, text) {
  const path = process2.env[file];
  if (!path) {
    throw new SetupError(`${file} is not set. This script must run as a step of GitHub Actions.`);
  }
  appendFileSync(path, text);
}

// scripts/setup/fetch_ok.mjs
var PAUSES_MS = [
  1e3,
  5e3
];
async function fetchOk(url, options = {}, { allow = [] } = {}) {
  const action = options.method === "PUT" ? "Could not upload to" : "Could not download";
  const shown = url.replace(/\?.*/s, "");
  for (let attempt = 0; ; attempt++) {
    const pauseMs = PAUSES_MS[attempt];
    let problem;
    try {
      const response = await fetch(url, options);
      if (response.status < 400 || allow.includes(response.status)) return response;
      problem = `the server answered ${response.status}`;
      await response.body?.cancel();
      if (response.status !== 429 && response.status < 500) {
        throw new SetupError(`${action} ${shown}: ${problem}.`);
      }
    } catch (error2) {
      if (error2 instanceof SetupError) throw error2;
      problem = error2 instanceof Error ? String(error2.cause ?? error2.message) : String(error2);
    }
    if (pauseMs === void 0) throw new SetupError(`${action} ${shown}: ${problem}.`);
    await pause(pauseMs);
  }
}

// scripts/setup/engine_cache.mjs
var SERVICE = "twirp/github.actions.results.api.v1.CacheService";
var CONFLICT = 409;
var VERSION = createHash2("sha256").update("hale engines 2").digest("hex");
function hasCache() {
  const { ACTIONS_CACHE_SERVICE_V2, ACTIONS_RESULTS_URL, ACTIONS_RUNTIME_TOKEN } = process3.env;
  return Boolean(ACTIONS_CACHE_SERVICE_V2 && ACTIONS_RESULTS_URL && ACTIONS_RUNTIME_TOKEN);
}
async function restoreEngines(key, locked) {
  const found = await request("GetCacheEntryDownloadURL", {
    key,
    version: VERSION
  });
  const url = signed(found?.signed_download_url ?? found?.signedDownloadUrl);
  if (found?.ok !== true || url === "") return 0;
  return await withFolder(async (folder) => {
    const archive = join2(folder, "engines.tgz");
    const { body } = await fetchOk(url);
    await pipeline(Readable.fromWeb(
      /** @type {any} */
      body
    ), createWriteStream(archive));
    await tar([
      "-xzf",
      archive,
      "-C",
      folder,
      CACHE
    ]);
    return await placeEngines(folder, haleHome(), locked);
  });
}
function signed(url) {
  if (typeof url !== "string" || url === "") return "";
  const signature = new URL(url).searchParams.get("sig");
  if (signature) {
    addMask(signature);
    addMask(encodeURIComponent(signature));
  }
  return url;
}
async function request(method, message) {
  const base = String(process3.env.ACTIONS_RESULTS_URL).replace(/\/*$/, "/");
  const response = await fetchOk(`${base}${SERVICE}/${method}`, {
    method: "POST",
    body: JSON.stringify(message),
    headers: {
      authorization: `Bearer ${process3.env.ACTIONS_RUNTIME_TOKEN}`,
      "content-type": "application/json"
    }
  }, {
    allow: [
      CONFLICT
    ]
  });
  return response.status === CONFLICT ? null : await response.json();
}
function haleHome() {
  const { HALE_HOME, LOCALAPPDATA } = process3.env;
  if (HALE_HOME) return HALE_HOME;
  return process3.platform === "win32" ? join2(LOCALAPPDATA || join2(homedir(), "AppData", "Local"), "hale") : join2(homedir(), ".hale");
}
async function withFolder(use) {
  const folder = await mkdtemp(join2(process3.env.RUNNER_TEMP || tmpdir(), "hale-engines-"));
  try {
    return await use(folder);
  } finally {
    await rm2(folder, {
      recursive: true,
      force: true
    });
  }
}
async function tar(args) {
  const program = process3.platform === "win32" ? join2(process3.env.SystemRoot ?? "C:\\Windows", "System32", "tar.exe") : "tar";
  await promisify(execFile)(program, args);
}

// scripts/setup/install_hale.mjs
import { execFile as execFile2 } from "node:child_process";
import { createHash as createHash3, randomUUID as randomUUID2 } from "node:crypto";
import { chmod, mkdir as mkdir2, open, readFile as readFile2, rename as rename2, rm as rm3, writeFile } from "node:fs/promises";
import { join as join3 } from "node:path";
import process5 from "node:process";
import { promisify as promisify2 } from "node:util";

// scripts/setup/hale_environment.mjs
import process4 from "node:process";
var COMMAND_FILES = [
  "GITHUB_ENV",
  "GITHUB_OUTPUT",
  "GITHUB_PATH",
  "GITHUB_STATE",
  "GITHUB_STEP_SUMMARY"
];
function haleEnvironment(env = process4.env) {
  const kept = {};
  for (const [name, value] of Object.entries(env)) {
    const isOfStep = /^(INPUT|STATE|ACTIONS)_/i.test(name) || COMMAND_FILES.includes(name.toUpperCase()) || name.toUpperCase() === "RUNNER_TRACKING_ID";
    if (value !== void 0 && !isOfStep) kept[name] = value;
  }
  return kept;
}

// scripts/setup/install_hale.mjs
var OS = {
  linux: "linux",
  darwin: "darwin",
  win32: "windows"
};
var ARCH = {
  x64: "amd64",
  arm64: "arm64"
};
var RELEASED = [
  "linux-amd64",
  "linux-arm64",
  "darwin-amd64",
  "darwin-arm64",
  "windows-amd64"
];
function runnerTarget() {
  const os = OS[
    /** @type {keyof typeof OS} */
    process5.platform
  ];
  const arch = ARCH[
    /** @type {keyof typeof ARCH} */
    process5.arch
  ];
  const target = `${os}-${arch}`;
  if (RELEASED.includes(target)) return target;
  throw new SetupError(`hale is not released for ${process5.platform} on ${process5.arch}, only for ${RELEASED.join(", ")}.`);
}
async function installHale(version, releases) {
  const target = runnerTarget();
  const ending = target.startsWith("windows-") ? ".exe" : "";
  const tools = process5.env.RUNNER_TOOL_CACHE || process5.env.RUNNER_TEMP;
  if (!tools) {
    throw new SetupError("RUNNER_TOOL_CACHE is not set. This script must run as a step of GitHub Actions.");
  }
  const folder = join3(tools, "hale", version, target);
  const path = join3(folder, `hale${ending}`);
  const record = join3(folder, "sha256");
  const asset = `hale-${target}${ending}`;
  if (await isInstalled(path, record)) return {
    folder,
    path,
    downloaded: false
  };
  const base = `${releases.server}/${releases.repository}/releases/download/v${encodeURIComponent(version)}`;
  const expected = checksumOf(asset, await (await fetchOk(`${base}/SHA256SUMS`)).text());
  if (expected === null) throw new SetupError(`${base}/SHA256SUMS has no checksum for ${asset}.`);
  await mkdir2(folder, {
    recursive: true
  });
  const temporary = join3(folder, `.download-${randomUUID2()}`);
  try {
    const received = await download(`${base}/${asset}`, temporary);
    if (received !== expected) {
      throw new SetupError(`${base}/${asset} has the wrong checksum. Expected SHA-256 ${expected}, received ${received}.`);
    }
    await chmod(temporary, 493);
    await rename2(temporary, path);
    await writeFile(record, `${expected}
`);
  } finally {
    await rm3(temporary, {
      force: true
    });
  }
  return {
    folder,
    path,
    downloaded: true
  };
}
async function versionOf(path) {
  try {
    const { stdout } = await promisify2(execFile2)(path, [
      "version",
      "--json"
    ], {
      env: haleEnvironment(),
      timeout: 6e4
    });
    return JSON.parse(stdout).version;
  } catch (error2) {
    throw new SetupError(`${path} does not run on this machine: ${error2 instanceof Error ? error2.message : error2}`);
  }
}
async function isInstalled(path, record) {
  try {
    return (await readFile2(record, "utf8")).trim() === await sha256OfFile(path);
  } catch {
    return false;
  }
}
function checksumOf(asset, manifest) {
  for (const line of manifest.split(/\r?\n/)) {
    const match = /^([0-9a-f]{64})[ \t]+\*?(?:\.\/)?(.+)$/i.exec(line.trim());
    if (match?.[2] === asset) return (match[1] ?? "").toLowerCase();
  }
  return null;
}
async function download(url, path) {
  const response = await fetchOk(url);
  const hash = createHash3("sha256");
  const file = await open(path, "wx");
  try {
    for await (const chunk of response.body ?? []) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } catch (error2) {
    throw new SetupError(`The download of ${url} broke off: ${error2 instanceof Error ? error2.message : error2}.`);
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

// scripts/setup/releases.mjs
import { readFileSync as readFileSync2 } from "node:fs";
import process6 from "node:process";

// npm:deno-std/1.4.0/semver/_shared.js
function compareNumber(a, b) {
  if (isNaN(a) || isNaN(b)) {
    throw new Error("Cannot compare against non-numbers");
  }
  return a === b ? 0 : a < b ? -1 : 1;
}
function checkIdentifier(v1 = [], v2 = []) {
  if (v1.length && !v2.length) {
    return -1;
  }
  if (!v1.length && v2.length) {
    return 1;
  }
  return 0;
}
function compareIdentifier(v1 = [], v2 = []) {
  const length = Math.max(v1.length, v2.length);
  for (let i = 0; i < length; i++) {
    const a = v1[i];
    const b = v2[i];
    if (a === void 0 && b === void 0) {
      return 0;
    }
    if (b === void 0) {
      return 1;
    }
    if (a === void 0) {
      return -1;
    }
    if (typeof a === "string" && typeof b === "number") {
      return 1;
    }
    if (typeof a === "number" && typeof b === "string") {
      return -1;
    }
    if (a < b) {
      return -1;
    }
    if (a > b) {
      return 1;
    }
  }
  return 0;
}
var NUMERIC_IDENTIFIER = "0|[1-9]\\d*";
var NON_NUMERIC_IDENTIFIER = "\\d*[a-zA-Z-][a-zA-Z0-9-]*";
var VERSION_CORE = `(?<major>${NUMERIC_IDENTIFIER})\\.(?<minor>${NUMERIC_IDENTIFIER})\\.(?<patch>${NUMERIC_IDENTIFIER})`;
var PRERELEASE_IDENTIFIER = `(?:${NUMERIC_IDENTIFIER}|${NON_NUMERIC_IDENTIFIER})`;
var PRERELEASE = `(?:-(?<prerelease>${PRERELEASE_IDENTIFIER}(?:\\.${PRERELEASE_IDENTIFIER})*))`;
var BUILD_IDENTIFIER = "[0-9A-Za-z-]+";
var BUILD = `(?:\\+(?<buildmetadata>${BUILD_IDENTIFIER}(?:\\.${BUILD_IDENTIFIER})*))`;
var FULL_VERSION = `v?${VERSION_CORE}${PRERELEASE}?${BUILD}?`;
var FULL_REGEXP = new RegExp(`^${FULL_VERSION}$`);
var COMPARATOR = "(?:<|>)?=?";
var WILDCARD_IDENTIFIER = `x|X|\\*`;
var XRANGE_IDENTIFIER = `${NUMERIC_IDENTIFIER}|${WILDCARD_IDENTIFIER}`;
var XRANGE = `[v=\\s]*(?<major>${XRANGE_IDENTIFIER})(?:\\.(?<minor>${XRANGE_IDENTIFIER})(?:\\.(?<patch>${XRANGE_IDENTIFIER})${PRERELEASE}?${BUILD}?)?)?`;
var OPERATOR_XRANGE_REGEXP = new RegExp(`^(?<operator>~>?|\\^|${COMPARATOR})\\s*${XRANGE}$`);
var COMPARATOR_REGEXP = new RegExp(`^(?<operator>${COMPARATOR})\\s*(${FULL_VERSION})$|^$`);
function isValidNumber(value) {
  return typeof value === "number" && !Number.isNaN(value) && (!Number.isFinite(value) || 0 <= value && value <= Number.MAX_SAFE_INTEGER);
}
var MAX_LENGTH = 256;
var NUMERIC_IDENTIFIER_REGEXP = new RegExp(`^${NUMERIC_IDENTIFIER}$`);
function parsePrerelease(prerelease) {
  return prerelease.split(".").filter(Boolean).map((id) => {
    if (NUMERIC_IDENTIFIER_REGEXP.test(id)) {
      const number = Number(id);
      if (isValidNumber(number)) {
        return number;
      }
    }
    return id;
  });
}
function parseBuild(buildmetadata) {
  return buildmetadata.split(".").filter(Boolean);
}
function parseNumber2(input2, errorMessage) {
  const number = Number(input2);
  if (!isValidNumber(number)) {
    throw new TypeError(errorMessage);
  }
  return number;
}
function isWildcardComparator(c) {
  return Number.isNaN(c.major) && Number.isNaN(c.minor) && Number.isNaN(c.patch) && (c.prerelease === void 0 || c.prerelease.length === 0) && (c.build === void 0 || c.build.length === 0);
}

// npm:deno-std/1.4.0/semver/compare.js
function compare(version1, version2) {
  if (version1 === version2) {
    return 0;
  }
  return compareNumber(version1.major, version2.major) || compareNumber(version1.minor, version2.minor) || compareNumber(version1.patch, version2.patch) || checkIdentifier(version1.prerelease, version2.prerelease) || compareIdentifier(version1.prerelease, version2.prerelease);
}

// npm:deno-std/1.4.0/semver/format.js
function formatNumber(value) {
  return value.toFixed(0);
}
function format(version) {
  const major = formatNumber(version.major);
  const minor = formatNumber(version.minor);
  const patch = formatNumber(version.patch);
  const pre = version.prerelease?.join(".") ?? "";
  const build = version.build?.join(".") ?? "";
  const primary = `${major}.${minor}.${patch}`;
  const release = [
    primary,
    pre
  ].filter((v) => v).join("-");
  return [
    release,
    build
  ].filter((v) => v).join("+");
}

// npm:deno-std/1.4.0/semver/_test_comparator_set.js
function testComparator(version, comparator) {
  if (isWildcardComparator(comparator)) {
    return true;
  }
  const cmp = compare(version, comparator);
  switch (comparator.operator) {
    case "=":
    case void 0: {
      return cmp === 0;
    }
    case "!=": {
      return cmp !== 0;
    }
    case ">": {
      return cmp > 0;
    }
    case "<": {
      return cmp < 0;
    }
    case ">=": {
      return cmp >= 0;
    }
    case "<=": {
      return cmp <= 0;
    }
  }
}
function testComparatorSet(version, set) {
  for (const comparator of set) {
    if (!testComparator(version, comparator)) {
      return false;
    }
  }
  if (!version.prerelease?.length) {
    return true;
  }
  for (const comparator of set) {
    if (isWildcardComparator(comparator)) {
      continue;
    }
    if (!comparator.prerelease?.length) {
      continue;
    }
    const { major, minor, patch } = comparator;
    if (version.major === major && version.minor === minor && version.patch === patch) {
      return true;
    }
  }
  return false;
}

// npm:deno-std/1.4.0/semver/satisfies.js
function satisfies(version, range) {
  return range.some((set) => testComparatorSet(version, set));
}

// npm:deno-std/1.4.0/semver/_constants.js
var ANY = {
  major: Number.NaN,
  minor: Number.NaN,
  patch: Number.NaN,
  prerelease: [],
  build: []
};
var ALL = {
  operator: void 0,
  ...ANY
};

// npm:deno-std/1.4.0/semver/greater_than.js
function greaterThan(version1, version2) {
  return compare(version1, version2) > 0;
}

// npm:deno-std/1.4.0/semver/max_satisfying.js
function maxSatisfying(versions, range) {
  let max;
  for (const version of versions) {
    if (!satisfies(version, range)) {
      continue;
    }
    max = max && greaterThan(max, version) ? max : version;
  }
  return max;
}

// npm:deno-std/1.4.0/semver/parse_range.js
function parseComparator(comparator) {
  const match = comparator.match(COMPARATOR_REGEXP);
  const groups = match?.groups;
  if (!groups) {
    return null;
  }
  const { operator } = groups;
  return {
    operator: operator || void 0,
    ...ANY
  };
}
function isWildcard(id) {
  return !id || id.toLowerCase() === "x" || id === "*";
}
function handleLeftHyphenRangeGroups(leftGroup) {
  if (isWildcard(leftGroup.major)) {
    return;
  }
  if (isWildcard(leftGroup.minor)) {
    return {
      operator: ">=",
      major: +leftGroup.major,
      minor: 0,
      patch: 0,
      prerelease: [],
      build: []
    };
  }
  if (isWildcard(leftGroup.patch)) {
    return {
      operator: ">=",
      major: +leftGroup.major,
      minor: +leftGroup.minor,
      patch: 0,
      prerelease: [],
      build: []
    };
  }
  return {
    operator: ">=",
    major: +leftGroup.major,
    minor: +leftGroup.minor,
    patch: +leftGroup.patch,
    prerelease: leftGroup.prerelease ? parsePrerelease(leftGroup.prerelease) : [],
    build: []
  };
}
function handleRightHyphenRangeGroups(rightGroups) {
  if (isWildcard(rightGroups.major)) {
    return;
  }
  if (isWildcard(rightGroups.minor)) {
    return {
      operator: "<",
      major: +rightGroups.major + 1,
      minor: 0,
      patch: 0,
      prerelease: [],
      build: []
    };
  }
  if (isWildcard(rightGroups.patch)) {
    return {
      operator: "<",
      major: +rightGroups.major,
      minor: +rightGroups.minor + 1,
      patch: 0,
      prerelease: [],
      build: []
    };
  }
  if (rightGroups.prerelease) {
    return {
      operator: "<=",
      major: +rightGroups.major,
      minor: +rightGroups.minor,
      patch: +rightGroups.patch,
      prerelease: parsePrerelease(rightGroups.prerelease),
      build: []
    };
  }
  return {
    operator: "<=",
    major: +rightGroups.major,
    minor: +rightGroups.minor,
    patch: +rightGroups.patch,
    prerelease: [],
    build: []
  };
}
function parseHyphenRange(range) {
  const leftMatch = range.match(new RegExp(`^${XRANGE}`));
  const leftGroup = leftMatch?.groups;
  if (!leftGroup) {
    return null;
  }
  const leftLength = leftMatch[0].length;
  const hyphenMatch = range.slice(leftLength).match(/^\s+-\s+/);
  if (!hyphenMatch) {
    return null;
  }
  const hyphenLength = hyphenMatch[0].length;
  const rightMatch = range.slice(leftLength + hyphenLength).match(new RegExp(`^${XRANGE}\\s*$`));
  const rightGroups = rightMatch?.groups;
  const from = handleLeftHyphenRangeGroups(leftGroup);
  const to = handleRightHyphenRangeGroups(rightGroups);
  return [
    from,
    to
  ].filter(Boolean);
}
function handleCaretOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      ALL
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: 0,
        patch: 0
      },
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    if (major === 0) {
      return [
        {
          operator: ">=",
          major,
          minor,
          patch: 0
        },
        {
          operator: "<",
          major,
          minor: minor + 1,
          patch: 0
        }
      ];
    }
    return [
      {
        operator: ">=",
        major,
        minor,
        patch: 0
      },
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  if (major === 0) {
    if (minor === 0) {
      return [
        {
          operator: ">=",
          major,
          minor,
          patch,
          prerelease
        },
        {
          operator: "<",
          major,
          minor,
          patch: patch + 1
        }
      ];
    }
    return [
      {
        operator: ">=",
        major,
        minor,
        patch,
        prerelease
      },
      {
        operator: "<",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  return [
    {
      operator: ">=",
      major,
      minor,
      patch,
      prerelease
    },
    {
      operator: "<",
      major: major + 1,
      minor: 0,
      patch: 0
    }
  ];
}
function handleTildeOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      ALL
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: 0,
        patch: 0
      },
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor,
        patch: 0
      },
      {
        operator: "<",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  return [
    {
      operator: ">=",
      major,
      minor,
      patch,
      prerelease
    },
    {
      operator: "<",
      major,
      minor: minor + 1,
      patch: 0
    }
  ];
}
function handleLessThanOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      {
        operator: "<",
        major: 0,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (minorIsWildcard) {
    if (patchIsWildcard) {
      return [
        {
          operator: "<",
          major,
          minor: 0,
          patch: 0
        }
      ];
    }
    return [
      {
        operator: "<",
        major,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: "<",
        major,
        minor,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: "<",
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function handleLessThanOrEqualOperator(groups) {
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (minorIsWildcard) {
    return [
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: "<",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: "<=",
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function handleGreaterThanOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      {
        operator: "<",
        major: 0,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: ">",
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function handleGreaterOrEqualOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      ALL
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: ">=",
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function handleEqualOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      ALL
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: 0,
        patch: 0
      },
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor,
        patch: 0
      },
      {
        operator: "<",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: groups.operator === "=" ? "=" : void 0,
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function parseOperatorRange(string) {
  const groups = string.match(OPERATOR_XRANGE_REGEXP)?.groups;
  if (!groups) {
    return parseComparator(string);
  }
  switch (groups.operator) {
    case "^":
      return handleCaretOperator(groups);
    case "~":
    case "~>":
      return handleTildeOperator(groups);
    case "<":
      return handleLessThanOperator(groups);
    case "<=":
      return handleLessThanOrEqualOperator(groups);
    case ">":
      return handleGreaterThanOperator(groups);
    case ">=":
      return handleGreaterOrEqualOperator(groups);
    default:
      return handleEqualOperator(groups);
  }
}
function parseOperatorRanges(string) {
  return string.split(/\s+/).flatMap(parseOperatorRange);
}
function parseRange(value) {
  const result = value.replaceAll(/(?<=[<>=~^])(\s+)/g, "").split(/\s*\|\|\s*/).map((string) => parseHyphenRange(string) || parseOperatorRanges(string));
  if (result.some((r) => r.includes(null))) {
    throw new TypeError(`Cannot parse version range: range "${value}" is invalid`);
  }
  return result;
}

// npm:deno-std/1.4.0/semver/parse.js
function parse2(value) {
  if (typeof value !== "string") {
    throw new TypeError(`Cannot parse version as version must be a string: received ${typeof value}`);
  }
  if (value.length > MAX_LENGTH) {
    throw new TypeError(`Cannot parse version as version length is too long: length is ${value.length}, max length is ${MAX_LENGTH}`);
  }
  value = value.trim();
  const groups = value.match(FULL_REGEXP)?.groups;
  if (!groups) {
    throw new TypeError(`Cannot parse version: ${value}`);
  }
  const major = parseNumber2(groups.major, `Cannot parse version ${value}: invalid major version`);
  const minor = parseNumber2(groups.minor, `Cannot parse version ${value}: invalid minor version`);
  const patch = parseNumber2(groups.patch, `Cannot parse version ${value}: invalid patch version`);
  const prerelease = groups.prerelease ? parsePrerelease(groups.prerelease) : [];
  const build = groups.buildmetadata ? parseBuild(groups.buildmetadata) : [];
  return {
    major,
    minor,
    patch,
    prerelease,
    build
  };
}

// npm:deno-std/1.4.0/semver/try_parse_range.js
function tryParseRange(value) {
  try {
    return parseRange(value);
  } catch {
    return void 0;
  }
}

// npm:deno-std/1.4.0/semver/try_parse.js
function tryParse(value) {
  try {
    return parse2(value);
  } catch {
    return void 0;
  }
}

// scripts/setup/releases.mjs
var GITHUB = "https://github.com";
var MAX_PAGES = 5;
function findReleases() {
  const { env } = process6;
  const repository = env.HALE_REPOSITORY || env.GITHUB_ACTION_REPOSITORY || env.GITHUB_REPOSITORY;
  if (!repository) {
    throw new SetupError("The repository of hale's releases is not known. Set HALE_REPOSITORY=OWNER/NAME.");
  }
  const server = (env.HALE_RELEASES_ENDPOINT || GITHUB).replace(/\/+$/, "");
  const api = server === GITHUB ? "https://api.github.com" : `${server}/api/v3`;
  return {
    server,
    api,
    repository
  };
}
function wantedVersion({ version, versionFile }) {
  if (version !== "") return version;
  if (versionFile === "") return "latest";
  let text;
  try {
    text = readFileSync2(versionFile, "utf8");
  } catch (error2) {
    throw new SetupError(`Cannot read the version-file ${versionFile}: ${messageOf(error2)}.`);
  }
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  const named = lines.find((line) => /^hale\s/.test(line))?.split(/\s+/)[1];
  if (named !== void 0) return named;
  if (lines.length === 1 && !/\s/.test(lines[0] ?? "")) return lines[0] ?? "";
  throw new SetupError(`The version-file ${versionFile} has no version of hale, expected "1.2.3" alone or a line "hale 1.2.3".`);
}
async function chooseVersion(wanted, releases, token) {
  const exact = tryParse(wanted);
  if (exact !== void 0) return format(exact);
  if (wanted === "latest") return await latestVersion(releases);
  const range = tryParseRange(wanted);
  if (range === void 0) {
    throw new SetupError(`${JSON.stringify(wanted)} is not a version, expected 1.2.3, a range such as ^1.2, or latest.`);
  }
  const found = maxSatisfying(await releasedVersions(releases, token), range);
  if (found !== void 0) return format(found);
  throw new SetupError(`${releases.repository} has no release in the range ${wanted}.`);
}
async function latestVersion({ server, repository }) {
  const url = `${server}/${repository}/releases/latest`;
  const response = await fetchOk(url, {
    redirect: "manual"
  });
  const location = response.headers.get("location") ?? "";
  const tag = /\/releases\/tag\/v([^/?#]+)$/.exec(location)?.[1];
  if (tag !== void 0) return decodeURIComponent(tag);
  throw new SetupError(`Could not find the newest release: ${url} answered ${response.status} without naming one.`);
}
async function releasedVersions({ api, repository }, token) {
  const versions = [];
  const headers = {
    accept: "application/vnd.github+json",
    ...token === "" || !isOwnApi(api) ? {} : {
      authorization: `Bearer ${token}`
    }
  };
  for (let page = 1; page <= MAX_PAGES; page++) {
    const response = await fetchOk(`${api}/repos/${repository}/releases?per_page=100&page=${page}`, {
      headers
    });
    const list = await response.json();
    for (const { tag_name: tag, draft, prerelease } of list) {
      const version = draft || prerelease ? void 0 : tryParse(tag);
      if (version?.prerelease?.length === 0) versions.push(version);
    }
    if (list.length < 100) break;
  }
  return versions;
}
function isOwnApi(api) {
  const own = process6.env.GITHUB_API_URL;
  return Boolean(own) && new URL(api).origin === new URL(String(own)).origin;
}
function messageOf(error2) {
  return error2 instanceof Error ? error2.message : String(error2);
}

// scripts/setup/services.mjs
import { execFile as execFile3, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify as promisify3 } from "node:util";
var SHOWN_LINES = "200";
var Services = class {
  #path;
  #config;
  /** @param {string} path The executable. @param {string} config The `hale.toml`; may be empty. */
  constructor(path, config) {
    this.#path = path;
    this.#config = config;
  }
  /** @returns {Promise<ServiceStatus[]>} The status of the services; empty if there is no project. */
  async status() {
    const { stdout } = await this.#run([
      "status",
      "--json"
    ]);
    const services = stdout === "" ? [] : JSON.parse(stdout);
    return Array.isArray(services) ? services : [];
  }
  /**
   * Starts services and waits until they are ready. The output goes to the job's log.
   *
   * @param {readonly string[]} names Empty: all.
   * @param {string} timeout
   * @returns {Promise<number>} The exit status.
   */
  async up(names, timeout) {
    const args = this.#args([
      "up",
      ...names,
      "--timeout",
      timeout,
      "--no-color"
    ]);
    const [code] = await once(spawn(this.#path, args, {
      env: haleEnvironment(),
      stdio: [
        "ignore",
        "inherit",
        "inherit"
      ]
    }), "close");
    return code ?? 1;
  }
  /**
   * @param {readonly string[]} names
   * @returns {Promise<string>} The error message of hale; empty after a success.
   */
  async stop(names) {
    const { code, stderr } = await this.#run([
      "stop",
      ...names,
      "--quiet"
    ]);
    return code === 0 ? "" : stderr;
  }
  /** @param {string} name @returns {Promise<string>} History and end of the logs of a service. */
  async historyAndLogs(name) {
    const logs = [
      "logs",
      name,
      "-n",
      SHOWN_LINES
    ];
    const parts = await Promise.all([
      this.#run([
        "history",
        name
      ]),
      this.#run([
        ...logs,
        "--stdout"
      ]),
      this.#run([
        ...logs,
        "--stderr"
      ])
    ]);
    return [
      "history",
      "standard output",
      "standard error"
    ].map((title, index) => `--- ${title}
${parts[index]?.stdout}`).join("\n");
  }
  /** @param {readonly string[]} args */
  async #run(args) {
    const result = await promisify3(execFile3)(this.#path, this.#args([
      ...args,
      "--no-color"
    ]), {
      env: haleEnvironment(),
      maxBuffer: 64 * 1024 * 1024
    }).catch((error2) => error2);
    return {
      code: 0,
      ...result,
      stdout: result.stdout ?? "",
      stderr: result.stderr ?? ""
    };
  }
  /** @param {readonly string[]} args */
  #args(args) {
    return [
      ...args,
      ...this.#config === "" ? [] : [
        "--config",
        this.#config
      ]
    ];
  }
};
function isUp({ state }) {
  return [
    "running",
    "starting",
    "stopping",
    "backoff"
  ].includes(state);
}
function summaryTable(services) {
  const rows = services.map(({ name, state, health, version, endpoint, restarts }) => [
    name,
    state,
    health,
    String(restarts),
    endpoint ?? "",
    version ?? ""
  ]);
  return [
    [
      "service",
      "state",
      "health",
      "restarts",
      "endpoint",
      "version"
    ],
    Array(6).fill("---"),
    ...rows
  ].map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|").replace(/\s+/g, " ")).join(" | ")} |`).join("\n");
}

// scripts/setup/main.mjs
try {
  await main();
} catch (problem) {
  error(
    problem instanceof SetupError ? problem.message : String(problem instanceof Error ? problem.stack : problem)
  );
  process7.exitCode = 1;
}
async function main() {
  const releases = findReleases();
  const wanted = wantedVersion({ version: input("version"), versionFile: input("version-file") });
  const version = await chooseVersion(wanted, releases, input("github-token"));
  const { folder, path, downloaded } = await installHale(version, releases);
  const reported = await versionOf(path);
  if (reported !== version) {
    throw new SetupError(`${path} should be hale ${version}, but reports version ${reported}.`);
  }
  addPath(folder);
  info(
    `hale ${version} (${downloaded ? "downloaded and verified" : "already installed, verified"}): ${path}`
  );
  setOutput("version", version);
  setOutput("path", path);
  saveState("path", path);
  const config = input("config");
  saveState("config", config === "" ? "" : resolve(config));
  setOutput("cache-hit", String(await restore(resolve(config || "hale.toml"))));
  await startServices(new Services(path, config === "" ? "" : resolve(config)));
}
async function restore(config) {
  if (!booleanInput("cache") || !hasCache()) return false;
  try {
    const lock = readLock(config, runnerTarget());
    if (lock === null) return false;
    const count = await restoreEngines(lock.key, lock.engines);
    if (count > 0) {
      info(`restored ${count} from the cache, with the checksums of hale.lock: ${lock.key}`);
      return true;
    }
    saveState("cache_key", lock.key);
    saveState("cache_config", config);
  } catch (problem) {
    warning(
      `Could not restore engines from the cache, they will be downloaded: ${problem instanceof Error ? problem.message : problem}`
    );
  }
  return false;
}
async function startServices(services) {
  const up = input("up");
  if (up === "" || up === "false") return setOutput("endpoints", "{}");
  const names = up === "true" ? [] : up.split(/[\s,]+/).filter(Boolean);
  const before = new Set((await services.status()).filter(isUp).map(({ name }) => name));
  const code = await services.up(names, input("timeout") || "2m");
  const after = await services.status();
  saveState(
    "started",
    JSON.stringify(after.map(({ name }) => name).filter((name) => !before.has(name)))
  );
  addSummary(`### hale

${summaryTable(after)}`);
  const endpoints = after.flatMap(({ name, endpoint }) => endpoint === null ? [] : [[name, endpoint]]);
  setOutput("endpoints", JSON.stringify(Object.fromEntries(endpoints)));
  if (code !== 0) {
    throw new SetupError(`The services are not ready: \`hale up\` exited with ${code}.`);
  }
}
/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */
