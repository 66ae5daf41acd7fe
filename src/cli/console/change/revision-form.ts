import { type Html, html } from "../../print/html.ts";
import { type CommitLabel, DEFAULT_REVISION, shortId } from "./compute/revision.ts";

/** The form that chooses a revision, and links to the commits that changed the file. It works without a script. */
export function revisionForm(against: string, commits: readonly CommitLabel[]): Html {
  const options = [
    html`<option value="${DEFAULT_REVISION}">the last commit</option>`,
    ...commits.map(({ id, subject }) => html`<option value="${addressOf(id)}">${subject}</option>`),
  ];
  return html`<form class="against" action="/change">
<label for="against">Compare with</label>
<input id="against" name="against" value="${against}" list="revisions" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="against-hint">
<button>Compare</button>
<datalist id="revisions">${{ html: options }}</datalist>
<p id="against-hint" class="hint">A git revision of the same file: <code>git:main</code>, <code>git:HEAD~3</code>, <code>git:v1.4.0</code>.</p>
</form>
${{ html: commitList(against, commits) }}`;
}

function commitList(against: string, commits: readonly CommitLabel[]): Html {
  if (commits.length === 0) return html``;
  const rows = commits.map(({ id, date, subject }) => {
    const address = addressOf(id);
    const current = address === against ? html` aria-current="true"` : html``;
    return html`<li><a href="/change?${new URLSearchParams({ against: address }).toString()}"${{ html: current }}><code>${shortId(id)}</code></a> <time datetime="${date}">${date.slice(0, 10)}</time> <span>${subject}</span></li>
`;
  });
  return html`<details class="commits" data-key="commits"><summary>Commits that changed this file</summary>
<ol>
${{ html: rows }}</ol></details>
`;
}

function addressOf(id: string): string {
  return `git:${shortId(id)}`;
}
