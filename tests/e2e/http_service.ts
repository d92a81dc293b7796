// A program for services that are to answer: an HTTP server on a port of 127.0.0.1, whose answer is
// the JSON of its second argument.

const [port, body = '{"status":"ok"}'] = Deno.args;
Deno.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  onListen: () => console.log(`listening on ${port}`),
}, () => new Response(body, { headers: { "content-type": "application/json" } }));
