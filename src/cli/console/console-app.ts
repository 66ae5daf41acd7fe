import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ExpectedError } from "../args/exit-code.ts";
import { type Html, html } from "../print/html.ts";
import type { Assets } from "./assets/bundle-assets.ts";
import { eventStream, MAX_STREAMS } from "./event-stream.ts";
import { ANSWER_HEADERS, refusalOf } from "./guard.ts";
import { type PageAssets, page } from "./page.ts";
import { proseOf } from "./parts/prose-of.ts";
import type { EventSink, EventsOfView, ViewContext } from "./view/view-context.ts";
import { VIEWS } from "./views.ts";

/** What the pages show. */
export interface ConsoleSource {
  /** Reads the context as it is now. */
  readonly context: () => Promise<ViewContext>;
  readonly assets: Assets;
  /** The port that the console listens on. */
  readonly port: () => number;
  /** Aborted when the console closes. Event streams end then. */
  readonly closing: AbortSignal;
  /** Called with an error that is a bug. The page says nothing of it. */
  readonly onError: (error: unknown, request: Request) => void;
}

/** Longest form, in bytes. A token has 16 KiB at most, and an MCP message of a question is not long. */
const MAX_FORM_BYTES = 256 * 1024;
const FORM = "application/x-www-form-urlencoded";

type Env = { readonly Bindings: HttpBindings };

/** The console as an app. No request changes anything. */
export function consoleApp(source: ConsoleSource): Hono<Env> {
  const { assets, closing } = source;
  const app = new Hono<Env>();
  let openStreams = 0;
  const countedEvents =
    (events: EventsOfView) =>
    (sink: EventSink): (() => void) => {
      const stop = events(source.context, sink);
      openStreams += 1;
      return () => {
        openStreams -= 1;
        stop();
      };
    };

  app.use(async (c, next) => {
    const { method = "", url: target = "", headersDistinct: headers } = c.env.incoming;
    const isPage = VIEWS.some(({ path }) => path === c.req.path);
    const refusal = refusalOf({ method, target, headers }, source.port(), isPage);
    if (refusal === undefined) await next();
    else if (refusal.status === 405) c.res = notAllowed(c, assets);
    else c.res = errorPage(c, assets, refusal.status, refusal.text);
    for (const [name, value] of Object.entries(ANSWER_HEADERS)) c.res.headers.set(name, value);
  });

  for (const entry of VIEWS) {
    const { path, view, events, takesForm } = entry;
    const answer = async (c: Context<Env>) => {
      const context = await source.context();
      const reply = await view(context, c.req.raw);
      if (typeof reply === "object" && "seeOther" in reply) return c.redirect(reply.seeOther, 303);
      const { main, status = 200, title = entry.title } = typeof reply === "object" ? reply : { main: reply };
      return show(c, page({ ...entry, title }, main, assetsOf(assets, entry.id), context), status);
    };
    app.get(path, answer);
    if (takesForm) {
      const onError = (c: Context<Env>) =>
        errorPage(c, assets, 413, `The form is longer than ${MAX_FORM_BYTES} bytes.`);
      app.post(path, bodyLimit({ maxSize: MAX_FORM_BYTES, onError }), (c) => {
        const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
        return type === FORM ? answer(c) : errorPage(c, assets, 415, `The form must be ${FORM}.`);
      });
    }
    app.all(path, (c) => notAllowed(c, assets));
    if (events === undefined) continue;
    app.get(`${path}/events`, (c) => {
      // A stream without a reader would never end.
      if (c.env.incoming.method === "HEAD") return c.body(null, 200, { "content-type": "text/event-stream" });
      if (openStreams >= MAX_STREAMS) return tooManyStreams(c, assets);
      return eventStream(c.req.raw, closing, countedEvents(events));
    });
    app.all(`${path}/events`, (c) => notAllowed(c, assets));
  }
  for (const [name, { type, text }] of assets) {
    app.get(`/assets/${name}`, (c) => c.body(text, 200, { "content-type": type }));
    app.all(`/assets/${name}`, (c) => notAllowed(c, assets));
  }

  app.notFound((c) => errorPage(c, assets, 404, "There is no page at this address."));
  app.onError(async (error, c) => {
    if (error instanceof ExpectedError) return await questionPage(c, source, error);
    source.onError(error, c.req.raw);
    return errorPage(c, assets, 500, "The console could not make this page. Its terminal says more.");
  });
  return app;
}

/** A page of a view whose question the user has to put right. */
async function questionPage(c: Context<Env>, { context, assets }: ConsoleSource, { lines }: ExpectedError) {
  const entry = VIEWS.find(({ path }) => path === c.req.path) ?? { id: "error", title: "Not understood" };
  const items = lines.map((line) => html`<p class="wrong" role="alert">${{ html: proseOf(line) }}</p>`);
  const main = html`<h1>${entry.title}</h1>\n${{ html: items }}`;
  return show(c, page(entry, main, assetsOf(assets, entry.id), await context()), 400);
}

function notAllowed(c: Context<Env>, assets: Assets): Response {
  const takesForm = VIEWS.some((entry) => entry.path === c.req.path && entry.takesForm);
  const allow = takesForm ? "GET, HEAD, POST" : "GET, HEAD";
  const response = errorPage(c, assets, 405, `This address answers ${allow} only.`);
  response.headers.set("allow", allow);
  return response;
}

function tooManyStreams(c: Context<Env>, assets: Assets): Response {
  const text = `${MAX_STREAMS} pages follow the console, which is the most that it allows. Close one of them.`;
  const response = errorPage(c, assets, 503, text);
  response.headers.set("retry-after", "5");
  return response;
}

type ErrorStatus = 400 | 403 | 404 | 405 | 413 | 415 | 421 | 500 | 503;

/** A page that says nothing of the policy: its reader may be another site. */
function errorPage(c: Context<Env>, assets: Assets, status: ErrorStatus, text: string): Response {
  const title = `${status}`;
  const main = html`<h1>${title}</h1>\n<p class="wrong">${text}</p>`;
  return show(c, page({ id: "error", title }, main, assetsOf(assets, "error")), status);
}

function show(c: Context<Env>, text: Html, status: ErrorStatus | 200 = 200): Response {
  return c.body(text, status, { "content-type": "text/html; charset=utf-8" });
}

/** What every page loads, and what only the page of one view does. */
function assetsOf(assets: Assets, id: string): PageAssets {
  const names = ["console", id];
  const found = (ending: string) =>
    names.map((name) => `${name}.${ending}`).flatMap((name) => (assets.has(name) ? [`/assets/${name}`] : []));
  return { scripts: found("js"), styles: found("css") };
}
