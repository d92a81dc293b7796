// Generated from scripts/setup/post.mjs by "deno task setup". Do not edit.
// Includes smol-toml/1.9.1. Copyright Squirrel Chat et al. BSD 3-clause license, in full below.

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
  let state2 = 0;
  for (; ctx.p < ctx.s.length; ctx.p++) {
    c = ctx.s.charCodeAt(ctx.p);
    if (isMultiline && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)) {
      state2 = state2 && 3;
    } else if (c < 32 && c !== 9 || c === 127) {
      TomlError.x("control characters are not allowed in strings", ctx);
    } else if ((!state2 || state2 === 3) && c === first && (!isMultiline || ctx.s.charCodeAt(ctx.p + 1) === first && ctx.s.charCodeAt(ctx.p + 2) === first)) {
      if (isMultiline) {
        if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
        if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
      }
      if (!state2) {
        let s = ctx.s.slice(sliceStart, ctx.p);
        parsed = parsed ? parsed + s : s;
      }
      ctx.p += isMultiline ? 3 : 1;
      return parsed;
    } else if (!state2) {
      if (!isLiteral && c === 92) {
        parsed += ctx.s.slice(sliceStart, sliceStart = ctx.p);
        state2 = 1;
      }
    } else if (state2 === 1) {
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
        state2 = 0;
      } else if (isMultiline && (c === 32 || c === 9)) {
        state2 = 2;
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
        state2 = 0;
      }
    } else if (c !== 32 && c !== 9) {
      if (state2 === 2) TomlError.x("invalid escape: only line-ending whitespace may be escaped", ctx, sliceStart);
      state2 = !isLiteral && c === 92 ? 1 : 0;
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
  let state2 = 0;
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
    if (c === 46) state2 = 2;
    else if (c === 101 || c === 69) state2 = 4;
    else TomlError.x("illegal leading zero", ctx, startPtr);
  } else if (!isDigit(c)) TomlError.x("invalid value", ctx, startPtr);
  while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
    if (!state2) state2 = 1;
    if (c === 95) {
      if (!(state2 & 1)) TomlError.x("illegal underscore", ctx);
      state2 += 11;
      hasUnderscores = true;
    } else if (state2 === 1 && c === 46) state2 = 2;
    else if ((state2 === 1 || state2 === 3) && (c === 101 || c === 69)) state2 = 4;
    else if (state2 === 4 && (c === 43 || c === 45)) {
      state2 = 6;
    } else if (!isDigit(c)) TomlError.x(`illegal character in numeric literal`, ctx);
    else if (state2 > 9) state2 -= 11;
    else if (!(state2 & 1)) state2++;
  }
  if (!state2) {
    let val = (startChr - 48) * (sign || 1);
    return ctx.bi === true ? BigInt(val) : val;
  }
  if (!(state2 & 1)) TomlError.x("unfinished numeric value", ctx, startPtr);
  let str = ctx.s.slice(startPtr, ctx.p);
  if (hasUnderscores) str = str.replaceAll("_", "");
  return state2 > 1 ? parseFloat(str) : parseInteger(ctx, str, 10, startPtr);
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
  let state2 = 0;
  let parsed = [];
  let sliceStart;
  let c = ctx.s.charCodeAt(startPtr = ctx.p);
  do {
    if (c === end) {
      if (!state2) TomlError.x("unexpected end of key", ctx);
      if (state2 === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
      return ctx.p++, parsed;
    } else if (c === 46) {
      if (!state2) TomlError.x("illegal empty bare key", ctx);
      if (state2 === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
      state2 = 0;
    } else if (!state2 && (c === 34 || c === 39)) {
      if (c === ctx.s.charCodeAt(ctx.p + 1) && c === ctx.s.charCodeAt(ctx.p + 2)) TomlError.x("illegal quoted key: multiline strings are not allowed", ctx);
      parsed.push(parseString(ctx));
      state2 = 2;
      ctx.p--;
    } else if (c === 32 || c === 9) {
      if (state2 === 1) {
        parsed.push(ctx.s.slice(sliceStart, ctx.p));
        state2 = 2;
      }
    } else if (state2 === 2 || c < 48 && c !== 45 || c > 57 && c < 65 || c > 90 && c < 97 && c !== 95 || c > 122) {
      TomlError.x("illegal character in key", ctx);
    } else if (!state2) {
      state2 = 1;
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
  let state2;
  for (let i = 0; i < key.length; i++) {
    if (i) {
      t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
      m = (state2 = m[k]).c;
      if (type === 0 && (state2.t === 1 || state2.t === 2)) {
        return null;
      }
      if (state2.t === 2) {
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
  state2 = m[k];
  if (state2.t !== type && !(type === 1 && state2.t === 3)) {
    return null;
  }
  if (type === 2) {
    if (!state2.d) {
      state2.d = true;
      t[k] = [];
    }
    t[k].push(t = /* @__PURE__ */ Object.create(null));
    state2.c[state2.i++] = state2 = {
      t: 1,
      d: false,
      i: 0,
      c: /* @__PURE__ */ Object.create(null)
    };
  }
  if (state2.d) {
    return null;
  }
  state2.d = true;
  if (type === 1) {
    t = hasOwn ? t[k] : t[k] = /* @__PURE__ */ Object.create(null);
  } else if (type === 0 && hasOwn) {
    return null;
  }
  return [
    k,
    t,
    state2.c
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
function state(name) {
  return process2.env[`STATE_${name}`] ?? "";
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
function showFolded(title, text) {
  const token = randomUUID();
  console.log(`::group::${escapeCommand(title)}`);
  console.log(`::stop-commands::${token}`);
  console.log(text.trimEnd());
  console.log(`::${token}::`);
  console.log("::endgroup::");
}
function escapeCommand(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
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
    } catch (error) {
      if (error instanceof SetupError) throw error;
      problem = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
    if (pauseMs === void 0) throw new SetupError(`${action} ${shown}: ${problem}.`);
    await pause(pauseMs);
  }
}

// scripts/setup/engine_cache.mjs
var SERVICE = "twirp/github.actions.results.api.v1.CacheService";
var CONFLICT = 409;
var VERSION = createHash2("sha256").update("hale engines 2").digest("hex");
async function saveEngines(key, locked) {
  const home = haleHome();
  const engines = await pinnedEngines(home, locked);
  if (engines.length === 0) return false;
  const created = await request("CreateCacheEntry", {
    key,
    version: VERSION
  });
  if (created === null) return false;
  const url = signed(created.signed_upload_url ?? created.signedUploadUrl);
  if (created.ok !== true || url === "") return false;
  await withFolder(async (folder) => {
    const archive = join2(folder, "engines.tgz");
    await tar([
      "-czf",
      archive,
      "-C",
      home,
      ...engines
    ]);
    const { size } = await stat(archive);
    await fetchOk(url, {
      method: "PUT",
      body: await openAsBlob(archive),
      headers: {
        "content-type": "application/octet-stream",
        "x-ms-blob-type": "BlockBlob"
      }
    });
    const done = await request("FinalizeCacheEntryUpload", {
      key,
      version: VERSION,
      size_bytes: String(size)
    });
    if (done?.ok !== true) throw new SetupError("GitHub's cache refused the archive.");
  });
  return true;
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
    }).catch((error) => error);
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
function hasFailed({ state: state2, health }) {
  return state2 === "crashed" || state2 === "backoff" || health === "unhealthy";
}
function isUp({ state: state2 }) {
  return [
    "running",
    "starting",
    "stopping",
    "backoff"
  ].includes(state2);
}

// scripts/setup/post.mjs
if (state("path") !== "") {
  const services = new Services(state("path"), state("config"));
  await warnOnFailure("Could not show the logs of failed services", () => showFailed(services));
  await warnOnFailure("Could not stop the services", () => stopStarted(services));
  await warnOnFailure(
    "Could not save engines in the cache",
    () => cacheEngines(state("cache_key"))
  );
}
async function showFailed(services) {
  for (const status of (await services.status()).filter(hasFailed)) {
    showFolded(
      `${status.name} is ${status.state}, ${status.health}`,
      await services.historyAndLogs(status.name)
    );
  }
}
async function stopStarted(services) {
  const started = new Set(JSON.parse(state("started") || "[]"));
  const running = (await services.status()).filter(isUp).map(({ name }) => name);
  const names = running.filter((name) => started.has(name));
  if (names.length === 0) return;
  const problem = await services.stop(names);
  if (problem === "") info(`stopped: ${names.join(", ")}`);
  else warning(problem);
}
async function cacheEngines(key) {
  if (key === "") return;
  const lock = readLock(state("cache_config"), runnerTarget());
  if (lock === null || lock.key !== key) return;
  if (await saveEngines(key, lock.engines)) info(`saved engines in the cache: ${key}`);
}
async function warnOnFailure(what, action) {
  try {
    await action();
  } catch (problem) {
    warning(`${what}: ${problem instanceof Error ? problem.message : problem}`);
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
