import { describe, expect, it } from "vitest";
import { defineCommand } from "../../../src/cli/args/command.ts";
import { EXIT } from "../../../src/cli/args/exit-code.ts";
import { formatHelp } from "../../../src/cli/args/format-help.ts";

const BARE = defineCommand({
  name: "clean up",
  summary: "Clean up.",
  options: {},
  positionals: {},
  examples: [],
  run: () => EXIT.fine,
});

describe("formatHelp", () => {
  it("shows how a command is called, its arguments, its options in columns, and its examples", () => {
    const help = formatHelp(
      defineCommand({
        ...BARE,
        name: "fetch",
        hasScript: true,
        options: {
          url: { type: "string", required: true, description: "Where from." },
          as: { type: "string", choices: ["json", "text"], default: "json", description: "How." },
          out: { type: "string", valueHint: "file", description: "Where to." },
          quiet: { type: "boolean", description: "Say nothing." },
        },
        positionals: {
          method: { required: true, description: "Method." },
          path: { default: "/", description: "Path." },
          rest: { variadic: true, description: "More." },
        },
        examples: ["", "GET \\\n  /", "# a remark"],
      }),
    );
    expect(help.split("\n")).toEqual([
      "Clean up.",
      "",
      "USAGE npm run fetch -- [OPTIONS] --url=<url> <METHOD> [PATH] [REST]...",
      "",
      "ARGUMENTS",
      "",
      "  METHOD    Method. (Required)",
      "  PATH      Path. (Default: /)",
      "  REST      More.",
      "",
      "OPTIONS",
      "",
      "  --url=<url>         Where from. (Required)",
      "  --as=<json|text>    How. (Default: json)",
      "  --out=<file>        Where to.",
      "  --quiet             Say nothing.",
      "",
      "EXAMPLES",
      "",
      "  npm run -s fetch",
      "  npm run -s fetch -- GET \\",
      "    /",
      "  # a remark",
      "",
    ]);
  });

  it("leaves out what a command does not have, and names it by its words where it has no script", () => {
    expect(formatHelp(BARE)).toBe("Clean up.\n\nUSAGE npm run scopegate -- clean up\n");
  });
});
