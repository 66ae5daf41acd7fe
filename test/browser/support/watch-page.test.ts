import { describe, expect, it } from "vitest";
import { placeOf } from "./watch-page.ts";

describe("what a page may ask", () => {
  it.each([
    { name: "its origin, by any path", url: "http://127.0.0.1:8791/why?path=/", expected: "http://127.0.0.1:8791" },
    { name: "no other port", url: "http://127.0.0.1:8792/", expected: "http://127.0.0.1:8792" },
    { name: "the one file that it is", url: "file:///tmp/matrix.html", expected: "file:///tmp/matrix.html" },
  ])("is $name", ({ url, expected }) => {
    expect(placeOf(url)).toBe(expected);
  });
});
