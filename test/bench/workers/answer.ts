/** Answers at once: the least that a request and a start can cost. */
export default {
  fetch: () => new Response("ok"),
} satisfies ExportedHandler;
