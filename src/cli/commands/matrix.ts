import { defineCommand } from "citty";
import { accessMatrix } from "../../policy/analysis/access-matrix.ts";
import { UsageError } from "../args/run-command.ts";
import { isAdmitted } from "../explain/assumed-token.ts";
import { matrixCsv, matrixMarkdown, matrixText } from "../matrix/format-matrix.ts";
import { matrixPage } from "../matrix/matrix-page.ts";
import { coloursFor, EXIT, jsonOption, printJson } from "../output.ts";
import { loadPolicy, policyOption } from "../policy-file/policy-source.ts";

export const examples = [
  "matrix",
  "matrix --markdown",
  "matrix --html > matrix.html",
  "matrix --policy git:main --csv",
];

export default defineCommand({
  meta: { description: "Show who may call what: every registered client against every route." },
  args: {
    ...policyOption,
    markdown: { type: "boolean", default: false, description: "As a Markdown table." },
    csv: { type: "boolean", default: false, description: "As CSV." },
    html: { type: "boolean", default: false, description: "As one page that needs no other file." },
    ...jsonOption,
  },
  async run({ args }) {
    const { markdown, csv, html, json } = args;
    if ([markdown, csv, html, json].filter(Boolean).length > 1) {
      throw new UsageError("Choose one of --markdown, --csv, --html and --json.");
    }
    const { policy } = await loadPolicy(args.policy);
    const matrix = accessMatrix(policy, (client) => isAdmitted(policy, client));
    if (json) printJson(matrix);
    else if (markdown) console.log(matrixMarkdown(matrix));
    else if (csv) process.stdout.write(`${matrixCsv(matrix)}\r\n`);
    else console.log(html ? matrixPage(matrix, args.policy) : matrixText(matrix, coloursFor()));
    return EXIT.fine;
  },
});
