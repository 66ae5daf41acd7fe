import { type Fault, jsonPath } from "../../policy/fault.ts";
import { counted } from "../output.ts";
import type { Colours } from "../print/colours.ts";
import type { CheckReport } from "./check-policy.ts";
import type { Finding } from "./finding.ts";

/** How many warnings or notices with one code are printed. Errors are all printed. */
const MAX_SHOWN_OF_CODE = 50;

/**
 * Formats what `check` found: a paragraph for each finding, then a line that counts them. Of the warnings and notices
 * with one code, it shows the first 50 and the number of the rest.
 */
export function formatFindings(
  { findings, environments }: CheckReport,
  policy: string,
  placeOf: (path: Fault["path"]) => string,
  colours: Colours,
): readonly string[] {
  const open = findings.filter(({ reason }) => reason === undefined);
  const { shown, left } = firstOfEachCode(open);
  const paragraphs = shown.flatMap((finding) => paragraph(finding, placeOf, colours));
  const more = Array.from(left, ([code, count]) =>
    colours.doubtful(`${count} more ${code} ${count === 1 ? "is" : "are"} not shown. All of them: check --json`),
  );
  const suppressed = findings.flatMap(({ reason, code, path }) =>
    reason === undefined ? [] : [colours.faint(`${placeOf(path)}: suppressed ${code}: ${reason}`)],
  );
  const count = summary(findings);
  const note =
    environments === undefined
      ? [colours.doubtful("There is no wrangler file beside the policy, so stand-ins were used for its variables.")]
      : [];
  return [...paragraphs, ...more, ...suppressed, ...note, `${policy}: ${count}`];
}

function firstOfEachCode(findings: readonly Finding[]) {
  const counts = new Map<Finding["code"], number>();
  const shown = findings.filter(({ code, severity }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return severity === "error" || count <= MAX_SHOWN_OF_CODE;
  });
  for (const { code } of shown) counts.set(code, (counts.get(code) ?? 0) - 1);
  return { shown, left: [...counts].filter(([, count]) => count > 0) };
}

function paragraph(
  { severity, code, message, hint, path, environments, place }: Finding,
  placeOf: (path: Fault["path"]) => string,
  { bad, doubtful, faint, strong }: Colours,
): readonly string[] {
  const paint = severity === "error" ? bad : severity === "warning" ? doubtful : faint;
  const where = environments === undefined ? "" : ` (${environments.join(", ")})`;
  return [
    `${strong(place === undefined ? placeOf(path) : `${place.file}:${place.line}:${place.column}`)}: ${paint(severity)} ${code}: ${message}${where}`,
    `    ${faint(jsonPath(path))}`,
    `    ${hint}`,
  ];
}

function summary(findings: readonly Finding[]): string {
  const open = findings.filter(({ reason }) => reason === undefined);
  const suppressed = findings.length - open.length;
  const counts = (["error", "warning", "notice"] as const)
    .map((severity) => [severity, open.filter((it) => it.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(count, severity));
  const total = counts.length === 0 ? "no findings" : counts.join(", ");
  return suppressed === 0 ? total : `${total}, ${suppressed} suppressed`;
}
