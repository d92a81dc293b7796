import { compileLinePattern } from "../../text/line_pattern.ts";
import type { Problems } from "../schema/problems.ts";
import type { ServiceDraft } from "./service_draft.ts";

/**
 * Reports regular expressions of health checks that are not valid.
 *
 * @param drafts The services.
 * @param problems Where to report them.
 */
export async function checkPatterns(
  drafts: readonly ServiceDraft[],
  problems: Problems,
): Promise<void> {
  for (const { path, table: { health } } of drafts) {
    if (typeof health !== "object") continue;
    await check([...path, "health", "log"], health.log);
    await check([...path, "health", "start", "log"], health.start?.log);
  }

  async function check(
    key: readonly (string | number)[],
    pattern: string | undefined,
  ): Promise<void> {
    if (pattern === undefined) return;
    try {
      await compileLinePattern(pattern);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      problems.add(key, `expected a regular expression in the syntax of RE2: ${error.message}`, {
        value: pattern,
      });
    }
  }
}
