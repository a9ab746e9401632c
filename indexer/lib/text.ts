/**
 * A text of a stranger, as PostgreSQL can keep it: it takes no character zero, and one such text must not end the indexing
 * of all others.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
