/**
 * Writes the diagram of a service's state machine into the manual, generated from its table:
 * `deno run -A scripts/docs/state_diagram.ts`. A test compares the two.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { TRANSITIONS } from "../../src/supervise/service/transition.ts";

const BEGIN = "<!-- begin: state diagram, made by scripts/docs/state_diagram.ts -->";
const END = "<!-- end: state diagram -->";

/**
 * Returns the table as a Mermaid diagram: one arrow for each pair of states, with the events that
 * cause it.
 *
 * @returns The text of the diagram.
 */
export function stateDiagram(): string {
  const arrows = new Map<string, string[]>();
  for (const [from, events] of Object.entries(TRANSITIONS)) {
    for (const [event, { to }] of Object.entries(events)) {
      const arrow = `${from} --> ${to}`;
      arrows.set(arrow, [...arrows.get(arrow) ?? [], event]);
    }
  }
  const lines = [...arrows].map(([arrow, events]) => `    ${arrow} : ${events.join(", ")}`);
  return ["stateDiagram-v2", "    [*] --> stopped", "    [*] --> unmanaged", ...lines].join("\n");
}

/**
 * Inserts the diagram into a text.
 *
 * @param text The text with both markers.
 * @returns The text with a new diagram between the markers.
 */
export function withDiagram(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`the text has no ${BEGIN} ... ${END}`);
  const block = `${BEGIN}\n\n\`\`\`mermaid\n${stateDiagram()}\n\`\`\`\n\n`;
  return text.slice(0, begin) + block + text.slice(end);
}

if (import.meta.main) {
  const page = fromFileUrl(new URL("../../src/cli/manual/architecture.md", import.meta.url));
  await Deno.writeTextFile(page, withDiagram(await Deno.readTextFile(page)));
}
