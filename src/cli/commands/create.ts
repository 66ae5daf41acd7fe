import { basename, join, resolve } from "node:path";
import { defineCommand } from "../args/command.ts";
import { EXIT } from "../args/exit-code.ts";
import { formatFindings } from "../check/format-findings.ts";
import { checkedPolicy } from "../check/replace-policy.ts";
import { ownPackedFile, ownVersions } from "../create/own-package.ts";
import { projectFiles } from "../create/project-files.ts";
import { assertEmptyFolder, writeProject } from "../create/write-project.ts";
import { firstPolicy } from "../init/first-policy.ts";
import { answerOptions, readAnswers } from "../init/read-answers.ts";
import { jsonOption } from "../output.ts";
import { DEFAULT_POLICY, placeOf } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printJson } from "../print/print-json.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";
import { localShell, quoted } from "../print/shell.ts";

export default defineCommand({
  name: "create",
  summary:
    "Write a new project: a gateway of your own, on the package scopegate. On a terminal, it asks for what no option " +
    "gives. Exit code 1: the issuer's keys cannot be found, or do not fit; nothing is written then.",
  options: { ...answerOptions, ...jsonOption },
  positionals: {
    dir: { required: true, description: "The project's folder: a new one, or an empty one." },
  },
  examples: [
    "notes-gateway",
    "notes-gateway --issuer https://keycloak.example.com/realms/main --client web \\\n" +
      "  --resource-server https://notes.example.com --upstream notes=https://notes.internal.example.com",
  ],
  async run(args) {
    const folder = resolve(args.dir);
    assertEmptyFolder(folder);
    const answers = await readAnswers(args);
    const packed = ownPackedFile();
    const copy = packed && `vendor/${basename(packed)}`;
    const versions = ownVersions();
    const source = copy ? `file:${copy}` : `^${versions.scopegate}`;
    const files = projectFiles(folder, answers, source, versions);
    // With the addresses themselves, because the check also asks the issuer.
    const text = `${JSON.stringify(firstPolicy(answers.answers, answers.found.settings), null, 2)}\n`;
    const policy = join(args.dir, DEFAULT_POLICY);
    const checked = await checkedPolicy(policy, text, { isOnline: answers.found.isDiscovered });
    writeProject(folder, files, packed && copy ? new Map([[copy, packed]]) : new Map());
    for (const remark of answers.found.remarks) printErrorLines([remark]);
    const written = [...files.keys(), ...(copy ? [copy] : [])];
    if (args.json) printJson({ folder: args.dir, files: written, findings: checked.report.findings });
    else
      printLines([
        `${args.dir} was created: ${written.join(", ")}.`,
        ...(copy ? [`${copy} is Scopegate itself, because it was installed from a file.`] : []),
        ...formatFindings(checked.report, policy, (path) => placeOf(checked.source, path), coloursFor()),
        `Next: cd ${quoted(args.dir, localShell())}, npm install, npm run dev.`,
      ]);
    return EXIT.fine;
  },
});
