/** Whether a text can name a binding or a secret of a Worker. */
export function isBindingName(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text);
}
