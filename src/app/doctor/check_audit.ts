import { HaleError } from "../../errors.ts";
import { verifyAudit } from "../../audit/verify_audit.ts";
import type { AppContext } from "../context.ts";
import { type Found, ok, wrong } from "./finding.ts";

/**
 * Looks whether anybody has changed the audit log of a home.
 *
 * @param context Where hale works.
 * @param signal Ends it.
 * @returns How it is.
 */
export async function checkAudit({ paths }: AppContext, signal: AbortSignal): Promise<Found> {
  try {
    const { records } = await verifyAudit(paths.audit, { signal });
    return ok(paths.audit, `${records} records, each chained to the one before.`);
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    const isChanged = error.code === "store_corrupt";
    const remedy = isChanged ? "Find out who did that, and keep the file as it is." : null;
    return wrong(paths.audit, error.message, remedy);
  }
}
