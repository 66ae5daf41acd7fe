/** Workers KV in the protocol of plain workerd: texts by path, in memory, without expiry or metadata. */
const values = new Map<string, string>();

export default {
  async fetch(request) {
    const key = new URL(request.url).pathname;
    if (request.method === "PUT") {
      values.set(key, await request.text());
      return new Response();
    }
    const value = values.get(key);
    return value === undefined ? new Response(null, { status: 404 }) : new Response(value);
  },
} satisfies ExportedHandler;
