import { askedMessageText } from "../../../explain/message/asked-message.ts";
import { dayOf } from "../../../policy/settings/report-only.ts";
import { callOf } from "../../args/command.ts";
import { ExpectedError, UsageError } from "../../args/exit-code.ts";
import { shortened } from "../../explain/details.ts";
import { askedText } from "../../explain/format-explanation.ts";
import { type LoadedPolicy, placeOf } from "../../policy-file/policy-source.ts";
import { type Html, html } from "../../print/html.ts";
import { localShell } from "../../print/shell.ts";
import { proseOf } from "../parts/prose-of.ts";
import { noPolicy } from "../parts/state-of-policy.ts";
import { type Question, whyAddress } from "../parts/why-address.ts";
import { shownPolicy } from "../view/policy-state.ts";
import type { ViewContext, ViewReply } from "../view/view-context.ts";
import { askWhy } from "./ask-why.ts";
import { explainCommand } from "./explain-command.ts";
import { messageOf } from "./message-of.ts";
import { readQuestion, TOKEN_FIELD, valuesToShow } from "./question.ts";
import { whyAnswer } from "./why-answer.ts";
import { whyForm } from "./why-form.ts";

const TITLE = "Why?";

/**
 * Answers a question in the address, or in a form. A form without a token leads on to the address of its question. A
 * form with a token is answered at once: the token is in no address, in no part of the page, and is not kept.
 */
export async function whyView(context: ViewContext, request: Request): Promise<Html | ViewReply> {
  const loaded = shownPolicy(context.state);
  if (loaded === undefined) return noPolicy(TITLE);
  const isForm = request.method === "POST";
  const given = isForm ? new URLSearchParams(await request.text()) : new URL(request.url).searchParams;
  const values = valuesToShow(given);
  try {
    const token = isForm ? tokenIn(given) : undefined;
    const question = readQuestion(given);
    if (question === undefined) {
      if (token === undefined) return pageOf(loaded, values);
      throw new UsageError("The question has no path. Give one, such as /orders.");
    }
    if (isForm && token === undefined) return { seeOther: addressOf(question) };
    const asked = question.env === undefined ? loaded : await context.compileIn(question.env, loaded);
    return await answerTo(withShortMessage(question), token, asked, values, context);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const lines = error.lines.map((line) => html`<p class="wrong" role="alert">${{ html: proseOf(line) }}</p>`);
    return { main: pageOf(loaded, values, lines), status: 400 };
  }
}

async function answerTo(
  question: Question,
  token: string | undefined,
  loaded: LoadedPolicy,
  values: ReadonlyMap<string, string>,
  { day, policyName, environment, stack }: ViewContext,
): Promise<Html | ViewReply> {
  const { policy } = loaded;
  const nowMs = Date.now();
  const reply = await askWhy(question, token, { policy, day, hasStack: stack !== undefined, nowMs });
  const hasToken = token !== undefined;
  const on = question.on ?? (day === dayOf(nowMs) ? undefined : day);
  const command = explainCommand({ ...question, on }, { policyName, environment, hasToken }, localShell());
  const answer = whyAnswer(reply, {
    question,
    policy,
    placeOf: (path) => placeOf(loaded, path),
    hasToken,
    command: `${callOf({ name: command.name })} ${command.args}`,
  });
  const main = pageOf(loaded, values, [answer]);
  // The history of the browser keeps titles. Of a question with a token, nothing must stay there.
  return hasToken ? main : { main, title: `${TITLE} ${shortened(askedText(reply.explanation))}` };
}

function pageOf({ policy }: LoadedPolicy, values: ReadonlyMap<string, string>, parts: readonly Html[] = []): Html {
  const intro = html`<p class="note">Ask what the gateway does with a request. Each cell on <a href="/">Routes</a> leads to an answer, too. The address of an answer is the question, so you can send it to others.</p>`;
  return html`<h1>${TITLE}</h1>
<div class="${parts.length === 0 ? "why empty" : "why"}">
<div class="reply">${{ html: parts.length === 0 ? intro : parts }}</div>
${{ html: whyForm(policy, values) }}
</div>`;
}

/** Longest address that the console leads on to, in characters. Its server takes 16 KiB with all headers. */
const MAX_ADDRESS_LENGTH = 8_000;

function addressOf(question: Question): string {
  const address = whyAddress(withShortMessage(question));
  if (address.length <= MAX_ADDRESS_LENGTH) return address;
  throw new UsageError(`The question is too long for an address: it has more than ${MAX_ADDRESS_LENGTH} characters.`);
}

/** Takes the token out of the form, so that nothing else reads it. */
function tokenIn(form: URLSearchParams): string | undefined {
  const [token, ...others] = form.getAll(TOKEN_FIELD).filter((text) => text.trim() !== "");
  form.delete(TOKEN_FIELD);
  if (others.length > 0) throw new UsageError("The form has several tokens. Give one.");
  return token;
}

/** The question with its MCP message in words: the body may have arguments that belong into no address. */
function withShortMessage(question: Question): Question {
  const { message: text, revision } = question;
  if (text === undefined) return question;
  const asked = messageOf(text, revision);
  const message = askedMessageText(asked);
  const isDefault = messageOf(message, undefined).revision === asked.revision;
  return { ...question, message, revision: isDefault ? undefined : asked.revision };
}
