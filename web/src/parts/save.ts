/** Gives a text to be saved as a file: it is made here and asked of nobody. */
export function saveText(name: string, text: string, type = "application/json"): void {
  save(name, new Blob([text], { type }));
}

/** The same for bytes. */
export function saveBytes(name: string, bytes: Uint8Array, type: string): void {
  save(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
}

function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
