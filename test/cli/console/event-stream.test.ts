import { describe, expect, it, vi } from "vitest";
import { eventStream, formatEvent } from "../../../src/cli/console/event-stream.ts";
import type { EventSink } from "../../../src/cli/console/view/view-context.ts";

const request = (headers = {}) => new Request("http://127.0.0.1:8791/live/events", { headers });

/** A stream with what its view was given, and a spy for its end. */
function open(headers = {}) {
  const closing = new AbortController();
  const stop = vi.fn();
  const sinks: EventSink[] = [];
  const response = eventStream(request(headers), closing.signal, (sink) => {
    sinks.push(sink);
    return stop;
  });
  const [sink] = sinks;
  if (sink === undefined) throw new Error("The stream did not start.");
  return { response, closing, stop, sink };
}

describe("formatEvent", () => {
  it.each([
    { name: "data alone", event: { data: "a" }, expected: "data: a\n\n" },
    {
      name: "an id and a name",
      event: { id: "7", event: "line", data: "a" },
      expected: "id: 7\nevent: line\ndata: a\n\n",
    },
    { name: "several lines", event: { data: "a\nb\r\nc\rd" }, expected: "data: a\ndata: b\ndata: c\ndata: d\n\n" },
    { name: "a line that looks like a field", event: { data: "id: 1" }, expected: "data: id: 1\n\n" },
    { name: "an id with a line break", event: { id: "1\ndata: x", data: "a" }, expected: "id: 1data: x\ndata: a\n\n" },
    {
      name: "a name with a line break",
      event: { event: "a\r\nid: 1", data: "b" },
      expected: "event: aid: 1\ndata: b\n\n",
    },
    { name: "no data", event: { data: "" }, expected: "data: \n\n" },
  ])("writes $name", ({ event, expected }) => {
    expect(formatEvent(event)).toBe(expected);
  });
});

describe("eventStream", () => {
  it("sends events, and ends when the console closes", async () => {
    const { response, closing, stop, sink } = open({ "last-event-id": "41" });
    expect([response.headers.get("content-type"), sink.lastEventId]).toEqual(["text/event-stream", "41"]);
    sink.send({ id: "42", data: "a" });
    closing.abort();
    sink.send({ id: "43", data: "too late" });
    expect(await response.text()).toBe(":\n\nid: 42\ndata: a\n\n");
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it("stops its view once when the page goes", async () => {
    const { response, closing, stop } = open();
    await response.body?.cancel();
    closing.abort();
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it("does not begin if the console has closed", async () => {
    const closing = new AbortController();
    closing.abort();
    const stop = vi.fn();
    const response = eventStream(request(), closing.signal, () => stop);
    expect(await response.text()).toBe(":\n\n");
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it.each([
    { name: "keeps what a slow page has not read yet", count: 15, isCutOff: false },
    { name: "cuts off a page that does not read", count: 17, isCutOff: true },
  ])("$name", ({ count, isCutOff }) => {
    const { stop, sink, closing } = open();
    const mebibyte = "a".repeat(1024 * 1024);
    for (let at = 0; at < count; at++) sink.send({ data: mebibyte });
    sink.send({ data: "one more" });
    expect(stop).toHaveBeenCalledTimes(isCutOff ? 1 : 0);
    closing.abort();
  });

  it("sends one event that is longer than what may wait", async () => {
    const { response, closing, stop, sink } = open();
    sink.send({ data: "a".repeat(20 * 1024 * 1024) });
    expect(stop).not.toHaveBeenCalled();
    closing.abort();
    expect((await response.text()).length).toBeGreaterThan(20 * 1024 * 1024);
  });

  it("sends something if nothing happens, so that a lost connection is noticed", async () => {
    vi.useFakeTimers();
    try {
      const { response, closing } = open();
      await vi.advanceTimersByTimeAsync(15_000);
      closing.abort();
      expect(await response.text()).toBe(":\n\n:\n\n");
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
