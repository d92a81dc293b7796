// Tries operations that hale's permission set must deny and prints the errors. Run by
// compiled_program_test.ts under `deno run` and as a compiled program, with hale's permissions.

async function answerTo(act) {
  try {
    await act();
    return "allowed";
  } catch (error) {
    return `${error.name}: ${error.message.split("\n")[0]}`;
  }
}

const state = (descriptor) => Deno.permissions.querySync(descriptor).state;
// Not literals, which would be resolved when the program is compiled.
const [library, module, host] = Deno.args;

console.log(JSON.stringify({
  standalone: Deno.build.standalone,
  states: {
    loopback: state({ name: "net", host: "127.0.0.1" }),
    releases: state({ name: "net", host: "releases.rivet.dev" }),
    githubAssets: state({ name: "net", host: "objects.githubusercontent.com" }),
    elsewhere: state({ name: "net", host: "example.com" }),
    everywhere: state({ name: "net" }),
    ffi: state({ name: "ffi" }),
    read: state({ name: "read" }),
    run: state({ name: "run" }),
    sys: state({ name: "sys" }),
  },
  fetch: await answerTo(() => fetch(`http://${host}/`)),
  connect: await answerTo(() => Deno.connect({ hostname: host, port: 80 })),
  listen: await answerTo(() => Deno.listen({ hostname: "0.0.0.0", port: 0 })),
  ffi: await answerTo(() => Deno.dlopen(library, {})),
  ffiByNode: await answerTo(() => process.dlopen({ exports: {} }, library)),
  import: await answerTo(() => import(module)),
}));
