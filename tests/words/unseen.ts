import type { Evidence } from "./evidence.ts";
import type { Message } from "./messages.ts";
import { HOLE } from "./texts.ts";

/** Characters of a message that are enough to recognize it, if no other message has them. */
const CERTAIN = 16;

/** A text between two texts of the haystack. */
const BORDER = "\uffff";

/**
 * Finds the messages that no test expects.
 *
 * A text shows a message if it has all its fixed text in order, with anything for the values, or
 * enough of it, in one piece of at least two words that is in no other message.
 *
 * @param messages The messages.
 * @param evidence What tests expect.
 * @returns The messages that nothing shows.
 */
export function unseen(
  messages: readonly Message[],
  evidence: readonly Evidence[],
): Message[] {
  const seen = recognized(messages, evidence);
  const haystack = evidence.map(({ text }) => text).join(BORDER);
  return messages.filter((message) => !seen.has(message) && !wholeOf(message).test(haystack));
}

/** All of a message, also as a part of a longer text, or with a capital as the begin of a sentence. */
function wholeOf({ text }: Message): RegExp {
  const trimmed = text.trim();
  const capital = trimmed[0]!.toUpperCase() + trimmed.slice(1);
  const patterns = [...new Set([trimmed, capital])].map((one) =>
    one.split(HOLE).map((piece) => RegExp.escape(piece)).join(`[^${BORDER}]{0,200}?`)
  );
  return new RegExp(`(?<!\\w)(?:${patterns.join("|")})(?!\\w)`);
}

/** The messages of which a text has a piece that is in no other one. */
function recognized(
  messages: readonly Message[],
  evidence: readonly Evidence[],
): ReadonlySet<Message> {
  const index = new Map<string, Set<Message>>();
  for (const message of messages) {
    for (const { gram } of gramsOf(message.text)) {
      index.set(gram, (index.get(gram) ?? new Set()).add(message));
    }
  }
  const seen = new Set<Message>();
  for (const { text } of evidence) {
    for (const { gram, rest } of gramsOf(text)) {
      const having = index.get(gram);
      for (const message of having ?? []) {
        if (seen.has(message)) continue;
        const piece = commonStart(rest, restsOf(message.text, gram));
        const others = [...having!].filter((other) => other.text.includes(piece));
        if (others.length === 1 && /\S\s+\S/.test(piece)) seen.add(message);
      }
    }
  }
  return seen;
}

/** Every run of {@linkcode CERTAIN} characters without a hole, and the text that it begins. */
function gramsOf(text: string): { readonly gram: string; readonly rest: string }[] {
  return text.split(HOLE).flatMap((piece) =>
    Array.from({ length: Math.max(0, piece.length - CERTAIN + 1) }, (_, at) => ({
      gram: piece.slice(at, at + CERTAIN),
      rest: piece.slice(at),
    }))
  );
}

function restsOf(text: string, gram: string): string[] {
  return gramsOf(text).filter((one) => one.gram === gram).map(({ rest }) => rest);
}

/** The longest start that a text has in common with one of the others. */
function commonStart(text: string, others: readonly string[]): string {
  const lengths = others.map((other) => {
    let length = 0;
    while (length < text.length && text[length] === other[length]) length++;
    return length;
  });
  return text.slice(0, Math.max(...lengths));
}
