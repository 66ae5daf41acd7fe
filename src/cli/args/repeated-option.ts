/** Every value of an option that may be given more than once; citty keeps the last one only. */
export function repeatedOption(rawArgs: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (const [index, arg] of rawArgs.entries()) {
    const inline = arg.startsWith(`--${name}=`) ? arg.slice(name.length + 3) : undefined;
    const value = arg === `--${name}` ? rawArgs[index + 1] : inline;
    if (value !== undefined) values.push(value);
  }
  return values;
}
