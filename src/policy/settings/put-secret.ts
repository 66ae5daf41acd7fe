/**
 * The command that sets a Worker secret, for hints. It has `--env`: without it, wrangler sets the secret of the top
 * level of its file, and the deployed environments still lack it.
 */
export function putSecret(name: string): string {
  return `npx wrangler secret put ${name} --env ENVIRONMENT`;
}
