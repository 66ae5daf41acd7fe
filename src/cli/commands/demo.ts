import { defineCommand } from "../args/command.ts";
import { EXIT } from "../args/exit-code.ts";
import { formatTable, isAsExpected } from "../demo/demo-table.ts";
import { coloursFor } from "../print/colours.ts";
import { printLines } from "../print/print-lines.ts";

export default defineCommand({
  name: "demo",
  summary: "Play the running example against a local stack and compare every answer. Exit code 1: an answer differs.",
  options: {},
  positionals: {},
  examples: [""],
  hasScript: true,
  async run() {
    // Loaded only here: it takes longer than all the rest together, and the help of all commands loads this file.
    const { playDemo } = await import("../demo/play-demo.ts");
    const rows = await playDemo();
    printLines(formatTable(rows, coloursFor()));
    return rows.every(isAsExpected) ? EXIT.fine : EXIT.findings;
  },
});
