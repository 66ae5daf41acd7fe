/** The longest body that an echo repeats. */
const MAX_BODY_CHARACTERS = 64 * 1024;

/**
 * Answers with the request that an upstream would have received: method, path with query, headers and body. A body that
 * is not UTF-8 is shown with replacement characters; a long one is cut.
 *
 * @param upstream its name in the policy
 * @param secret names of headers whose values the answer must not show
 */
export async function echo(request: Request, upstream: string, secret: readonly string[] = []): Promise<Response> {
  const { host, pathname, search } = new URL(request.url);
  const body = await request.text();
  const received = {
    upstream,
    method: request.method,
    path: `${pathname}${search}`,
    // The runtime replaces the caller's `host` when it sends a request.
    headers: {
      ...Object.fromEntries(request.headers),
      host,
      ...Object.fromEntries(secret.filter((name) => request.headers.has(name)).map((name) => [name, "(secret)"])),
    },
    body: body.length > MAX_BODY_CHARACTERS ? `${body.slice(0, MAX_BODY_CHARACTERS)}... (cut off)` : body,
  };
  return new Response(`${JSON.stringify(received, null, 2)}\n`, {
    headers: { "content-type": "application/json", "x-served-by": "echo" },
  });
}
