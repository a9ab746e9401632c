/** What one leaf of a file holds in UnixFS, and what damage is told by. */
export const LEAF_BYTES = 1024 * 1024;
