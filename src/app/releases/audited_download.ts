import { HaleError } from "../../errors.ts";
import { downloadDeniedByPolicy } from "../../policy/denied_by_policy.ts";
import type { ReleaseSource } from "../../resolve/release/release_source.ts";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import { audit } from "../governance/audit_trail.ts";
import type { AppContext } from "../context.ts";
import { homePolicy } from "../governance/enforce_policy.ts";

/** For what something may be downloaded. */
export interface DownloadPurpose {
  /** The service. */
  readonly name: string;
  /** RuntimeId. */
  readonly runtime?: string | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** What whoever downloads has to ask and to tell. */
export interface DownloadHooks {
  /** Asked before the first connection. */
  readonly allowRelease: (source: ReleaseSource) => void;
  readonly onProgress: (progress: DownloadProgress) => void;
}

/**
 * Does something that may download an executable: the policy is asked before the first connection,
 * and what it refuses, or what was downloaded, is put into the audit log.
 *
 * @param purpose For what, and whom to tell how far it is.
 * @param context Where hale works, and for whom.
 * @param install Does it.
 * @returns What `install` returned; its `path`, where it has one, is the executable.
 * @throws {HaleError} `policy_denied` If the policy does not allow the source.
 * @throws {HaleError} `store_io` or `store_locked` If the audit log cannot be written.
 */
export async function auditedDownload<T extends object>(
  { name: server, runtime, onProgress }: DownloadPurpose,
  context: Pick<AppContext, "paths" | "actor">,
  install: (hooks: DownloadHooks) => Promise<T>,
): Promise<T> {
  // Another program may be quicker: then nothing comes, and it is that one's record.
  let from: string | undefined;
  const hooks: DownloadHooks = {
    allowRelease: (source) => {
      const denied = downloadDeniedByPolicy(homePolicy(context.paths).read(), source);
      if (denied !== null) throw denied;
    },
    onProgress: (progress) => {
      if (progress.phase === "downloading") from = progress.url;
      onProgress?.(progress);
    },
  };
  try {
    const result = await install(hooks);
    if (from !== undefined) {
      const command = "path" in result ? String(result.path) : undefined;
      await audit(context, { server, action: "fetch", command, runtime, reason: `from ${from}` });
    }
    return result;
  } catch (error) {
    if (error instanceof HaleError && error.code === "policy_denied") {
      const reason = error.message;
      await audit(context, { server, action: "policy-denied", runtime, reason });
    }
    throw error;
  }
}
