// A fake GitHub on loopback for the setup step: releases, their list, the cache.

/** Requests and stored archives of one test. */
export class LoopbackGitHub implements AsyncDisposable {
  readonly #files = new Map<string, Uint8Array<ArrayBuffer> | string>();
  readonly #archives = new Map<string, Uint8Array<ArrayBuffer>>();
  #poisoned: Uint8Array<ArrayBuffer> | null = null;
  /** Whether requests for archives fail. */
  refusesArchives = false;
  readonly #uploads = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** `METHOD path` of every request. */
  readonly requests: string[] = [];
  /** Values of `Authorization`, by path. */
  readonly tokens = new Map<string, string | null>();
  /** The list of releases. */
  list: readonly { tag_name: string; draft?: boolean; prerelease?: boolean }[] = [];
  latest = "";
  /** Paths that respond with 503 once. */
  readonly busyOnce = new Set<string>();

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Keys of the saved archives. */
  get kept(): string[] {
    return [...this.#archives.keys()];
  }

  /** Puts an archive into the cache under every key, as any job that can write to it may. */
  poison(archive: Uint8Array<ArrayBuffer>): void {
    this.#poisoned = archive;
  }

  /** Publishes a release with one executable. */
  async release(version: string, asset: string, text: string, checksumOf = text): Promise<void> {
    const base = `/acme/hale/releases/download/v${version}`;
    const bytes = new TextEncoder().encode(checksumOf);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    this.#files.set(`${base}/${asset}`, text);
    this.#files.set(`${base}/SHA256SUMS`, `${hash}  ${asset}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    this.requests.push(`${request.method} ${pathname}`);
    this.tokens.set(pathname, request.headers.get("authorization"));
    if (this.busyOnce.delete(pathname)) return new Response("busy", { status: 503 });
    const file = this.#files.get(pathname);
    if (file !== undefined) return new Response(file);
    if (pathname === "/acme/hale/releases/latest") {
      return Response.redirect(`${this.url}/acme/hale/releases/tag/v${this.latest}`);
    }
    if (pathname === "/api/v3/repos/acme/hale/releases") {
      const defaults = { draft: false, prerelease: false };
      return Response.json(this.list.map((release) => ({ ...defaults, ...release })));
    }
    const latest = /^\/acme\/hale\/releases\/latest\/download\/(.+)$/.exec(pathname);
    if (latest !== null) {
      const path = `/acme/hale/releases/download/v${this.latest}/${latest[1]}`;
      return Response.redirect(this.url + path);
    }
    const method = /^\/twirp\/github\.actions\.results\.api\.v1\.CacheService\/(\w+)$/.exec(
      pathname,
    );
    if (method !== null) return this.#cacheService(method[1]!, await request.json());
    return await this.#blob(request, pathname);
  }

  #cacheService(method: string, { key, version, size_bytes }: Record<string, string>): Response {
    const entry = `${key}@${version}`;
    const blob = `${this.url}/blob/${encodeURIComponent(entry)}?sig=s3cr%2Ft`;
    switch (method) {
      case "GetCacheEntryDownloadURL":
        return this.#archives.has(entry) || this.#poisoned !== null
          ? Response.json({ ok: true, signed_download_url: blob, matched_key: key })
          : Response.json({ ok: false, signed_download_url: "", matched_key: "" });
      case "CreateCacheEntry":
        return this.#archives.has(entry)
          ? Response.json({ code: "already_exists" }, { status: 409 })
          : Response.json({ ok: true, signed_upload_url: blob });
      default: {
        const upload = this.#uploads.get(entry);
        if (upload === undefined || String(upload.length) !== size_bytes) {
          return Response.json({ ok: false });
        }
        this.#archives.set(entry, upload);
        return Response.json({ ok: true, entry_id: "1" });
      }
    }
  }

  async #blob(request: Request, pathname: string): Promise<Response> {
    const entry = decodeURIComponent(pathname.replace("/blob/", ""));
    if (
      request.method === "PUT" && !this.refusesArchives &&
      request.headers.get("x-ms-blob-type") === "BlockBlob"
    ) {
      this.#uploads.set(entry, new Uint8Array(await request.arrayBuffer()));
      return new Response(null, { status: 201 });
    }
    if (this.refusesArchives) return new Response("no", { status: 403 });
    const archive = this.#archives.get(entry) ?? this.#poisoned ?? undefined;
    return archive === undefined
      ? new Response("no such file", { status: 404 })
      : new Response(archive);
  }
}
