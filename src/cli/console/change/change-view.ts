import { readFileSync } from "node:fs";
import type { Result } from "../../../result.ts";
import { type Html, html } from "../../print/html.ts";
import { computeInThread } from "../parts/compute-in-thread.ts";
import { proseOf } from "../parts/prose-of.ts";
import type { EventsOfView, ViewContext, ViewReply } from "../view/view-context.ts";
import type { ChangeAnswer, ChangeQuestion } from "./compute/change-answer.ts";
import { ChangeAnswers } from "./compute/change-answers.ts";
import {
  DEFAULT_REVISION,
  fileOf,
  findRevision,
  latestCommits,
  parseRevision,
  type Revision,
} from "./compute/revision.ts";
import { faultLines, faultsHtml } from "./faults-html.ts";
import { resultHtml } from "./result-html.ts";
import { revisionForm } from "./revision-form.ts";
import { askedChange, pageVersion } from "./versions.ts";

/** How long a page waits for the comparison before it says that it is being computed. Most policies take less. */
const PATIENCE_MS = 400;
/** How often the file is read while a page listens. */
const POLL_MS = 500;
/** Git runs at every fourth of these times only, because each run starts processes. */
const POLLS_PER_GIT_RUN = 4;

/** Shared by all pages, so that two tabs do not compute the same twice. */
const ANSWERS = new ChangeAnswers(
  computeInThread<ChangeQuestion, ChangeAnswer>("cli/console/change/compute/change-thread"),
);

/**
 * What the policy, as it stands on disk, changes against a git revision, which the parameter `against` names. If it is
 * anything else, the page says so beside the form (400).
 */
export async function changeView(context: ViewContext, { url }: Pick<Request, "url">): Promise<Html | ViewReply> {
  const against = againstIn(url);
  const revision = parseRevision(against);
  const file = fileOf(context.policyName);
  const form = html`<h1>What the change opens and closes</h1>
${{ html: revisionForm(against, latestCommits(file)) }}
`;
  if (!revision.ok) {
    const wrong = html`<p class="wrong" role="alert">${{ html: proseOf(revision.failure) }}</p>`;
    return { main: html`${{ html: form }}${{ html: wrong }}`, status: 400 };
  }
  const found = findRevision(revision.value, file);
  const asked = found.ok ? askedChange(context, found.value) : undefined;
  const answer = asked && (await ANSWERS.answer(asked, PATIENCE_MS));
  const last = asked && ANSWERS.lastCompared(asked.question);
  return html`${{ html: form }}<p id="change-status" class="status" role="status"></p>
<div id="change-result" tabindex="-1" data-version="${versionOf(context, found)}">
${{ html: excerpts(context) }}${{ html: resultHtml({ context, against, found, answer, last }) }}</div>`;
}

/** Tells a page that what it shows has changed: the file, the commit, or that the comparison is done. */
export const changeEvents: EventsOfView = (context, { request, lastEventId, send }) => {
  const revision = parseRevision(againstIn(request.url));
  if (!revision.ok) return () => {};
  let seen = lastEventId ?? new URL(request.url).searchParams.get("version");
  let found: Result<Revision, string> | undefined;
  let polls = 0;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const now = await context();
      if (found === undefined || polls % POLLS_PER_GIT_RUN === 0) {
        found = findRevision(revision.value, fileOf(now.policyName));
      }
      polls += 1;
      const version = versionOf(now, found);
      if (version === seen) return;
      seen = version;
      send({ event: "change", id: version, data: version });
    } catch {
      // The page that asks next meets the same error, and the terminal says what it is.
    } finally {
      isLooking = false;
    }
  };
  void look();
  const timer = setInterval(look, POLL_MS);
  return () => clearInterval(timer);
};

function againstIn(url: string): string {
  return new URL(url).searchParams.get("against") ?? DEFAULT_REVISION;
}

function versionOf(context: ViewContext, found: Result<Revision, string>): string {
  if (!found.ok) return pageVersion(context, { refusal: found.failure });
  const asked = askedChange(context, found.value);
  return pageVersion(context, { asked, isComputed: asked !== undefined && ANSWERS.has(asked.version) });
}

/** The lines of the file where it is wrong, if it is. */
function excerpts({ state, policyName }: ViewContext): Html {
  if (state.kind === "valid" || policyName.startsWith("git:")) return html``;
  try {
    return faultsHtml(policyName, faultLines(policyName, readFileSync(policyName, "utf8"), state.lines));
  } catch {
    // The page's head says that the file cannot be read.
    return html``;
  }
}
