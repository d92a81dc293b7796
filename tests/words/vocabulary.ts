import { EXIT_STATUS } from "../../src/errors.ts";
import type { Evidence } from "./evidence.ts";
import { propertyTypesOf, unionOf } from "./texts.ts";

/** Words of one kind, the table of the manual that explains them, and how a test shows one. */
export interface Vocabulary {
  /** What they are, for messages. */
  readonly what: string;
  /** Page of the manual, without `.md`. */
  readonly page: string;
  /** Heading of the section with the table; null: the words are in bold, in a list. */
  readonly heading: string | null;
  /** Which table of the section, from 0. @default 0 */
  readonly table?: number;
  /** The words, as the types of hale have them. */
  readonly words: readonly string[];
  /** Whether a text that a test expects shows the word. */
  readonly shows: (word: string, evidence: Evidence) => boolean;
}

/** The words of hale. */
export function vocabulariesOf(sources: ReadonlyMap<string, string>): Vocabulary[] {
  const source = (path: string) => sources.get(path)!;
  const state = source("src/model/service_state.ts");
  const records = source("src/model/records.ts");
  const finding = source("src/app/doctor/finding.ts");
  const [events, history] = records.split(/(?=\/\*\* A transcript entry before)/);
  return [
    {
      what: "state",
      page: "states",
      heading: "The state of a service",
      // What is shown for `crashed`, and for a job that completed.
      words: [
        ...unionOf(state, "ServiceState").filter((word) => word !== "crashed"),
        "failed",
        "done",
      ],
      shows: (word, evidence) =>
        inTranscript(evidence, `^\\S+ +${word}(?: +\\S+){6}`, `^\\S+ +\\| ${word}\\b`) ||
        inJson(evidence, "state", word),
    },
    {
      what: "health",
      page: "states",
      heading: "Health",
      words: unionOf(state, "Health"),
      shows: (word, evidence) =>
        inTranscript(evidence, `^\\S+ +[a-z]+ +${word} +\\S+`) || inJson(evidence, "health", word),
    },
    {
      what: "desired state",
      page: "states",
      heading: "The desired state",
      words: unionOf(state, "DesiredState"),
      shows: (word, evidence) => inJson(evidence, "desired", word),
    },
    {
      what: "type of an event",
      page: "states",
      heading: "Events",
      words: propertyTypesOf(events!, "type"),
      shows: isWord,
    },
    {
      what: "code of a diagnostic",
      page: "states",
      heading: "Events",
      table: 1,
      words: diagnosticsIn(sources),
      shows: (word, evidence) => isWord(word, evidence) || inTranscript(evidence, `\\b${word}: `),
    },
    {
      what: "type of an entry of the history",
      page: "states",
      heading: "History",
      words: propertyTypesOf(history!, "type"),
      shows: isWord,
    },
    {
      what: "check of hale doctor",
      page: "doctor",
      heading: "What it checks",
      words: unionOf(finding, "CheckName"),
      shows: (word, evidence) =>
        inTranscript(evidence, `^(?:ok|note|wrong|repaired) +${word}\\b`) || isWord(word, evidence),
    },
    {
      what: "action of the audit log",
      page: "audit",
      heading: null,
      words: unionOf(source("src/model/audit_record.ts"), "AuditAction"),
      shows: isWord,
    },
    {
      what: "error code",
      page: "troubleshooting",
      heading: "Error codes",
      words: Object.keys(EXIT_STATUS),
      shows: (word, evidence) => isWord(word, evidence) || inJson(evidence, "code", word),
    },
  ];
}

/** The codes that the source gives to diagnostics, beside those of errors. */
function diagnosticsIn(sources: ReadonlyMap<string, string>): string[] {
  const codes = [...sources].filter(([file]) => /^src\/(app|store|supervise)\//.test(file)).flatMap(
    ([, source]) =>
      [
        ...source.matchAll(/#diagnose\(\s*"(\w+)"/g),
        ...source.matchAll(/type: "diagnostic",[^}]*?code: "(\w+)"/gs),
      ].map(([, code]) => code!),
  );
  return [...new Set(codes)].sort();
}

function inTranscript({ place, text }: Evidence, ...patterns: readonly string[]): boolean {
  return isTranscript(place) && patterns.some((pattern) => new RegExp(pattern, "m").test(text));
}

function inJson({ place, text }: Evidence, key: string, word: string): boolean {
  return isTranscript(place) && new RegExp(`"${key}": ?"${word}"`).test(text);
}

/** Whether a test has the word as a string. */
function isWord(word: string, { text }: Evidence): boolean {
  return text === word;
}

function isTranscript(place: string): boolean {
  return /\.md:\d+$/.test(place);
}
