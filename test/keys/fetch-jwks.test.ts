import type { JWK } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { fetchJwks } from "../../src/keys/fetch-jwks.ts";
import type { IssuerFetch } from "../../src/keys/key-io.ts";
import { ISSUER, newJwk, startClock } from "../support/keys/virtual-world.ts";

let key: JWK;
beforeAll(async () => {
  key = await newJwk("a");
});

const NOTHING = { etag: undefined, keys: new Map() };

/** Asks once; the answer's kind, or the code of the fault. */
async function ask(fetch: IssuerFetch, etag?: string, jwksUri = ISSUER.jwksUri): Promise<string> {
  const clock = startClock();
  const known = { ...NOTHING, etag };
  const answer = await clock.run(fetchJwks({ ...ISSUER, jwksUri }, known, { fetch, sleep: clock.sleep }));
  if (answer.ok) return answer.value.kind;
  expect(answer.failure.message).toMatch(/^The .*\.$/);
  return answer.failure.code;
}

/** A JSON text of a key set that is `bytes` long, in pieces of 1000 bytes. */
function paddedSet(bytes: number): Response {
  const text = JSON.stringify({ keys: [key], pad: "" });
  const padded = new TextEncoder().encode(text.replace('"pad":""', `"pad":"${"x".repeat(bytes - text.length)}"`));
  let sent = 0;
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (sent >= padded.length) return controller.close();
        controller.enqueue(padded.subarray(sent, sent + 1000));
        sent += 1000;
      },
    }),
  );
}

