import type { Route, RouteTemplate, ServedPolicy, Upstream } from "../../policy/policy.ts";
import { canonicalPath } from "../../policy/routing/canonical-path.ts";
import { matchOnHost } from "../../policy/routing/match-on-host.ts";
import { rewritePath, segmentsOf } from "../../policy/routing/rewrite-path.ts";
import { hostKey } from "../../policy/routing/served-hosts.ts";
import { InvertibleTemplates } from "./invertible-templates.ts";

/** A request as it was sent. */
export interface SentRequest {
  readonly route: Route;
  /** The canonical path of the caller's request. */
  readonly path: string;
  /** The path that the upstream got, without the path of its URL. */
  readonly sentPath: string;
  /** The caller's URL. Its host decides which routes there are. */
  readonly url: URL;
}

/** Finds the path of the gateway that leads to a path of one upstream. */
export class WayBack {
  readonly #upstream: Upstream;
  readonly #policy: Pick<ServedPolicy, "table" | "byHost">;
  readonly #templates: readonly RouteTemplate[];
  #invertible: InvertibleTemplates | undefined;

  constructor(upstream: Upstream, policy: Pick<ServedPolicy, "table" | "byHost" | "templates">) {
    this.#upstream = upstream;
    this.#policy = policy;
    this.#templates = policy.templates.filter((template) => template.upstream === upstream.name);
  }

  /** The path of the upstream's URL, without a trailing slash; may be empty. */
  get pathPrefix(): string {
    return this.#upstream.kind === "url" ? this.#upstream.pathPrefix : "";
  }

  /** Whether every path of the upstream is the same at the gateway. */
  get isIdentity(): boolean {
    return this.pathPrefix === "" && this.#upstream.stripPrefix === undefined && this.#templates.length === 0;
  }

  /**
   * The path of the gateway that leads to a path of the upstream; `undefined`: none does. It need not be served: then
   * the upstream names a path that callers cannot reach, and the gateway refuses it like any other.
   *
   * @param pathname as a URL parser writes it
   * @param sent the request that this answers. Of several ways back, its own route's is preferred.
   */
  to(pathname: string, sent: SentRequest): string | undefined {
    const canonical = canonicalPath(pathname, true);
    const inner = this.withoutPathPrefix(canonical.ok ? canonical.value : pathname);
    if (inner === undefined) return undefined;
    if (this.#isSame(inner, sent.sentPath)) return sent.path;
    if (!canonical.ok || this.#templates.length === 0) return this.#unstripped(inner, sent);
    const byTemplate = this.#byTemplate(inner || "/", sent);
    if (byTemplate !== undefined) return byTemplate;
    const back = this.#unstripped(inner, sent);
    // A route with a template may serve this path, and send it elsewhere.
    return this.#routesOf(back, sent).length === 0 || this.#leadsTo(back, inner, sent) ? back : undefined;
  }

  /**
   * The path at the gateway of an area: of a path of the upstream with all paths below it, as cookies name it. Without
   * a template, the area of a prefix is one. With one, the end of the path of the request says it, if the template has
   * the same end. Otherwise the area has the way back of its path, or keeps it.
   *
   * @param area without the path of the upstream's URL; may be empty
   */
  areaOf(area: string, sent: SentRequest): string {
    if (sent.route.upstreamPath !== undefined) {
      const own = areaByTemplate(area, sent.route.upstreamPath, sent);
      if (own !== undefined) return own;
    }
    const { stripPrefix = "" } = this.#upstream;
    if (this.#templates.length > 0 && area !== "" && area !== "/") {
      const back = canonicalPath(area, true).ok ? this.#byTemplate(area, sent) : undefined;
      if (back !== undefined) return back;
    }
    // The upstream's root is the area of the prefix, with a slash at its end and without.
    const rest = area === "/" && this.pathPrefix === "" ? "" : area;
    return stripPrefix + rest || "/";
  }

  /** Whether the gateway serves a path, with any method and any upstream. */
  isServed(pathname: string, sent: SentRequest): boolean {
    const canonical = canonicalPath(pathname, true);
    return canonical.ok && this.#match(canonical.value, sent) !== undefined;
  }

  /**
   * A path of the upstream without the path of its URL: empty, or with a slash first; `undefined`: it is not below it.
   */
  withoutPathPrefix(path: string): string | undefined {
    const { pathPrefix } = this;
    if (path === pathPrefix || path.startsWith(`${pathPrefix}/`)) return path.slice(pathPrefix.length);
    return undefined;
  }

  #byTemplate(inner: string, sent: SentRequest): string | undefined {
    this.#invertible ??= new InvertibleTemplates(this.#templates);
    return this.#invertible.waysBack(inner, sent.route.path).find((back) => this.#leadsTo(back, inner, sent));
  }

  /**
   * Puts `stripPrefix` before a path. With a prefix, `/` may stand for the path of the prefix with and without a slash.
   */
  #unstripped(inner: string, sent: SentRequest): string {
    const { stripPrefix = "" } = this.#upstream;
    if (inner !== "/" || stripPrefix === "" || this.pathPrefix !== "") return stripPrefix + inner || "/";
    return this.#leadsTo(`${stripPrefix}/`, inner, sent) ? `${stripPrefix}/` : stripPrefix;
  }

  #leadsTo(path: string, inner: string, sent: SentRequest): boolean {
    return this.#routesOf(path, sent).some(({ rewriting }) => {
      return this.#isSame(rewriting === undefined ? path : rewritePath(rewriting, path), inner);
    });
  }

  /** Whether two paths are the same at the upstream. Without a path in its URL, an empty path is the root. */
  #isSame(one: string, other: string): boolean {
    return one === other || (this.pathPrefix === "" && (one || "/") === (other || "/"));
  }

  /** The routes of a path that lead to the upstream. */
  #routesOf(path: string, sent: SentRequest): readonly Route[] {
    const group = this.#match(path, sent);
    if (group === undefined) return [];
    const all = [...group.byMethod.values(), ...(group.anyMethod ? [group.anyMethod] : [])];
    return all.filter(({ upstream }) => upstream.name === this.#upstream.name);
  }

  #match(path: string, { url }: SentRequest) {
    return matchOnHost(this.#policy, hostKey(url.hostname), path);
  }
}

/**
 * The area at the gateway, if the request's path at the upstream lies in it: the pattern and the template of the route
 * have some segments at their ends in common, and each area that ends before them is the one before them at the
 * gateway. Of `/t/orders/:id` and `/app/v2/orders/:id`, `/app/v2/orders` is `/t/orders`, and `/app/v2` and `/app` are
 * `/t`. `undefined`: it cannot be told.
 */
function areaByTemplate(area: string, template: string, { route, path, sentPath }: SentRequest): string | undefined {
  const hasSlash = area.endsWith("/") && area !== "/";
  const parts = segmentsOf(hasSlash ? area.slice(0, -1) : area || "/");
  const [pattern, built] = [segmentsOf(route.path), segmentsOf(template)];
  let common = 0;
  while (common < built.length && pattern.at(-1 - common) === built.at(-1 - common)) common += 1;
  const front = built.length - common;
  const sent = segmentsOf(sentPath);
  if (!parts.every((part, at) => part === sent[at])) return undefined;
  // A wider area than the template's own beginning is at least that of the pattern's.
  const inEnd = Math.max(parts.length - front, 0);
  const back = segmentsOf(path).slice(0, pattern.length - common + inEnd);
  return `/${back.join("/")}${hasSlash && back.length > 0 ? "/" : ""}`;
}
