import { resourceOf } from "./resources.ts";

/** The pointer that Git LFS leaves in place of content. */
export function lfsPointerTo(content: string): string {
  const { sha256, size } = resourceOf("", content);
  return lfsPointer(sha256, size);
}

/** A pointer of any digest and size. */
export function lfsPointer(sha256: string, size: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`;
}
