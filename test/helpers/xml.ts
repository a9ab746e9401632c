const NAME = "[A-Za-z][A-Za-z0-9:-]*";
const ATTRIBUTE = new RegExp(`^\\s+(${NAME})="([^"<]*)"`);

/**
 * Checks that a text without declarations, comments and CDATA is well-formed XML 1.0.
 *
 * @returns the texts between tags, entities resolved
 * @throws {Error} where it is not
 */
export function parseSimpleXml(xml: string): string[] {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml))
    throw new Error("a character XML does not allow");
  const open: string[] = [];
  const texts: string[] = [];
  let roots = 0;
  for (const [token] of xml.matchAll(/<[^>]*>|[^<]+|</g)) {
    if (!token.startsWith("<")) {
      if (token.trim() !== "" && open.length === 0) throw new Error(`text outside the root: ${token}`);
      texts.push(resolveEntities(token));
    } else if (token.startsWith("</")) {
      if (`</${open.pop()}>` !== token) throw new Error(`${token} closes nothing`);
    } else {
      const [, name, attributes, end] =
        new RegExp(`^<(${NAME})((?:\\s+[^\\s=]+="[^"]*")*)\\s*(/?)>$`).exec(token) ?? [];
      if (name === undefined) throw new Error(`${token} is no tag`);
      checkAttributes(attributes as string);
      if (open.length === 0) roots++;
      if (end === "") open.push(name);
    }
  }
  if (open.length > 0 || roots !== 1) throw new Error("not exactly one closed root");
  return texts;
}

function checkAttributes(text: string): void {
  const names = new Set<string>();
  for (let rest = text; rest !== "";) {
    const match = ATTRIBUTE.exec(rest);
    if (match === null || names.has(match[1] as string)) throw new Error(`bad attributes: ${text}`);
    names.add(match[1] as string);
    resolveEntities(match[2] as string);
    rest = rest.slice(match[0].length);
  }
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  return text.replaceAll(/&([a-z]*;?)/g, (_, name: string) => {
    const character = ENTITIES[name.slice(0, -1)];
    if (!name.endsWith(";") || character === undefined) throw new Error(`a stray & in ${text}`);
    return character;
  });
}
