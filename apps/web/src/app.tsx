/**
 * The page that the address names.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, JSX } from 'preact';
import { withWords } from './i18n/language.ts';
import { CallLoadingPage } from './room/call-loading-page.tsx';
import { RoomPage } from './room/room-page.tsx';
import { NotFoundPage } from './route/not-found-page.tsx';
import { route } from './route/router.ts';
import { LiveRegion } from './ui/live-region.tsx';
import { useLazyView } from './ui/use-lazy-view.ts';

/** The whole app. */
export function App(): JSX.Element {
  return (
    <>
      <Page />
      <LiveRegion />
    </>
  );
}

function Page(): JSX.Element {
  const current = route.value;
  switch (current.page) {
    case 'home':
      return <Lazy key="home" load={loadHomePage} />;
    case 'room':
      return (
        <RoomPage
          key={`${current.room} ${current.key}`}
          room={current.room}
          linkKey={current.key}
        />
      );
    case 'test':
      return <Lazy key="test" load={loadTestPage} />;
    case 'unknown':
      return <NotFoundPage />;
  }
}

/** People who open a link to a room never need the other pages. */
function Lazy({ load }: { load: () => Promise<ComponentType> }): JSX.Element {
  const view = useLazyView(load);
  if (view === 'loading') return <></>;
  return view === 'failed' ? <CallLoadingPage failed /> : h(view, {});
}

async function loadTestPage(): Promise<ComponentType> {
  return (await withWords(import('./test/test-page.tsx'), 'test', 'problem')).TestPage;
}

async function loadHomePage(): Promise<ComponentType> {
  return (await import('./home/home-page.tsx')).HomePage;
}
