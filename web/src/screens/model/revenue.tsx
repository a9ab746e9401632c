import { useSignal } from "@preact/signals";
import type { RevenueRow } from "../../engine/revenue.ts";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.licenses.revenue;

/** What is owed of what a model brought, read where somebody asks for it. */
export function Revenue(props: {
  readonly registry: string;
  readonly tokenId: string;
  readonly currencies: readonly string[];
}) {
  const rows = useSignal<readonly RevenueRow[] | undefined>(undefined);
  const problem = useSignal("");
  const isBusy = useSignal(false);
  const read = async () => {
    isBusy.value = true;
    problem.value = "";
    try {
      const { readOwed } = await import("../../engine/revenue.ts");
      rows.value = await readOwed(props.registry, props.tokenId, props.currencies);
    } catch (error) {
      problem.value = (error as Error).message;
    }
    isBusy.value = false;
  };
  return (
    <>
      <h3>{TEXT.title}</h3>
      <p class="quiet">{TEXT.text}</p>
      <p class="buttons">
        <button type="button" class="plain" disabled={isBusy.value} onClick={() => void read()}>
          {rows.value === undefined ? TEXT.read : TEXT.again}
        </button>
      </p>
      {problem.value !== "" && (
        <p class="fault" role="alert">
          {problem.value}
        </p>
      )}
      <div aria-live="polite">
        {rows.value !== undefined && (
          <ul class="rows owed">
            {rows.value.map(({ what, text }) => (
              <li key={`${what} ${text}`}>
                <strong>{what}</strong>
                <span>{text}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}
