import { HaleError } from "../../errors.ts";
import { downloadDeniedByPolicy } from "../../policy/denied_by_policy.ts";
import type { ReleaseSource } from "../../resolve/release/release_source.ts";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import { audit } from "../governance/audit_trail.ts";
import type { AppContext } from "../context.ts";
import { homePolicy } from "../governance/enforce_policy.ts";

/** What a download is for. */
export interface DownloadPurpose {
  /** Name of the service. */
  readonly name: string;
  /** RuntimeId. */
  readonly runtime?: string | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** Callbacks that the download must call. */
export interface DownloadHooks {
  /** Called before the first connection; throws if the source is denied. */
  readonly allowRelease: (source: ReleaseSource) => void;
  readonly onProgress: (progress: DownloadProgress) => void;
}

/**
 * Runs an action that may download an executable. The policy is checked before the first connection;
 * a denial or a download is written to the audit log.
 *
 * @param purpose The service and the progress callback.
 * @param context Home and actor.
 * @param install The action.
 * @returns The result of `install`; its `path`, if any, is the executable.
 * @throws {HaleError} `policy_denied` If the policy does not allow the source.
 * @throws {HaleError} `store_io` or `store_locked` If the audit log cannot be written.
 */
export async function auditedDownload<T extends object>(
  { name: server, runtime, onProgress }: DownloadPurpose,
  context: Pick<AppContext, "paths" | "actor">,
  install: (hooks: DownloadHooks) => Promise<T>,
): Promise<T> {
  // If another process downloaded it meanwhile, that process writes the audit entry.
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
