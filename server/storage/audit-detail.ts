/** What an entry says beside its words; nothing where it can no longer be read: then it does not follow the one before it, either. */
export function detailOf(text: string): Readonly<Record<string, string | number | boolean | null>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as ReturnType<typeof detailOf>) : {};
  } catch {
    return {};
  }
}
