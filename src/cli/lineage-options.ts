/** Options of `lineage` for a model and its registries. */
export const LINEAGE_OPTIONS = [
  "childPath",
  "parentPath",
  "tensors",
  "registryAddress",
  "registriesFile",
  "chainId",
  "rpcUrl",
  "indexFile",
  "outputPath",
  "hfCache",
  "storePath",
  "gateways",
  "pinataGateway",
  "offline",
  "keepFetched",
  "format",
] as const;

/** Options of `show`. */
export const SHOW_OPTIONS = [
  "tokenId",
  "registryAddress",
  "registriesFile",
  "chainId",
  "rpcUrl",
  "hfCache",
  "storePath",
  "gateways",
  "pinataGateway",
  "offline",
  "keepFetched",
  "format",
] as const;
