import { accessMatrix } from "../../policy/analysis/access-matrix.ts";
import { mappedValues } from "../../policy/analysis/mapped-values.ts";
import { rowCount } from "../../policy/analysis/messages/route-rows.ts";
import { policyOn } from "../../policy/analysis/reports.ts";
import { defineCommand } from "../args/command.ts";
import { chosenDay, dayOption } from "../args/day-option.ts";
import { EXIT, UsageError } from "../args/exit-code.ts";
import { matrixCsv, matrixMarkdown, matrixText } from "../matrix/format-matrix.ts";
import { matrixAssumption } from "../matrix/matrix-assumption.ts";
import { checkMatrixSize } from "../matrix/matrix-size.ts";
import { jsonOption } from "../output.ts";
import { loadPolicy, policyOption } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printCsv } from "../print/csv.ts";
import { printHtml } from "../print/html.ts";
import { printMarkdown } from "../print/markdown.ts";
import { printJson } from "../print/print-json.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";
import { withProgress } from "../print/progress.ts";

export default defineCommand({
  name: "matrix",
  summary: "Show which client may call which route.",
  options: {
    ...policyOption,
    grants: {
      type: "boolean",
      description: "Add a column for each value of a claim that grants scopes, such as a group.",
    },
    markdown: { type: "boolean", description: "Print a Markdown table." },
    csv: { type: "boolean", description: "Print CSV." },
    html: { type: "boolean", description: "Print an HTML page that needs no other file, with filters." },
    ...dayOption,
    ...jsonOption,
  },
  positionals: {},
  examples: ["", "--grants", "--markdown", "--html > matrix.html", "--policy git:main --csv"],
  async run(args) {
    const { markdown, csv, html, json } = args;
    if ([markdown, csv, html, json].filter(Boolean).length > 1) {
      throw new UsageError("Choose one of --markdown, --csv, --html and --json.");
    }
    const day = chosenDay(args.on, Date.now());
    const matrix = await withProgress(async (onStep) => {
      const policy = policyOn((await loadPolicy(args.policy)).policy, day);
      checkMatrixSize(rowCount(policy.routes), policy.clients.size + (args.grants ? mappedValues(policy).length : 0));
      return accessMatrix(policy, args.grants, onStep);
    });
    const assumption = matrixAssumption(matrix);
    if (json) printJson({ ...matrix, assumption });
    else if (markdown) printMarkdown(matrixMarkdown(matrix));
    else if (csv) {
      printCsv(matrixCsv(matrix));
      // Not in the file: CSV has no comments, and a parser would take the note for a route.
      if (assumption !== undefined) printErrorLines([`Note: ${assumption}`]);
    } else if (html) {
      // Loaded only here: the help of all commands loads this file.
      const { matrixFile } = await import("../console/routes/matrix-file.ts");
      printHtml([await matrixFile(matrix, args.policy)]);
    } else printLines(matrixText(matrix, coloursFor()));
    return EXIT.fine;
  },
});
