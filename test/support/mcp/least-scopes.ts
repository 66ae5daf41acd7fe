import { localSecret } from "../../../src/local/issuer/clients.ts";

/** What both generations of the SDK ask of a client's credentials. */
interface Tokens {
  access_token: string;
  token_type: string;
  scope?: string | undefined;
  issuer?: string | undefined;
}

/**
 * Credentials of a client of the local issuer, for the SDK. The client asks for as little as it can: first for the
 * scopes that it is made with, and after each refusal for those of the challenge as well.
 */
export class LeastScopes {
  readonly redirectUrl = undefined;
  /** The scopes of each token that it asked for. */
  readonly asked: string[] = [];
  /** What it was refused by the gateway: status, and the reason in the problem document. */
  readonly refusals: string[] = [];
  readonly #client: { readonly client_id: string; readonly client_secret: string; readonly issuer: string };
  readonly #scopes: Set<string>;
  #tokens: Tokens | undefined;

  constructor({ client, scope, issuer }: { readonly client: string; readonly scope: string; readonly issuer: string }) {
    this.#client = { client_id: client, client_secret: localSecret(client), issuer };
    this.#scopes = new Set([scope]);
  }

  get clientMetadata() {
    return { redirect_uris: [], grant_types: ["client_credentials"], token_endpoint_auth_method: "client_secret_post" };
  }

  clientInformation() {
    return this.#client;
  }

  tokens(): Tokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: Tokens): void {
    this.#tokens = tokens;
  }

  /** Instead of all scopes of the metadata, which the SDK would ask for. */
  prepareTokenRequest(): URLSearchParams {
    const scope = [...this.#scopes].join(" ");
    this.asked.push(scope);
    return new URLSearchParams({ grant_type: "client_credentials", scope });
  }

  /** Sends requests for the SDK, and remembers the scopes that a refusal names. */
  readonly fetch = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    const answer = response.ok
      ? {}
      : Object(
          await response
            .clone()
            .json()
            .catch(() => undefined),
        );
    const { type } = Object(answer.error?.data);
    if (typeof type === "string") this.refusals.push(`${response.status} ${type.split("/").at(-1)}`);
    const [, scope] = /\bscope="([^"]*)"/.exec(response.headers.get("www-authenticate") ?? "") ?? [];
    for (const name of scope?.split(" ") ?? []) this.#scopes.add(name);
    return response;
  };

  redirectToAuthorization(): never {
    throw new Error("the client has no user");
  }

  saveCodeVerifier(): void {}

  codeVerifier(): never {
    throw new Error("the client has no user");
  }
}
