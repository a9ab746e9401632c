import { expect } from "chai";

/** What a marketplace reads of a token. */
export interface TokenMetadata {
  name: string;
  description?: string;
  image?: string;
  metadata_uri?: string;
  attributes?: { display_type?: string; trait_type: string; value: string | number }[];
}

/** What a data URI of this media type holds. */
function decode(uri: string, mediaType: string): string {
  const prefix = `data:${mediaType};base64,`;
  expect(uri.slice(0, prefix.length)).to.equal(prefix);
  return Buffer.from(uri.slice(prefix.length), "base64").toString("utf8");
}

/** The JSON in a data URI. */
export const decodeJson = (uri: string) => JSON.parse(decode(uri, "application/json")) as TokenMetadata;
/** The picture in a data URI. */
export const decodeSvg = (uri = "") => decode(uri, "image/svg+xml");
