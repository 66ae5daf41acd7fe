import { expect, it } from "vitest";
import { memoryText } from "./measure-memory.ts";

it.each([
  { name: "met at 12 MiB", mebibytes: 12, expected: "12.0 MiB of heap,\n1258 bytes each (budget: 12 MiB, met)" },
  {
    name: "missed above",
    mebibytes: 12.1,
    expected: "12.1 MiB of heap,\n1269 bytes each (budget: 12 MiB, OVER BUDGET)",
  },
])("the budget of memory is $name", ({ mebibytes, expected }) => {
  const heap_bytes = mebibytes * 2 ** 20;
  const text = memoryText({
    tokens: 10_000,
    token_bytes: 800,
    heap_bytes,
    bytes_per_token: Math.round(heap_bytes / 10_000),
  });
  expect(text).toBe(`memory: 10000 remembered tokens of 800 bytes keep ${expected}`);
});
