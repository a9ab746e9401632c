const ON_HUB = /^\S+ as it is on the Hugging Face Hub at [0-9a-f]{40}\.$/;

/** The description of a model of which nobody gave one. */
export function describeByName(name: string): string {
  return `Provenance record of the model ${name}.`;
}

/** The description of a model of the Hub whose card has none. @param revision - 40 hex digits */
export function describeOnHub(id: string, revision: string): string {
  return `${id} as it is on the Hugging Face Hub at ${revision}.`;
}

/** The description that somebody gave, where it is not empty and not one that stands in for it. */
export function statedDescription(metadata: { name: string; description: string }): string | undefined {
  const { name, description } = metadata;
  return description === "" || description === describeByName(name) || ON_HUB.test(description)
    ? undefined
    : description;
}
