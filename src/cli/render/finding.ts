import type { Finding } from "../../app/doctor/finding.ts";
import type { Color, Style } from "../output/color.ts";

const MARKS: Readonly<Record<Finding["status"], { mark: string; style: Style }>> = {
  ok: { mark: "ok", style: "green" },
  note: { mark: "note", style: "yellow" },
  wrong: { mark: "wrong", style: "red" },
  repaired: { mark: "repaired", style: "green" },
};

const WIDTH = Math.max(...Object.values(MARKS).map(({ mark }) => mark.length));

/**
 * Renders one finding of `hale doctor`.
 *
 * @param finding The finding.
 * @param color Styles texts for the output stream.
 * @returns Status, check and subject in one line; below it the message and the remedy.
 */
export function renderFinding(finding: Finding, color: Color): string {
  const { status, check, subject, message, remedy } = finding;
  const { mark, style } = MARKS[status];
  const about = subject === check ? check : `${check}  ${color("dim", subject)}`;
  const indent = " ".repeat(WIDTH + 2);
  const lines = [message, ...remedy === null ? [] : [remedy]]
    .flatMap((text) => text.split("\n"))
    .map((line) => indent + line);
  return [`${color(style, mark.padEnd(WIDTH))}  ${about}`, ...lines].join("\n");
}
