import { type ExportedModel, type Publisher, describeClaim, parseDidWeb } from "model-provenance-nft/core";
import { useState } from "preact/hooks";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.model;

/** Who the creator says to be. Their web site is asked only when somebody asks for it: it would learn who looks. */
export function PublisherName({ model }: { readonly model: ExportedModel }) {
  const [found, setFound] = useState<Publisher>();
  const [problem, setProblem] = useState<string>();
  const [isAsking, setAsking] = useState(false);
  const did = model.metadata.provenance.publisher?.did ?? "";
  const ask = async () => {
    setAsking(true);
    setProblem(undefined);
    try {
      const { askPublisher } = await import("../../engine/ask-publisher.ts");
      setFound(await askPublisher(model));
    } catch (error) {
      setProblem((error as Error).message);
    }
    setAsking(false);
  };
  const site = parseDidWeb(did)?.name ?? did;
  if (found !== undefined) return <span aria-live="polite">{found.claims.map(describeClaim).join("; ")}</span>;
  return (
    <>
      {TEXT.says(site)}{" "}
      <button type="button" class="plain" disabled={isAsking} onClick={() => void ask()}>
        {TEXT.ask(site)}
      </button>
      {problem !== undefined && <span role="alert"> {problem}</span>}
    </>
  );
}
