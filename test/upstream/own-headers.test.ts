import { describe, expect, it } from "vitest";
import type { Upstream } from "../../src/policy/policy.ts";
import { createOwnHeaders } from "../../src/upstream/own-headers.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

const SECRET = "s3cr3t-value";

function upstreamWith(headers: Readonly<Record<string, unknown>>): Upstream {
  const file = policyFileWith({ upstreams: { orders: { url: "https://orders.example", headers } } });
  const upstream = compiled(file).upstreams.get("orders");
  if (upstream === undefined) throw new Error("no upstream");
  return upstream;
}

/** A secret of a Secrets Store that counts how often it is read. */
function store(read: (time: number) => Promise<unknown>) {
  const binding = { reads: 0, get: () => read(binding.reads++) };
  return binding;
}

const never = () => new Promise<void>(() => {});
const UPSTREAM = upstreamWith({ "x-env": "prod", "x-key": { secret: "KEY" } });

describe("the headers that the gateway sets", () => {
  it("are set at once if no store has to be read, in place of what is there", () => {
    const headers = new Headers({ "x-key": "forged", "x-other": "kept" });
    expect(createOwnHeaders({ KEY: SECRET }, { now: () => 0, sleep: never })(headers, UPSTREAM)).toBeUndefined();
    expect(Object.fromEntries(headers)).toEqual({ "x-env": "prod", "x-key": SECRET, "x-other": "kept" });
  });

  it("come from a store once a minute", async () => {
    let now = 1_000;
    const binding = store(async (time) => `key-${time}`);
    const set = createOwnHeaders({ KEY: binding }, { now: () => now, sleep: never });
    const sent = async () => {
      const headers = new Headers();
      expect(await set(headers, UPSTREAM)).toBeUndefined();
      return headers.get("x-key");
    };
    expect(await sent()).toBe("key-0");
    now += 59_999;
    expect(await sent()).toBe("key-0");
    now += 1;
    expect(await sent()).toBe("key-1");
    expect(binding.reads).toBe(2);
  });

  it("do not use a secret that was read in the future, after the clock went back", async () => {
    let now = 100_000;
    const binding = store(async (time) => `key-${time}`);
    const set = createOwnHeaders({ KEY: binding }, { now: () => now, sleep: never });
    await set(new Headers(), UPSTREAM);
    now = 0;
    const headers = new Headers();
    await set(headers, UPSTREAM);
    expect(headers.get("x-key")).toBe("key-1");
  });

  const unread = { reason: "upstream-unreachable", detail: "The secret KEY could not be read." };
  it.each([
    { name: "fails", get: () => Promise.reject(new Error(`not ${SECRET}`)), expected: unread },
    {
      name: "throws at once",
      get: () => {
        throw new Error(`not ${SECRET}`);
      },
      expected: unread,
    },
    { name: "has no text", get: async () => undefined, expected: unread },
    { name: "has an object", get: async () => ({ value: SECRET }), expected: unread },
    ...["", " ", `${SECRET} `, ` ${SECRET}`, `${SECRET}\r\nx-admin: 1`, `${SECRET}\n`, `${SECRET}é`].map((value) => ({
      name: `has ${JSON.stringify(value)}`,
      get: async () => value,
      expected: {
        reason: "policy-invalid",
        detail:
          "The secret KEY is empty, or has a space at an end, a line break or another character that a header cannot hold.",
      },
    })),
  ])("refuse the request if the store $name, without a word of the secret", async ({ get, expected }) => {
    const denial = await createOwnHeaders({ KEY: { get } }, { now: () => 0, sleep: never })(new Headers(), UPSTREAM);
    expect(denial).toMatchObject(expected);
    expect(JSON.stringify(denial)).not.toContain("s3cr3t");
  });

  it("wait two seconds for the store, and no longer", async () => {
    const waited: number[] = [];
    const sleep = async (ms: number) => void waited.push(ms);
    const set = createOwnHeaders({ KEY: { get: never } }, { now: () => 0, sleep });
    expect(await set(new Headers(), UPSTREAM)).toMatchObject(unread);
    expect(waited).toEqual([2_000]);
  });

  it("do not remember a failed read", async () => {
    const binding = store(async (time) => (time === 0 ? Promise.reject(new Error("down")) : SECRET));
    const set = createOwnHeaders({ KEY: binding }, { now: () => 0, sleep: never });
    expect(await set(new Headers(), UPSTREAM)).toMatchObject(unread);
    const headers = new Headers();
    expect(await set(headers, UPSTREAM)).toBeUndefined();
    expect(headers.get("x-key")).toBe(SECRET);
  });

  it("are read for each request by itself while none has been read", async () => {
    const binding = store(async () => SECRET);
    const set = createOwnHeaders({ KEY: binding }, { now: () => 0, sleep: never });
    await Promise.all([set(new Headers(), UPSTREAM), set(new Headers(), UPSTREAM)]);
    expect(binding.reads).toBe(2);
  });

  it("are all there or none is sent", async () => {
    const two = upstreamWith({ "x-a": { secret: "A" }, "x-b": { secret: "B" } });
    const set = createOwnHeaders({ A: { get: async () => SECRET } }, { now: () => 0, sleep: never });
    expect(await set(new Headers(), two)).toMatchObject({ detail: "The secret B could not be read." });
  });
});
