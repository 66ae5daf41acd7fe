import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { ask } from "../../../src/cli/init/ask.ts";
import { fault, success } from "../../../src/result.ts";

describe("ask", () => {
  const question = (words: string) => ({
    text: words,
    parse: (answer: string) => (answer === "good" ? success(answer) : fault("Not good.", "Try again.")),
  });

  function dialogue(input: string) {
    const stdin = new PassThrough();
    stdin.end(input);
    return { stdin, stdout: new PassThrough() };
  }

  it("goes on until each question has a good answer", async () => {
    const { stdin, stdout } = dialogue("bad\n good \ngood\n");
    expect(await ask([question("One?"), question("Two?")], { stdin, stdout })).toEqual(["good", "good"]);
    stdout.end();
    expect(await text(stdout)).toBe("One?\n> Not good. Try again.\nOne?\n> Two?\n> ");
  });

  it("ends with the input", async () => {
    expect(await ask([question("One?"), question("Two?")], dialogue("good\n"))).toBeUndefined();
  });
});
