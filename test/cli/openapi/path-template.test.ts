import { describe, expect, test } from "vitest";
import { readBarePath, readTemplate } from "../../../src/cli/openapi/path-template.ts";

describe("a template is read as the pattern that takes its paths", () => {
  test.each([
    { input: "/", expected: "/" },
    { input: "/pets", expected: "/pets" },
    { input: "/pets/{petId}", expected: "/pets/:petId" },
    { input: "/pets/{pet-id}/photos/{pet-id}", expected: "/pets/:pet_id/photos/:pet_id_2" },
    { input: "/{1st}", expected: "/:_1st" },
    { input: "/{}", expected: "/:_" },
    { input: "/user's/@me", expected: "/user's/@me" },
    { input: "/a b/ü", expected: "/a%20b/%C3%BC" },
    { input: "/v1:batch/:run/*", expected: "/v1:batch/%3Arun/%2A" },
    { input: "/files/{name}.{ext}", expected: "/files/:name_ext", isLooser: true },
    { input: "/repos/{owner}:archive", expected: "/repos/:owner", isLooser: true },
    { input: "/files/{proxy+}", expected: "/files/*" },
    { input: "/{proxy+}", prefix: "/v1", expected: "/v1/*" },
    { input: "/files/x{proxy+}", expected: "/files/:proxy_", isLooser: true },
    { input: "/pets", prefix: "/v1", expected: "/v1/pets" },
    { input: "/", prefix: "/v1", expected: "/v1/" },
    { input: "/pets/", expected: "/pets/" },
    { input: "/pets/{petId}/", prefix: "/v1", expected: "/v1/pets/:petId/" },
  ])("$prefix$input -> $expected", ({ input, prefix, expected, isLooser = false }) => {
    expect(readTemplate(input, prefix)).toMatchObject({ ok: true, value: { pattern: expected, isLooser } });
  });
});

describe("a template that no pattern can say is refused", () => {
  test.each([
    { name: "two slashes at the end", input: "/pets//" },
    { name: "a query", input: "/pets?status={status}" },
    { name: "path parameters", input: "/pets/{id};color={color}" },
    { name: "a greedy parameter that is not last", input: "/{proxy+}/pets" },
    { name: "a control character", input: "/pe\tts" },
    { name: "a fragment", input: "/#X-Amz-Target=Do" },
    { name: "no slash at first", input: "pets" },
    { name: "a path of the gateway", input: "/_gateway/health" },
    { name: "an empty segment", input: "//pets" },
    { name: "a dot segment", input: "/pets/../a" },
    { name: "a dot segment at the end", input: "/pets/.." },
    { name: "an escaped dot segment", input: "/pets/%2e" },
    { name: "an escaped slash", input: "/pets%2Fa" },
    { name: "more segments than a pattern may have", input: "/a".repeat(257) },
  ])("$name", ({ input }) => {
    expect(readTemplate(input).ok).toBe(false);
  });
});

describe("a template that is refused still stands for a path", () => {
  test.each([
    { name: "without its query", input: "/pets?status={status}", expected: "/pets" },
    { name: "without its path parameters", input: "/pets/{id};color={color}", expected: "/pets/:id" },
    { name: "without its fragment", input: "/pets#all", expected: "/pets" },
    { name: "with a `*` where a greedy parameter is not last", input: "/a/{proxy+}/b", expected: "/a/*" },
    { name: "but not if only path parameters are left of a segment", input: "/pets;v=1/%3Ba/b?c", expected: undefined },
    { name: "with its later segments", input: "/pets;v=1/{id}%3Ba/b", expected: "/pets/:id/b" },
    { name: "with its dot segments resolved", input: "/pets/../a/./%2e%2E/b?c", expected: "/b" },
    { name: "with a slash for a dot segment at its end", input: "/pets/a/..", expected: "/pets/" },
    { name: "with a slash for a backslash", input: "/pets\\a", expected: "/pets/a" },
    { name: "without line breaks and tabs", input: "/pe\tts\n", expected: "/pets" },
    { name: "with a slash at first", input: "pets", expected: "/pets" },
    { name: "with a parameter whose name has a question mark", input: "/pets/{id?}/a", expected: "/pets/:id_/a" },
    {
      name: "with a `*` for more segments than a pattern may have",
      input: "/{p}".repeat(257),
      expected: `/:p${Array.from({ length: 254 }, (_, at) => `/:p_${at + 2}`).join("")}/*`,
    },
    { name: "but not if no request can have the path", input: "/pets//a?b", expected: undefined },
  ])("$name", ({ input, expected }) => {
    expect(readBarePath(input)?.pattern).toBe(expected);
    expect(readBarePath(input)?.isLooser ?? true).toBe(true);
  });
});

test("the segments of a prefix count", () => {
  expect(readTemplate("/a".repeat(255), "/v1").ok).toBe(true);
  expect(readTemplate("/a".repeat(256), "/v1").ok).toBe(false);
  expect(readBarePath("/a".repeat(256), "/v1")?.pattern).toBe(`/v1${"/a".repeat(254)}/*`);
});

test("two templates have one shape if their patterns match the same paths", () => {
  const shapeOf = (template: string) => {
    const read = readTemplate(template);
    return read.ok ? read.value.shape : undefined;
  };
  expect(shapeOf("/{a}/@me")).toBe(shapeOf("/{b}/%40me"));
  expect(shapeOf("/{a}")).not.toBe(shapeOf("/parameter"));
  expect(shapeOf("/a")).not.toBe(shapeOf("/a/"));
});
