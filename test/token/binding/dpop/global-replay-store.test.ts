import { describe, expect, it } from "vitest";
import {
  createGlobalReplayStore,
  isReplayNamespace,
  type ReplayNamespace,
} from "../../../../src/token/binding/dpop/global-replay-store.ts";

const PROOF = { thumbprint: "abcdef", jti: "one", expiresAtMs: 5 };

function namespaceThat(answer: (body: string, signal: AbortSignal) => Promise<{ status: number }>) {
  const names: unknown[] = [];
  const namespace: ReplayNamespace = {
    idFromName: (name) => name,
    get(id) {
      names.push(id);
      return { fetch: (_url, { body, signal }) => answer(body, signal) };
    },
  };
  return { namespace, names };
}

it("an object per first two characters of the thumbprint gets the proof", async () => {
  const bodies: string[] = [];
  const { namespace, names } = namespaceThat(async (body) => {
    bodies.push(body);
    return { status: 201 };
  });
  const store = createGlobalReplayStore(namespace);
  for (const thumbprint of ["abcdef", "abxxxx", "ac"]) await store.seen({ ...PROOF, thumbprint }, 0);
  expect(names).toEqual(["ab", "ab", "ac"]);
  expect(bodies[0]).toBe('["abcdef","one",5]');
});

it.each([
  { status: 201, expected: false },
  { status: 409, expected: true },
])("the answer $status says that the proof was there: $expected", async ({ status, expected }) => {
  const { namespace } = namespaceThat(async () => ({ status }));
  expect(await createGlobalReplayStore(namespace).seen(PROOF, 0)).toBe(expected);
});

it.each([200, 204, 400, 404, 500, 507])("the answer %i is a failure", async (status) => {
  const { namespace } = namespaceThat(async () => ({ status }));
  await expect(createGlobalReplayStore(namespace).seen(PROOF, 0)).rejects.toThrow(`${status}`);
});

it("an object that takes too long is a failure", async () => {
  const { namespace } = namespaceThat(
    (_body, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  await expect(createGlobalReplayStore(namespace, 10).seen(PROOF, 0)).rejects.toThrow();
});

describe("a namespace of Durable Objects", () => {
  it.each<{ name: string; binding: unknown; expected: boolean }>([
    { name: "has both functions", binding: namespaceThat(async () => ({ status: 201 })).namespace, expected: true },
    { name: "is no absent binding", binding: undefined, expected: false },
    { name: "is no text", binding: "REPLAY", expected: false },
    { name: "is no KV namespace", binding: { get() {}, put() {} }, expected: false },
  ])("$name", ({ binding, expected }) => {
    expect(isReplayNamespace(binding)).toBe(expected);
  });
});
