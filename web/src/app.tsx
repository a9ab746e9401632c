import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { Banner } from "./parts/banner.tsx";
import { EarlierCalls } from "./parts/earlier-calls.tsx";
import { LinkedRegistry } from "./parts/linked-registry.tsx";
import { Mark } from "./parts/mark.tsx";
import { matchPath, place } from "./router.ts";
import { SCREENS, type ScreenProps } from "./screens/list.ts";
import { STRINGS } from "./strings.ts";

interface Shown {
  readonly path: string;
  readonly Screen?: ComponentType<ScreenProps>;
  readonly failure?: string;
}

/** The page: its head, and the screen that the address names. */
export function App() {
  const shown = useSignal<Shown | undefined>(undefined);
  const { path, query } = place.value;
  const found = SCREENS.flatMap((screen) => {
    const params = matchPath(screen.path, path);
    return params === undefined ? [] : [{ screen, params }];
  })[0];

  useSignalEffect(() => {
    const screen = screenOf(place.value.path);
    document.title = screen === undefined ? STRINGS.name : `${STRINGS.titles[screen.title]} · ${STRINGS.name}`;
    if (screen === undefined || shown.peek()?.path === screen.path) return;
    // Whoever went on meanwhile is not taken back by a screen that came late.
    const show = (loaded: Omit<Shown, "path">) => {
      if (screenOf(place.peek().path) === screen) shown.value = { path: screen.path, ...loaded };
    };
    screen.load().then(
      ({ default: Screen }) => show({ Screen }),
      (error: unknown) => show({ failure: (error as Error).message }),
    );
  });

  const { Screen, failure, path: ready } = shown.value ?? {};
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        {STRINGS.skip}
      </a>
      <header class="head">
        <a class="head-name" href="#/">
          <Mark />
          <span>{STRINGS.name}</span>
        </a>
        <nav aria-label={STRINGS.navigation}>
          {SCREENS.filter(({ inHead }) => inHead).map((one) => (
            <a key={one.path} href={`#${one.path}`} aria-current={one === found?.screen ? "page" : undefined}>
              {STRINGS.titles[one.title]}
            </a>
          ))}
        </nav>
      </header>
      <LinkedRegistry />
      <EarlierCalls />
      <main id="main" tabIndex={-1}>
        {found === undefined ? (
          <Banner kind="unknown" title={STRINGS.noScreen.title} text={STRINGS.noScreen.text} />
        ) : failure !== undefined ? (
          <Banner kind="bad" title={STRINGS.notLoaded} text={failure} />
        ) : Screen !== undefined && ready === found.screen.path ? (
          <Screen key={path} params={found.params} query={query} />
        ) : (
          <p class="wait">{STRINGS.loading}</p>
        )}
      </main>
      <footer class="foot">
        <p>{STRINGS.foot}</p>
      </footer>
    </>
  );
}

function screenOf(path: string): (typeof SCREENS)[number] | undefined {
  return SCREENS.find((one) => matchPath(one.path, path) !== undefined);
}

/** The address stays: it names the screen. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
