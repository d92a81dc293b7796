/**
 * A server on loopback for the files of a folder, from which transcripts download.
 *
 * @module
 */

import { join } from "@std/path";

/** Serves a folder until it is disposed of, and logs the requests. */
export class FolderServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #folder: string;

  /** @param folder The folder. Requests are logged to the file `FOLDER.log`. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(new URL(request.url).pathname),
    );
    Deno.writeTextFileSync(`${folder}.log`, "");
  }

  get port(): number {
    return this.#server.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(path: string): Promise<Response> {
    let response: Response;
    try {
      const body = await Deno.readFile(join(this.#folder, decodeURIComponent(path)));
      const isJson = body[0] === "{".charCodeAt(0);
      const type = isJson ? "application/json" : "application/octet-stream";
      response = new Response(body, { headers: { "content-type": type } });
    } catch {
      response = new Response("no such file\n", { status: 404 });
    }
    Deno.writeTextFileSync(`${this.#folder}.log`, `${path} ${response.status}\n`, { append: true });
    return response;
  }
}
