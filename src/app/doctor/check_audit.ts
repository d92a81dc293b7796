import { HaleError } from "../../errors.ts";
import { verifyAudit } from "../../audit/verify_audit.ts";
import type { AppContext } from "../context.ts";
import { type Found, ok, wrong } from "./finding.ts";

/**
 * Verifies the hash chain of the audit log.
 *
 * @param context Home and environment.
 * @param signal Aborts the check.
 * @returns The result.
 */
export async function checkAudit({ paths }: AppContext, signal: AbortSignal): Promise<Found> {
  try {
    const { records } = await verifyAudit(paths.audit, { signal });
    return ok(
      paths.audit,
      `${records} ${records === 1 ? "record" : "records"}; the hash chain is intact.`,
    );
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    const isChanged = error.code === "store_corrupt";
    const remedy = isChanged
      ? "Find out what changed the file. Keep the file as it is, as evidence."
      : null;
    return wrong(paths.audit, error.message, remedy);
  }
}
