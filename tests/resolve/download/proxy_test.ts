import { assertEquals, assertStringIncludes } from "@std/assert";
import { proxyFor } from "../../../src/resolve/download/proxy.ts";
import { spawnInstall } from "../install/install_process.ts";
import { temporaryFolder } from "../release_fixture.ts";

const of = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env);

Deno.test("proxyFor() returns the variable and the address without a login", () => {
  const proxy = { variable: "HTTPS_PROXY", address: "http://p.example:3128" };
  assertEquals(of("https://a.example", { HTTPS_PROXY: "http://me:secret@p.example:3128" }), proxy);
  assertEquals(of("https://a.example", { HTTPS_PROXY: "p.example:3128" }), proxy);
  assertEquals(of("http://a.example", { HTTPS_PROXY: "p.example:3128" }), null);
  assertEquals(
    of("http://a.example", { http_proxy: "p", HTTP_PROXY: "q" })?.variable,
    "http_proxy",
  );
  assertEquals(of("http://a.example", { ALL_PROXY: "socks5://p:1080" }), {
    variable: "ALL_PROXY",
    address: "socks5://p:1080",
  });
  assertEquals(of("https://a.example", { HTTPS_PROXY: "" }), null);
  assertEquals(of("https://a.example", { HTTPS_PROXY: "http://me:secret@p:port" }), {
    variable: "HTTPS_PROXY",
    address: "whose address is not a URL",
  });
});

Deno.test("proxyFor() returns null for hosts in NO_PROXY", () => {
  for (const no of ["a.example", ".example", "x, example", "*", "b, a.example ,c"]) {
    assertEquals(of("https://a.example", { HTTPS_PROXY: "p", NO_PROXY: no }), null, no);
  }
  for (const no of ["", "le", "b.example", "xa.example", ","]) {
    assertEquals(of("https://a.example", { HTTPS_PROXY: "p", NO_PROXY: no })?.address, "http://p");
  }
});

/** A proxy that gives every request the same answer. */
class Proxy implements AsyncDisposable {
  requests = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving: Promise<void>;

  constructor(status: string) {
    this.#serving = this.#serve(
      `HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    );
  }

  get host(): string {
    return `127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
  }

  async #serve(answer: string): Promise<void> {
    for await (using connection of this.#listener) {
      await connection.read(new Uint8Array(4096));
      this.requests++;
      await connection.write(new TextEncoder().encode(answer));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }
}

for (const scheme of ["http", "https"]) {
  Deno.test(`installRelease() asks a proxy once that refuses the login, over ${scheme}`, async () => {
    await using proxy = new Proxy("407 Proxy Authentication Required");
    await using cache = await temporaryFolder();
    const variable = `${scheme.toUpperCase()}_PROXY`;
    const outcome = await spawnInstall({
      endpoint: `${scheme}://releases.example`,
      cacheDir: cache.path,
      env: { [variable]: `http://me:hunter2@${proxy.host}`, NO_PROXY: "", no_proxy: "" },
    }).outcome;
    assertEquals([outcome?.code, proxy.requests], ["download_failed", 1]);
    assertStringIncludes(
      outcome!.message!,
      `the proxy http://${proxy.host} (${variable}) requires a valid user name and password (status 407)`,
    );
    assertEquals(outcome!.message!.includes("hunter2"), false);
  });
}

Deno.test("installRelease() names the proxy when it does not let a connection through", async () => {
  await using proxy = new Proxy("403 Forbidden");
  await using cache = await temporaryFolder();
  const outcome = await spawnInstall({
    endpoint: "https://releases.example",
    cacheDir: cache.path,
    env: { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: "", no_proxy: "" },
  }).outcome;
  assertEquals(outcome?.code, "download_failed");
  assertStringIncludes(outcome!.message!, `through the proxy http://${proxy.host} (HTTPS_PROXY)`);
});

Deno.test("installRelease() says where the login of a proxy belongs that no variable names", async () => {
  await using proxy = new Proxy("407 Proxy Authentication Required");
  await using cache = await temporaryFolder();
  const outcome = await spawnInstall({
    endpoint: `http://${proxy.host}`,
    cacheDir: cache.path,
  }).outcome;
  assertEquals([outcome?.code, proxy.requests], ["download_failed", 1]);
  assertStringIncludes(
    outcome!.message!,
    "a proxy requires a valid user name and password (status 407). Put them into HTTPS_PROXY or " +
      'HTTP_PROXY, as in "http://NAME:PASSWORD@HOST:PORT", with special characters percent-encoded.',
  );
});
