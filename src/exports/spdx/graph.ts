/** An element of a document, as far as it is read back. */
export interface Element {
  readonly type: string;
  readonly name?: string;
  readonly verifiedUsing?: readonly { readonly hashValue: string }[];
}

const CREATION = "_:creationInfo";

/** The elements of an SPDX document: each has an IRI below that of the record, and says when it was stated and by whom. */
export class Graph {
  readonly #id: string;
  readonly #created: string;
  readonly #elements: object[] = [];
  readonly #ids: string[] = [];
  readonly #creations: object[] = [];
  #createdBy: readonly string[] = [];

  /** @param id - of the record; `created` is an ISO time */
  constructor(id: string, created: string) {
    this.#id = id;
    this.#created = created;
  }

  /** Who states everything but what {@link stateAt} says otherwise. */
  set createdBy(agents: readonly string[]) {
    this.#createdBy = agents;
  }

  /** Adds an element. @returns its IRI */
  add(type: string, part: string, properties: object, creationInfo: string = CREATION): string {
    const spdxId = `${this.#id}#${part}`;
    this.#elements.push({ type, spdxId, creationInfo, ...properties });
    this.#ids.push(spdxId);
    return spdxId;
  }

  /** Notes that something was stated at another time, by somebody else. @returns what elements name as their `creationInfo` */
  stateAt(created: string, createdBy: string): string {
    const id = `${CREATION}${this.#creations.length + 1}`;
    this.#creations.push({ type: "CreationInfo", "@id": id, specVersion: "3.0.1", created, createdBy: [createdBy] });
    return id;
  }

  /** Relates an element to others; to none that is nothing. */
  relate(relationshipType: string, from: string, to: readonly string[], completeness?: string): void {
    if (to.length === 0) return;
    const rest = { relationshipType, from, to, ...(completeness !== undefined && { completeness }) };
    this.add("Relationship", `Relationship-${this.#ids.length + 1}`, rest);
  }

  /** The document with all elements. */
  toJson(properties: object): object {
    const created = { specVersion: "3.0.1", created: this.#created, createdBy: this.#createdBy };
    return {
      "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
      "@graph": [
        { type: "CreationInfo", "@id": CREATION, ...created },
        ...this.#creations,
        {
          type: "SpdxDocument",
          spdxId: `${this.#id}#Document`,
          creationInfo: CREATION,
          ...properties,
          element: this.#ids,
        },
        ...this.#elements,
      ],
    };
  }
}
