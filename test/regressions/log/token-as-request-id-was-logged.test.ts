import { expect, it } from "vitest";
import { identifyRequest } from "../../../src/http/trace-context.ts";

const JWS = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

it.each([
  { name: "a token", id: JWS },
  { name: "a token behind a prefix", id: `req:${JWS}` },
  { name: "a token without its signature", id: JWS.slice(0, JWS.lastIndexOf(".")) },
  { name: "a header alone", id: "eyJhbGciOiJFZERTQSJ9." },
  { name: "many beginnings of tokens, too long", id: "eyJ".repeat(20_000) },
])("no request id is $name", ({ id }) => {
  expect(identifyRequest(new Headers({ "x-request-id": id })).requestId).toMatch(/^[0-9a-f-]{36}$/);
});

it.each(["eyJ", "a.eyJhbGciOiJ", "ey.J", "EYJhbGci.x", "eyJ:hbGci.x"])(
  "other ids with similar parts pass: %s",
  (id) => {
    expect(identifyRequest(new Headers({ "x-request-id": id })).requestId).toBe(id);
  },
);
