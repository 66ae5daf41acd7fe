import { markdownTable } from "../support/project/markdown-table.ts";

/** What is used of Stryker's JSON report (mutation-testing-report-schema). File names are from the project's root. */
export interface MutantReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

/** Mutants that count: the others did not compile or run, or were ignored. */
const DETECTED = new Set(["Killed", "Timeout"]);
const UNDETECTED = new Set(["Survived", "NoCoverage"]);
const TARGET_PERCENT = 90;

interface Score {
  readonly mutants: number;
  /** Share of the mutants that a test notices, in percent. */
  readonly percent: number;
}

/**
 * The scores as Markdown: a table of folders, with a last line for all of them, and a table of the files below the
 * target, if there are any.
 *
 * @param reports by folder of `src`
 */
export function formatScores(reports: Readonly<Record<string, MutantReport>>): string {
  const folders = Object.entries(reports).map(([folder, report]) => ({ name: `\`src/${folder}\``, files: [report] }));
  const below = Object.values(reports)
    .flatMap(({ files }) => Object.entries(files).map(([file, { mutants }]) => ({ file, ...scoreOf([mutants]) })))
    .filter(({ percent }) => percent < TARGET_PERCENT)
    .sort((one, other) => one.percent - other.percent);
  const lines = [...folders, { name: "all", files: Object.values(reports) }].map(({ name, files }) => {
    const { mutants, percent } = scoreOf(
      files.flatMap((report) => Object.values(report.files)).map((file) => file.mutants),
    );
    return [name, mutants.toLocaleString("en"), `${percent.toFixed(1)} %`];
  });
  const folderTable = markdownTable(["folder", "mutants", "score"], lines);
  if (below.length === 0) return folderTable;
  const fileTable = markdownTable(
    [`file below ${TARGET_PERCENT} %`, "mutants", "score"],
    below.map(({ file, mutants, percent }) => [`\`${file}\``, mutants, `${percent.toFixed(1)} %`]),
  );
  return `${folderTable}\n\n${fileTable}`;
}

function scoreOf(files: readonly (readonly { readonly status: string }[])[]): Score {
  const counted = files.flat().filter(({ status }) => DETECTED.has(status) || UNDETECTED.has(status));
  const detected = counted.filter(({ status }) => DETECTED.has(status)).length;
  return { mutants: counted.length, percent: counted.length === 0 ? 100 : (detected / counted.length) * 100 };
}
