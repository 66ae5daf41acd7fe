import { expect, it } from "vitest";
import { parseWorkerLog } from "../../src/local/worker-logs.ts";

it.each([
  {
    name: "a log of a Worker",
    line: 'scopegate-log {"worker":"gateway","level":"log","message":[{"a":1}]}',
    expected: { worker: "gateway", level: "log", message: [{ a: 1 }] },
  },
  { name: "another line of workerd", line: "workerd/server.c++: listening", expected: undefined },
  { name: "a line that only has the prefix in it", line: ' scopegate-log {"worker":"a"}', expected: undefined },
])("$name is told apart", ({ line, expected }) => {
  expect(parseWorkerLog(line)).toEqual(expected);
});
