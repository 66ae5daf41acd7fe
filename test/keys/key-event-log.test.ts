import { beforeEach, expect, it } from "vitest";
import { createKeyEventLog, type KeyEventLog } from "../../src/keys/key-event-log.ts";
import { issuerOf } from "../support/policy/example-policy.ts";

let log: object[];
let events: KeyEventLog;

beforeEach(() => {
  log = [];
  const issuer = { ...issuerOf(), name: "cognito", jwksUri: "https://keys.example/jwks?code=secret#x" };
  events = createKeyEventLog(issuer, (line) => log.push(line));
});

it("a failed refresh says where it asked, without what may be secret, and what the runtime said", () => {
  events.refreshFailed(
    {
      code: "unreachable",
      message: "It could not be reached.",
      cause: "No way to https://keys.example/jwks?code=secret#x.",
    },
    undefined,
  );
  expect(log).toEqual([
    {
      event: "keys",
      issuer: "cognito",
      change: "refresh-failed",
      code: "unreachable",
      message: "It could not be reached.",
      cause: "No way to https://keys.example/jwks.",
      jwks_uri: "https://keys.example/jwks",
    },
  ]);
});
