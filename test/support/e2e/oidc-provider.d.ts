/** The part of `oidc-provider` that the tests use; the package has no types. */
declare module "oidc-provider" {
  import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

  /** What is known of one request to the provider. */
  interface Context {
    readonly oidc: {
      readonly params?: Readonly<Record<string, unknown>>;
      readonly session?: { readonly accountId: string; readonly acr?: string };
      readonly client: { readonly clientId: string };
      /** What the user did at the sign-in page. */
      readonly result?: { readonly login?: unknown };
      readonly entities: { readonly AuthorizationCode?: { readonly acr?: string; readonly authTime?: number } };
    };
  }

  export default class Provider {
    readonly Grant: new (of: {
      readonly clientId: string;
      readonly accountId: string;
    }) => Grant;
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): RequestListener;
    interactionDetails(
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<{ readonly params: Readonly<Record<string, unknown>> }>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }

  interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  /** When the provider asks the user for something. */
  export const interactionPolicy: {
    readonly Check: new (reason: string, description: string, isNeeded: (context: Context) => boolean) => object;
    base(): { get(name: "login"): { readonly checks: { add(check: object): void } } | undefined };
  };
}
