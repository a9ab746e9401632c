import type { Signer } from "ethers";
import type { Registry } from "../registry/registry.ts";
import type { BuiltMetadata } from "../metadata/build-metadata.ts";
import { buildMetadata } from "../metadata/build-metadata.ts";
import { describeOnHub } from "../metadata/default-description.ts";
import type { ModelFacts } from "../metadata/model-facts.ts";
import type { Provenance } from "../metadata/schema.ts";
import type { OriginFinder } from "./base-models.ts";
import { HUB_EXTENSION, type HubExtension, toHubExtension } from "./hub-extension.ts";
import type { InspectedModel } from "./inspect-model.ts";

/** Who records a model, and where. */
export interface RecordingContext {
  readonly registry: Registry;
  readonly signer: Signer;
  readonly findOrigin: OriginFinder;
  readonly warn: (text: string) => void;
}

type Extensions = NonNullable<Provenance["extensions"]>;

// What the contract takes.
const FRAMEWORK_MAX_BYTES = 64;
const VERSION_MAX_BYTES = 64;

/**
 * Builds and signs the metadata of a model of the Hub. Nobody is asked anything: what its card says too much of is left
 * out, never a reason to stop.
 *
 * @param contents - where the digests of its large files are from
 * @throws {ProvenanceError} as `buildMetadata`, and as the registry and the Hub's requests
 */
export async function prepareImport(
  inspected: InspectedModel,
  contents: HubExtension["contents"],
  { registry, signer, findOrigin, warn }: RecordingContext,
): Promise<BuiltMetadata> {
  const { info, snapshot, facts } = inspected;
  const { baseModels: named = [], ...own } = facts.model;
  const origin = await findOrigin(info.id, named, warn);
  const hasOrigin = origin.parents.length + origin.baseModels.length > 0;
  return buildMetadata({
    model: inspected.contents.model,
    facts: withinLimits(own, warn),
    statements: {
      name: info.id,
      description: facts.model.description ?? describeOnHub(info.id, info.revision),
      externalUrl: `${snapshot.hub.endpoint}/${info.id}`,
      ...(hasOrigin && { relation: origin.relation }),
      ...(origin.parents.length > 0 && { parents: origin.parents, parentRelations: origin.parentRelations }),
      ...(hasOrigin && { baseModels: origin.baseModels }),
      extensions: JSON.parse(JSON.stringify({ [HUB_EXTENSION]: toHubExtension(inspected, contents) })) as Extensions,
    },
    account: { creator: await signer.getAddress(), chainId: registry.chainId, registry: registry.address },
    signer,
    warn,
  });
}

/** What a publisher would be told to shorten is left out here: there is nobody to tell. */
function withinLimits(facts: ModelFacts, warn: (text: string) => void): ModelFacts {
  const { framework, version, ...rest } = facts;
  const text = [framework?.name, framework?.version].filter(Boolean).join(" ");
  const fits = Buffer.byteLength(text) <= FRAMEWORK_MAX_BYTES;
  const versionFits = Buffer.byteLength(version ?? "") <= VERSION_MAX_BYTES;
  if (!fits) warn(`The framework ${text} is too long to be recorded.`);
  if (!versionFits) warn(`The version ${version} is too long to be recorded.`);
  return { ...rest, ...(framework && fits && { framework }), ...(version !== undefined && versionFits && { version }) };
}
