// An HTTP server for services. Arguments: the port on 127.0.0.1, and the JSON of all answers.

const [port, body = '{"status":"ok"}'] = Deno.args;
Deno.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  onListen: () => console.log(`listening on ${port}`),
}, () => new Response(body, { headers: { "content-type": "application/json" } }));
