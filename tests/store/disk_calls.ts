import { basename } from "@std/path";

/**
 * Records the calls that change the disk, in order. The calls are executed. Disposing of it ends the
 * recording.
 */
export class DiskCalls implements Disposable {
  /** Such as `sync x.json`, `rename x.json`. */
  readonly seen: string[] = [];
  readonly #paths = new WeakMap<Deno.FsFile, string>();
  readonly #open = Deno.open;
  readonly #openSync = Deno.openSync;
  readonly #renameSync = Deno.renameSync;
  readonly #sync = Deno.FsFile.prototype.sync;
  readonly #syncSync = Deno.FsFile.prototype.syncSync;

  constructor() {
    const [seen, paths] = [this.seen, this.#paths];
    const [open, openSync, renameSync] = [this.#open, this.#openSync, this.#renameSync];
    const [sync, syncSync] = [this.#sync, this.#syncSync];
    Deno.open = async (path, options) => {
      const file = await open(path, options);
      paths.set(file, nameOf(path));
      return file;
    };
    Deno.openSync = (path, options) => {
      const file = openSync(path, options);
      paths.set(file, nameOf(path));
      return file;
    };
    Deno.renameSync = (from, to) => {
      renameSync(from, to);
      seen.push(`rename ${nameOf(to)}`);
    };
    Deno.FsFile.prototype.sync = async function (this: Deno.FsFile) {
      await sync.call(this);
      seen.push(`sync ${paths.get(this)}`);
    };
    Deno.FsFile.prototype.syncSync = function (this: Deno.FsFile) {
      syncSync.call(this);
      seen.push(`sync ${paths.get(this)}`);
    };
  }

  /** Returns the calls since the last call of this method. */
  take(): string[] {
    return this.seen.splice(0);
  }

  [Symbol.dispose](): void {
    Deno.open = this.#open;
    Deno.openSync = this.#openSync;
    Deno.renameSync = this.#renameSync;
    Deno.FsFile.prototype.sync = this.#sync;
    Deno.FsFile.prototype.syncSync = this.#syncSync;
  }
}

/** Returns the name of a file, without the random part of a temporary one. */
function nameOf(path: string | URL): string {
  return basename(String(path)).replace(/\.[0-9a-f-]{36}\.tmp$/, ".tmp");
}
