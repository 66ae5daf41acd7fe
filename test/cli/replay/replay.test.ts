import { describe, expect, it } from "vitest";
import { MAX_REPLAY_GROUPS } from "../../../src/cli/decisions/log-limits.ts";
import type { ObservedLine } from "../../../src/cli/replay/observed.ts";
import { Replay } from "../../../src/cli/replay/replay.ts";
import { compiled, policyFileWithRoute } from "../../support/policy/policy-file.ts";

const API = "https://api.example";
const before = compiled(policyFileWithRoute({ scopes: ["read:orders"] }));
const after = compiled(policyFileWithRoute({ scopes: ["write:orders"] }));
const LINE: ObservedLine = {
  time: "2026-11-28T15:00:00.000Z",
  request_id: "1",
  method: "GET",
  route: "/orders",
  decision: "allow",
  issuer: "https://issuer.example",
  client_id: "mobile",
  required: [`${API}/read:orders`],
  granted: [`${API}/read:orders`],
  upstream: "orders",
};

describe("a replay", () => {
  it("lists as many groups as the limit, and counts the requests of more", () => {
    const replay = new Replay(after, before);
    for (let at = 0; at < MAX_REPLAY_GROUPS; at += 1) replay.add({ ...LINE, client_id: `c${at}` }, 1);
    expect(replay.result().ungrouped).toEqual({ lines: 0, requests: 0 });
    replay.add({ ...LINE, client_id: "one more" }, 10);
    replay.add({ ...LINE, client_id: "c0" }, 1);
    const { groups, ungrouped, changed } = replay.result();
    expect(groups).toHaveLength(MAX_REPLAY_GROUPS);
    expect(groups[0]).toMatchObject({ client: "c0", lines: 2 });
    expect(ungrouped).toEqual({ lines: 1, requests: 10 });
    expect(changed["newly-refused"]).toEqual({ lines: MAX_REPLAY_GROUPS + 2, requests: MAX_REPLAY_GROUPS + 11 });
  });

  it("keeps the first example and the span, in any order of the lines", () => {
    const replay = new Replay(after, before);
    for (const [request_id, time] of [
      ["b", "2026-11-28T15:00:02.000Z"],
      ["a", "2026-11-28T15:00:01.000Z"],
      ["c", "2026-11-28T15:00:03.000Z"],
    ] as const) {
      replay.add({ ...LINE, request_id, time }, 1);
    }
    const { groups, span } = replay.result();
    expect(groups.map(({ example }) => example.request_id)).toEqual(["b"]);
    expect(span).toEqual({ first: "2026-11-28T15:00:01.000Z", last: "2026-11-28T15:00:03.000Z" });
  });

  it("does not take a token without scopes for no token", () => {
    const optional = compiled(policyFileWithRoute({ optional: true }));
    const required = compiled(policyFileWithRoute({ authenticated: true }));
    const { required: _required, granted: _granted, issuer: _issuer, client_id: _client, ...anonymous } = LINE;
    const replay = new Replay(required, optional);
    replay.add({ ...LINE, required: [], granted: [] }, 1);
    replay.add(anonymous, 1);
    expect(replay.result()).toMatchObject({ unchanged: { lines: 1 }, changed: { "newly-refused": { lines: 1 } } });
  });

  it("counts lines that the policy before cannot have written", () => {
    const replay = new Replay(after, before);
    replay.add(LINE, 1);
    replay.add({ ...LINE, upstream: "elsewhere" }, 2);
    expect(replay.result().withoutBefore).toEqual({ lines: 1, requests: 2 });
  });
});
