/** The part of the runtime's module that the local network uses. */
declare module "cloudflare:sockets" {
  export function connect(address: { readonly hostname: string; readonly port: number }): {
    /** Rejects if the connection cannot be made. */
    readonly opened: Promise<unknown>;
    close(): Promise<void>;
  };
}