describe("fetchJwks", () => {
  const table: { name: string; input: () => Response | Promise<Response>; etag?: string; expected: string }[] = [
    { name: "takes a key set", input: () => Response.json({ keys: [key] }), expected: "keys" },
    {
      name: "takes one under any content type and with a byte order mark",
      input: () => new Response(`\ufeff${JSON.stringify({ keys: [key] })}`),
      expected: "keys",
    },
    {
      name: "takes one whose other keys are unusable",
      input: () => Response.json({ keys: [null, key, { kty: "oct" }] }),
      expected: "keys",
    },
    { name: "takes one of 64 KiB", input: () => paddedSet(64 * 1024), expected: "keys" },
    { name: "refuses one byte more", input: () => paddedSet(64 * 1024 + 1), expected: "too-large" },
    { name: "takes a 304 when it asked with an etag", input: () => status(304), etag: '"1"', expected: "unchanged" },
    { name: "takes no error for a 304", input: () => status(404), etag: '"1"', expected: "http-status" },
    { name: "refuses a 304 that nobody asked for", input: () => status(304), expected: "http-status" },
    {
      name: "refuses a redirect",
      input: () => new Response(null, { status: 302, headers: { location: "https://elsewhere.example/" } }),
      expected: "http-status",
    },
    {
      name: "refuses an error even with a key set in it",
      input: () => Response.json({ keys: [key] }, { status: 500 }),
      expected: "http-status",
    },
    {
      name: "refuses another success",
      input: () => Response.json({ keys: [key] }, { status: 203 }),
      expected: "http-status",
    },
    { name: "refuses an empty body", input: () => new Response(null), expected: "not-json" },
    { name: "refuses HTML", input: () => new Response("<html>"), expected: "not-json" },
    {
      name: "refuses bytes that are not UTF-8",
      input: () => new Response(Uint8Array.of(0x22, 0xff, 0x22)),
      expected: "not-json",
    },
    { name: "refuses null", input: () => Response.json(null), expected: "not-a-key-set" },
    { name: "refuses a bare text", input: () => Response.json("keys"), expected: "not-a-key-set" },
    { name: "refuses a bare list of keys", input: () => Response.json([key]), expected: "not-a-key-set" },
    { name: "refuses keys by name", input: () => Response.json({ keys: { a: key } }), expected: "not-a-key-set" },
    { name: "refuses an empty set", input: () => Response.json({ keys: [] }), expected: "no-usable-key" },
    { name: "refuses a set of unusable keys", input: () => Response.json({ keys: [null] }), expected: "no-usable-key" },
    {
      name: "gives up on an answer that never comes",
      input: () => new Promise<Response>(() => {}),
      expected: "timeout",
    },
    {
      name: "gives up on a body that never ends",
      input: () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
      expected: "timeout",
    },
    {
      name: "has a network error as a value",
      input: () => {
        throw new TypeError("Network connection lost.");
      },
      expected: "unreachable",
    },
    {
      name: "has a body that breaks off as a value",
      input: () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) })),
      expected: "unreachable",
    },
  ];
  const status = (code: number) => new Response(null, { status: code });
  for (const { name, input, etag, expected } of table) {
    it(name, async () => expect(await ask(async () => input(), etag)).toBe(expected));
  }

  const addresses = [
    { name: "asks over https", input: "https://issuer.example/keys", expected: "keys" },
    { name: "asks over http on 127.0.0.1", input: "http://127.0.0.1:8788/keys", expected: "keys" },
    { name: "asks over http on ::1", input: "http://[::1]:8788/keys", expected: "keys" },
    { name: "asks over http on localhost", input: "http://localhost/keys", expected: "keys" },
    { name: "asks over http on any address of loopback", input: "http://127.0.0.10/keys", expected: "keys" },
    { name: "does not ask over http elsewhere", input: "http://issuer.example/keys", expected: "address-refused" },
    { name: "is not fooled by a name", input: "http://127.0.0.1.evil.example/keys", expected: "address-refused" },
    { name: "is not fooled by the end of a name", input: "http://evil-localhost/keys", expected: "address-refused" },
    { name: "does not ask with a user alone", input: "https://a@issuer.example/keys", expected: "address-refused" },
    {
      name: "does not ask with a password alone",
      input: "https://:b@issuer.example/keys",
      expected: "address-refused",
    },
    {
      name: "does not ask by another scheme on loopback",
      input: "ftp://127.0.0.1/keys",
      expected: "address-refused",
    },
    { name: "does not ask with a password", input: "https://a:b@issuer.example/keys", expected: "address-refused" },
    { name: "does not ask by another scheme", input: "data:application/json,{}", expected: "address-refused" },
    { name: "does not ask at no address", input: "keys", expected: "address-refused" },
  ];
  for (const { name, input, expected } of addresses) {
    it(name, async () => {
      let asked = false;
      const fetch: IssuerFetch = async () => {
        asked = true;
        return Response.json({ keys: [key] });
      };
      expect(await ask(fetch, undefined, input)).toBe(expected);
      expect(asked).toBe(expected === "keys");
    });
  }

  it("answers just inside its time limit and not just outside", async () => {
    const kindAfter = async (ms: number) => {
      const clock = startClock();
      const fetch: IssuerFetch = async () => {
        await clock.sleep(ms);
        return Response.json({ keys: [key] });
      };
      const answer = await clock.run(fetchJwks(ISSUER, NOTHING, { fetch, sleep: clock.sleep }));
      return answer.ok ? answer.value.kind : answer.failure.code;
    };
    expect(await kindAfter(2999)).toBe("keys");
    expect(await kindAfter(3001)).toBe("timeout");
  });

  it("aborts the request when it gives up", async () => {
    let signal: AbortSignal | undefined;
    const fetch: IssuerFetch = (_, init) => {
      signal = init.signal;
      return new Promise(() => {});
    };
    expect(await ask(fetch)).toBe("timeout");
    expect(signal?.aborted).toBe(true);
  });

  it("cancels a body that is too large", async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(10_000)),
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await ask(async () => new Response(endless))).toBe("too-large");
    expect(cancelled).toBe(true);
  });

  it("asks without following redirects or using a cache, and with the etag it holds", async () => {
    const seen: Parameters<IssuerFetch>[] = [];
    const fetch: IssuerFetch = async (...call) => {
      seen.push(call);
      return new Response(null, { status: 304 });
    };
    await ask(fetch, '"1"');
    expect(seen).toMatchObject([
      [
        ISSUER.jwksUri,
        {
          redirect: "manual",
          cache: "no-store",
          headers: { accept: "application/jwk-set+json, application/json", "if-none-match": '"1"' },
        },
      ],
    ]);
  });

  const etags = [
    { name: "keeps an entity tag", header: '"1"', extra: [], expected: '"1"' },
    { name: "keeps a weak one", header: 'W/"1"', extra: [], expected: 'W/"1"' },
    { name: "drops one without quotes", header: "1", extra: [], expected: undefined },
    {
      name: "keeps one of 256 characters",
      header: `"${"x".repeat(254)}"`,
      extra: [],
      expected: `"${"x".repeat(254)}"`,
    },
    { name: "drops one with text in front", header: 'x"1"', extra: [], expected: undefined },
    { name: "drops one with text behind", header: '"1"x', extra: [], expected: undefined },
    { name: "drops one of 257 characters", header: `"${"x".repeat(255)}"`, extra: [], expected: undefined },
    {
      name: "drops it when a key was skipped",
      header: '"1"',
      extra: [{ kid: "enc", use: "enc" }],
      expected: undefined,
    },
  ];
  for (const { name, header, extra, expected } of etags) {
    it(name, async () => {
      const clock = startClock();
      const fetch: IssuerFetch = async () => Response.json({ keys: [key, ...extra] }, { headers: { etag: header } });
      const answer = await clock.run(fetchJwks(ISSUER, NOTHING, { fetch, sleep: clock.sleep }));
      expect(answer).toMatchObject({ ok: true, value: { kind: "keys", etag: expected } });
    });
  }

  it("asks without an etag where it holds none", async () => {
    let sent: Record<string, string> | undefined;
    await ask(async (_, { headers }) => {
      sent = headers;
      return Response.json({ keys: [key] });
    });
    expect(sent).toEqual({ accept: "application/jwk-set+json, application/json" });
  });

  it("says that a set is empty", async () => {
    const clock = startClock();
    const fetch: IssuerFetch = async () => Response.json({ keys: [] });
    expect(await clock.run(fetchJwks(ISSUER, NOTHING, { fetch, sleep: clock.sleep }))).toMatchObject({
      failure: { message: "The key set has no usable key (empty)." },
    });
  });

  it("says why no key is usable, and nothing of the body", async () => {
    const clock = startClock();
    const fetch: IssuerFetch = async () =>
      Response.json({ keys: [null, null, { kid: "x", kty: "oct", k: "c2VjcmV0" }] });
    expect(await clock.run(fetchJwks(ISSUER, NOTHING, { fetch, sleep: clock.sleep }))).toEqual({
      ok: false,
      failure: {
        code: "no-usable-key",
        message: "The key set has no usable key (not-an-object, symmetric).",
      },
    });
  });
});
