/** Answers at once: what a request and a start cost at the least. */
export default {
  fetch: () => new Response("ok"),
} satisfies ExportedHandler;
