import { describe, expect, it } from "vitest";
import { identifyRequest, parseTraceparent, traceOf } from "../../src/http/trace-context.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT_ID = "00f067aa0ba902b7";
const VALID = `00-${TRACE_ID}-${PARENT_ID}-01`;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("parseTraceparent", () => {
  it.each([
    { name: "takes a valid one as it is", input: VALID, expected: VALID },
    {
      name: "takes one that is not sampled",
      input: `00-${TRACE_ID}-${PARENT_ID}-00`,
      expected: `00-${TRACE_ID}-${PARENT_ID}-00`,
    },
    { name: "reads a later version as its own", input: `01-${TRACE_ID}-${PARENT_ID}-01`, expected: VALID },
    {
      name: "reads a later version with further fields",
      input: `cc-${TRACE_ID}-${PARENT_ID}-01-what-else`,
      expected: VALID,
    },
    {
      name: "takes from a later version's flags whether it is sampled, and no more",
      input: `01-${TRACE_ID}-${PARENT_ID}-ff`,
      expected: VALID,
    },
    {
      name: "does so where it is not sampled",
      input: `01-${TRACE_ID}-${PARENT_ID}-fe`,
      expected: `00-${TRACE_ID}-${PARENT_ID}-00`,
    },
    {
      name: "leaves the flags of its own version as they are",
      input: `00-${TRACE_ID}-${PARENT_ID}-03`,
      expected: `00-${TRACE_ID}-${PARENT_ID}-03`,
    },
    { name: "refuses further fields in its own version", input: `${VALID}-more`, expected: undefined },
    { name: "refuses a hyphen behind", input: `${VALID}-`, expected: undefined },
    {
      name: "refuses a later version with further text",
      input: `01-${TRACE_ID}-${PARENT_ID}-01x`,
      expected: undefined,
    },
    { name: "refuses version ff", input: `ff-${TRACE_ID}-${PARENT_ID}-01`, expected: undefined },
    { name: "refuses a trace id of zeros", input: `00-${"0".repeat(32)}-${PARENT_ID}-01`, expected: undefined },
    { name: "refuses a parent id of zeros", input: `00-${TRACE_ID}-${"0".repeat(16)}-01`, expected: undefined },
    { name: "refuses capitals", input: VALID.toUpperCase(), expected: undefined },
    { name: "refuses a short trace id", input: `00-${TRACE_ID.slice(1)}-${PARENT_ID}-01`, expected: undefined },
    { name: "refuses a long parent id", input: `00-${TRACE_ID}-${PARENT_ID}0-01`, expected: undefined },
    { name: "refuses two", input: `${VALID}, ${VALID}`, expected: undefined },
    { name: "refuses a line break behind", input: `${VALID}\n`, expected: undefined },
    { name: "refuses the empty text", input: "", expected: undefined },
    { name: "takes none for none", input: null, expected: undefined },
  ])("$name", ({ input, expected }) => {
    expect(parseTraceparent(input)).toBe(expected);
  });
});

describe("identifyRequest keeps the caller's request id", () => {
  it.each([
    { name: "of one character", id: "a" },
    { name: "of all characters that are allowed", id: "Az09._:-" },
    { name: "of 200 characters", id: "a".repeat(200) },
  ])("$name", ({ id }) => {
    expect(identifyRequest(new Headers({ "x-request-id": id })).requestId).toBe(id);
  });
});

describe("identifyRequest makes a request id in place of", () => {
  it.each([
    { name: "none", id: undefined },
    { name: "an empty one", id: "" },
    { name: "one of 201 characters", id: "a".repeat(201) },
    { name: "one with a space", id: "a b" },
    { name: "two", id: "a, b" },
    { name: "one with a slash", id: "a/b" },
    { name: "one with markup", id: "<script>" },
    { name: "one with a percent sign", id: "a%0a" },
    { name: "one with a tilde", id: "a~b" },
  ])("$name", ({ id }) => {
    const headers = new Headers(id === undefined ? {} : { "x-request-id": id });
    expect(identifyRequest(headers).requestId).toMatch(UUID);
  });
});

function traceFor(headers: Headers) {
  return traceOf(headers, identifyRequest(headers));
}

describe("traceOf", () => {
  it("passes a valid trace on, with its state", () => {
    const headers = new Headers({ traceparent: VALID, tracestate: "vendor=1,other=2" });
    expect(traceFor(headers)).toEqual({ traceparent: VALID, tracestate: "vendor=1,other=2" });
  });

  it("joins several states in their order", () => {
    const headers = new Headers({ traceparent: VALID, tracestate: "a=1" });
    headers.append("tracestate", "b=2, c=3");
    expect(traceFor(headers).tracestate).toBe("a=1, b=2, c=3");
  });

  it("passes no empty state on", () => {
    expect(traceFor(new Headers({ traceparent: VALID, tracestate: "" }))).toEqual({
      traceparent: VALID,
      tracestate: undefined,
    });
  });

  it("does so beside the caller's request id", () => {
    const headers = new Headers({ "x-request-id": "theirs", traceparent: VALID });
    expect(identifyRequest(headers)).toEqual({ requestId: "theirs", isNew: false });
    expect(traceFor(headers)).toEqual({ traceparent: VALID, tracestate: undefined });
  });

  it.each([
    { name: "no trace", headers: {} },
    { name: "an invalid trace", headers: { traceparent: `${VALID}-more` } },
    { name: "a state without its trace", headers: { tracestate: "vendor=1" } },
    { name: "a state beside an invalid trace", headers: { traceparent: "x", tracestate: "vendor=1" } },
  ])("begins a valid trace in place of $name, without state", ({ headers }) => {
    const { traceparent, tracestate } = traceFor(new Headers(headers as HeadersInit));
    expect(parseTraceparent(traceparent)).toBe(traceparent);
    expect(traceparent).not.toBe(VALID);
    expect(tracestate).toBeUndefined();
  });

  it("makes request id and trace id the same where it makes both", () => {
    const identity = identifyRequest(new Headers());
    const { traceparent } = traceOf(new Headers(), identity);
    expect(traceparent.split("-")[1]).toBe(identity.requestId.replaceAll("-", ""));
  });

  it("makes each request its own", () => {
    const made = Array.from({ length: 100 }, () => identifyRequest(new Headers()));
    expect(new Set(made.map(({ requestId }) => requestId)).size).toBe(100);
    expect(new Set(made.map((identity) => traceOf(new Headers(), identity).traceparent)).size).toBe(100);
  });

  it("lets no caller choose a trace by a request id", () => {
    const headers = new Headers({ "x-request-id": crypto.randomUUID() });
    const identity = identifyRequest(headers);
    expect(traceOf(headers, identity).traceparent.split("-")[1]).not.toBe(identity.requestId.replaceAll("-", ""));
  });
});
