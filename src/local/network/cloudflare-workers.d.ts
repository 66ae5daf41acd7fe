/** The part of the runtime's module that the local network uses. */
declare module "cloudflare:workers" {
  export abstract class WorkerEntrypoint<Env, Props> {
    protected readonly ctx: { readonly props: Props };
    protected readonly env: Env;
  }
}
