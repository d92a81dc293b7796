import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { maskSecrets } from "../../src/audit/mask_secrets.ts";

for (
  const [args, masked] of [
    [["--token", "x"], ["--token", "***"]],
    [["--token=x", "--port=80"], ["--token=***", "--port=80"]],
    [["-password", "x", "y"], ["-password", "***", "y"]],
    [["--token", "--password", "x"], ["--token", "***", "***"]],
    [["API_KEY=x", "DEBUG=1"], ["API_KEY=***", "DEBUG=1"]],
    [["KEY=x"], ["KEY=***"]],
    [["-Ddb.password=x"], ["-Ddb.password=***"]],
    [["--dbPassword=x"], ["--dbPassword=***"]],
    [["-H", "Authorization: Bearer x"], ["-H", "Authorization:***"]],
    [["-H", "X-Api-Key: x"], ["-H", "X-Api-Key:***"]],
    [["Bearer", "x"], ["Bearer", "***"]],
    [["-H", "Authorization:", "x"], ["-H", "Authorization:", "***"]],
    [["TOKEN=", "x"], ["TOKEN=", "***"]],
    [["-c", "export TOKEN='a'\\''b c'; run"], ["-c", "export TOKEN=***"]],
    [["-c", "run --secret a b"], ["-c", "run --secret ***"]],
    [["--env", "run --token", "x"], ["--env", "run --token", "***"]],
    [['{"password": "a b"}'], ['{"password":***']],
    [["postgres://u:p@h/db"], ["postgres://***@h/db"]],
    [["https://t@h/a https://u:p@i/b"], ["https://***@h/a https://***@i/b"]],
    [["postgres://u:p/a#s?s@h/db"], ["postgres://***@h/db"]],
    [["https://h/?a=1&access_token=x"], ["https://h/?a=1&access_token=***"]],
    [["secret", "deadbeefdeadbeefdeadbeef"], ["secret", "***"]],
    [["--requirepass", "x"], ["--requirepass", "***"]],
    [["ghp_0123456789abcdefghij"], ["***"]],
    [["use sk-0123456789abcdef now"], ["use ***"]],
    [["eyJhbGciOiJIUzI1NiJ9.e30.x"], ["***"]],
  ] as const
) {
  Deno.test(`maskSecrets() returns ${JSON.stringify(masked)} for ${JSON.stringify(args)}`, () => {
    assertEquals(maskSecrets(args), [...masked]);
  });
}

Deno.test("maskSecrets() returns arguments unchanged when they contain no secrets", () => {
  const args = [
    ..."start --port 4222 -p 8080:80 --config /etc/hale/x.toml http://127.0.0.1:80/health".split(
      " ",
    ),
    ..."--verbose -v npm:@scope/thing@1.2.3 C:\\Programs\\x.exe --url=https://h/a?b=c".split(" "),
    "while true; do sleep 1; done",
    "über=straße",
    "",
  ];
  assertEquals(maskSecrets(args), args);
});

const NAMES = fc.tuple(
  fc.constantFrom("", "db", "MY", "x-service", "app.main"),
  fc.constantFrom("token", "secret", "password", "passwd", "api_key", "apiKey", "auth", "KEY"),
).map(([prefix, name]) => prefix === "" ? name : `${prefix}_${name}`)
  .chain((name) => fc.constantFrom(name, name.toUpperCase(), name.replaceAll("_", "-")));

/** Any text between two marks, which show whether its head or tail stays visible. */
const SECRETS = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "a=b",
    " --x ",
    "'a'\\''b c'",
    '"a" b',
    "token=",
    "user@",
    "//",
    "\n",
  ),
).map((text) => `Q${text}Z`);
const WORDS = SECRETS.map((text) => text.replaceAll(/\s/gu, "_"));

function assertHidden(args: readonly string[]): void {
  const masked = maskSecrets(args);
  assertEquals(masked.length, args.length);
  assert(!/[QZ]/.test(masked.join("\n")), JSON.stringify({ args, masked }));
}

for (
  const [form, secrets, argsOf] of [
    ["--NAME X", SECRETS, (name, secret) => [`--${name}`, secret]],
    ["-NAME X", SECRETS, (name, secret) => [`-${name}`, secret]],
    ["--NAME=X", SECRETS, (name, secret) => [`--${name}=${secret}`]],
    ["--NAME:X", SECRETS, (name, secret) => [`--${name}:${secret}`]],
    ["NAME=X", SECRETS, (name, secret) => [`${name}=${secret}`]],
    ["script with NAME=X", SECRETS, (name, secret) => [`set -e; ${name}=${secret} run`]],
    ["script with --NAME X", SECRETS, (name, secret) => [`run --${name} ${secret}; done`]],
    ["JSON", SECRETS, (name, secret) => [JSON.stringify({ a: 1, [name]: secret, b: 2 })]],
    ["JSON twice", SECRETS, (name, secret) => [JSON.stringify(JSON.stringify({ [name]: secret }))]],
    ["header", SECRETS, (name, secret) => ["-H", `${name}: ${secret}`]],
    ["bearer", SECRETS, (_, secret) => ["-H", `bearer ${secret}`]],
    ["Bearer X", SECRETS, (_, secret) => ["Bearer", secret]],
    ["userinfo", WORDS, (_, secret) => [`postgres://u:${secret}@h.example/db`]],
    ["user", WORDS, (_, secret) => [`clone from https://${secret}@h.example/r.git now`]],
    ["query", WORDS, (name, secret) => [`https://h.example/?${name}=${secret}&x=1`]],
    ["long word", WORDS, (name, secret) => [name, `${"0123456789abcdef"}${secret}`]],
    ["long word in a text", WORDS, (name, secret) => [`the ${name} 0123456789abcdef${secret}`]],
  ] as const satisfies readonly (readonly [
    string,
    fc.Arbitrary<string>,
    (name: string, secret: string) => readonly string[],
  ])[]
) {
  Deno.test(`maskSecrets() masks all of a secret in the form ${form}`, () => {
    fc.assert(fc.property(NAMES, secrets, (name, secret) => {
      assertHidden(["first", ...argsOf(name, secret), "last"]);
    }));
  });
}

Deno.test("maskSecrets() takes linear time when arguments are long", () => {
  const long = ["a", "-", " ", "a ", "a=", "//", "// ", "a@", "--a ", '"', "token "].map((part) =>
    part.repeat(100_000)
  );
  const startedAt = performance.now();
  maskSecrets(long);
  // Quadratic time would take minutes.
  assert(performance.now() - startedAt < 10_000);
});
