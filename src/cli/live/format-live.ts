import { MAX_COMMITS_SEARCHED } from "../../limits.ts";
import { formatDifference } from "../diff/format-difference.ts";
import { counted } from "../output.ts";
import type { Colours } from "../print/colours.ts";
import type { LiveComparison } from "./compare-live.ts";

/** Formats what is live, where it comes from, and how the file differs, for a terminal. */
export function formatLive(comparison: LiveComparison, colours: Colours): readonly string[] {
  const { live, file } = comparison;
  return [
    `${live.origin}: ${live.isReady ? colours.good("ready") : colours.bad("not ready")}`,
    ...live.issuersWithoutKeys.map((issuer) => colours.bad(`  no usable keys: ${issuer}`)),
    `  live policy  ${live.digest ?? colours.bad("invalid")}`,
    `  ${file.name}  ${file.digest}`,
    ...(live.digest === undefined ? [INVALID] : [...formatCommit(comparison), ...formatMeaning(comparison, colours)]),
  ];
}

const INVALID =
  "The gateway refuses every request with policy-invalid: its policy has a fault with its vars. Its log lists the faults.";

function formatCommit({ commit, search, gitFailure, isSame, file }: LiveComparison): readonly string[] {
  if (gitFailure !== undefined) return [`No commit can be looked up: ${gitFailure}`];
  if (search === undefined) return [];
  if (commit !== undefined) {
    const { id, date, subject } = commit;
    const others = search.found.length - 1;
    return [
      `Live is commit ${id.slice(0, SHORT_ID)} (${date.slice(0, 10)}): ${subject}`,
      ...(others > 0 ? [`  ${counted(others, "older commit")} ${others === 1 ? "has" : "have"} the same policy.`] : []),
      ...(search.isElsewhere ? ["  It is on another branch or tag: it is not behind the current commit."] : []),
    ];
  }
  const faulty = search.faulty === 0 ? "" : `, ${search.faulty} without a valid policy`;
  const looked = `${counted(search.looked, "commit")} of ${file.name} looked at${faulty}`;
  if (isSame) return [`The live policy is in no commit: ${file.name} has changes that are not committed (${looked}).`];
  return [
    `No commit has the live policy (${looked}). Possible causes:`,
    ...(search.isShallow ? ["  This clone is shallow, so older commits are missing. Run: git fetch --unshallow"] : []),
    ...(search.isCut ? [`  It is older than the newest ${MAX_COMMITS_SEARCHED} commits.`] : []),
    "  It was deployed from a file that was not committed, or from a commit that this clone does not have.",
    "  Another version of Scopegate compiled it in another form.",
  ];
}

/** Long enough to be unique, short enough to read. */
const SHORT_ID = 12;

function formatMeaning(result: LiveComparison, colours: Colours): readonly string[] {
  const { comparison, compareFailure, isSame, closes, commit, file } = result;
  if (compareFailure !== undefined) {
    return [colours.bad("The difference is not known, because the policies cannot be compared:"), ...compareFailure];
  }
  if (isSame) {
    return [
      colours.good(`The live policy means the same as ${file.name}.`),
      "  Values of vars and bindings are not compared: the gateway does not tell them.",
    ];
  }
  if (comparison === undefined || commit === undefined) {
    return [colours.bad(`The difference to ${file.name} is not known.`)];
  }
  const before = { ...comparison.before, name: `live (${commit.id.slice(0, SHORT_ID)})` };
  return [
    "",
    ...formatDifference(comparison.difference, before, comparison.after, colours),
    "",
    ...(closes ? CLOSES.map(colours.doubtful) : ["Nothing closes."]),
  ];
}

const CLOSES = [
  "Something closes: deploy this at once, not gradually.",
  "  While two versions are live, a caller can choose the old one by a header (Cloudflare-Workers-Version-Key).",
];
