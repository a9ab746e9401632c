import { useState } from "preact/hooks";
import { IMAGE_MAX_BYTES } from "model-provenance-nft/core";
import type { Draft } from "../../adapters/kept-drafts.ts";
import { keepDraftFile } from "../../adapters/kept-files.ts";
import type { Picked } from "../../adapters/picked-files.ts";
import { bytesOf } from "../../engine/hash-model.ts";
import { FileDrop } from "../../parts/file-drop.tsx";
import { formatBytes } from "../../parts/format.ts";
import { STRINGS } from "../../strings.ts";
import { changeDraft } from "./session.ts";

const TEXT = STRINGS.publish.picture;

/** A picture of one's own, in the place of the card that is drawn. */
export function PictureField({ draft }: { readonly draft: Draft }) {
  const { id, picture } = draft;
  const [fault, setFault] = useState<string>();
  const take = async (picked: Picked | undefined) => {
    const [only, ...others] = picked?.files ?? [];
    if (only === undefined || others.length > 0) return setFault(TEXT.one);
    const { name, file } = only;
    if (file.size > IMAGE_MAX_BYTES) return setFault(TEXT.tooLarge(name, file.size, IMAGE_MAX_BYTES));
    try {
      await keepDraftFile(id, "picture", await bytesOf(only));
      setFault(undefined);
      await changeDraft({ picture: { name, size: file.size } });
    } catch (error) {
      setFault((error as Error).message);
    }
  };
  const remove = async () => {
    await changeDraft({ picture: undefined });
    await keepDraftFile(id, "picture", undefined);
  };
  return (
    <div class="field field-wide">
      <p class="field-name">{TEXT.title}</p>
      <FileDrop choosers={[{ name: TEXT.choose, accept: "image/*" }]} onPicked={(picked) => void take(picked)}>
        <p class="quiet" role="status">
          {picture === undefined ? TEXT.drawn : TEXT.given(picture.name, formatBytes(picture.size))}
        </p>
        {picture !== undefined && (
          <p class="buttons">
            <button type="button" class="plain small" onClick={() => void remove()}>
              {TEXT.remove}
            </button>
          </p>
        )}
        {fault !== undefined && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
      </FileDrop>
    </div>
  );
}
