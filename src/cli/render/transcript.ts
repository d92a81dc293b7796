import type { TranscriptRecord } from "../../model/records.ts";
import type { Color } from "../output/color.ts";
import { shortDigest } from "./config_bundle.ts";
import { renderDuration } from "./duration.ts";
import { renderExit } from "./event.ts";

/**
 * Renders an entry of a service's transcript, without its time.
 *
 * @param entry The entry.
 * @param color Styles texts for the output stream.
 * @returns One line, followed by the last lines of standard error for an exit.
 */
export function renderTranscript(entry: TranscriptRecord, color: Color): readonly string[] {
  switch (entry.type) {
    case "requested": {
      const { action, actor } = entry;
      const by = actor === null ? "hale" : `${actor.user} (${actor.how})`;
      return [`${action} requested  ${color("dim", `by ${by}`)}`];
    }
    case "launched": {
      const command = [entry.binary, ...entry.args].join(" ");
      const how = entry.automatic ? "restarted" : "launched";
      const config = entry.config_digest === undefined
        ? ""
        : color("dim", `  config ${shortDigest(entry.config_digest)}`);
      return [`${how}  pid ${entry.pid}  ${color("dim", command)}${config}`];
    }
    case "healthy":
      return [`${color("green", "healthy")}  after ${renderDuration(entry.after_ms)}`];
    case "adopted":
      return [`adopted by a new supervisor  pid ${entry.pid}`];
    case "exited": {
      const ran = entry.ran_ms === null ? "" : ` after ${renderDuration(entry.ran_ms)}`;
      return [
        `exited: ${renderExit(entry.exit)}${ran}`,
        ...entry.stderr.map((line) => `| ${line}`),
      ];
    }
    case "failed":
      return [`${color("red", entry.reason.code)}: ${entry.reason.message}`];
  }
}
