const USER_AND_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi;
const PATH_AND_QUERY = /\b((?:https?|wss?):\/\/[^/\s"'?#]+)[/?#][^\s"']+/gi;

/** Takes user names and passwords out of every URL in a text: what is printed ends in logs. */
export function hideCredentials(text: string): string {
  return text.replace(USER_AND_PASSWORD, "$1");
}

/** As {@link hideCredentials}, and paths and queries with them: those of a JSON-RPC node hold its keys. */
export function hideUrls(text: string): string {
  return hideCredentials(text).replace(PATH_AND_QUERY, "$1/…");
}

/**
 * The parts of a URL that may be secret, the longest first: user, password, the header that both make, what stands in the
 * path and in the query. A server may repeat any of them in what it answers.
 */
export function secretsOf(url: URL): readonly string[] {
  const { username, password, pathname, searchParams } = url;
  const header = authorizationOf(url)?.slice("Basic ".length);
  const parts = [header, password, username, ...pathname.split("/"), ...searchParams.values()];
  const written = parts.flatMap((part) => (part ? [part, decode(part)] : []));
  return [...new Set(written)].filter((part) => part.length >= MIN_SECRET).toSorted((a, b) => b.length - a.length);
}

// A shorter one is no key, and would be cut out of common words.
const MIN_SECRET = 5;

/** The `Authorization` header that user and password of a URL ask for; undefined where there are none. @see RFC 7617 */
export function authorizationOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const bytes = new TextEncoder().encode(`${decode(username)}:${decode(password)}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** As browsers do: a percent sign that begins no escape stands for itself. */
function decode(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}
