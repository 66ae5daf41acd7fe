/** The floor: passes the request on and does nothing else. The `Host` of the bench's requests is the upstream. */
export default {
  fetch: (request) => fetch(request),
} satisfies ExportedHandler;
