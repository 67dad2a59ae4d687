import { afterEach, describe, expect, it, vi } from 'vitest';
import { followNetwork } from './network-events.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

function pageshow(persisted: boolean): Event {
  return Object.assign(new Event('pageshow'), { persisted });
}

function setUp() {
  const [page, connection] = [new EventTarget(), new EventTarget()];
  const document = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', document);
  vi.stubGlobal('navigator', { connection });
  const heard: boolean[] = [];
  const end = followNetwork((isCertain) => heard.push(isCertain));
  return { page, document, connection, heard, end };
}

describe('what a page is told about its network', () => {
  it('is certain when it is online again, and a guess after anything else', () => {
    const { page, document, connection, heard } = setUp();
    page.dispatchEvent(new Event('online'));
    connection.dispatchEvent(new Event('change'));
    page.dispatchEvent(pageshow(true));
    document.dispatchEvent(new Event('resume'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(heard).toEqual([true, false, false, false, false]);
  });

  it('is nothing new that a page has been loaded, or is hidden', () => {
    const { page, document, heard } = setUp();
    page.dispatchEvent(pageshow(false));
    document.hidden = true;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(heard).toEqual([]);
  });

  it('is told no more when nobody asks any more', () => {
    const { page, heard, end } = setUp();
    end();
    page.dispatchEvent(new Event('online'));
    expect(heard).toEqual([]);
  });

  it('is nothing where there is no page', () => {
    vi.stubGlobal('navigator', undefined);
    const end = followNetwork(() => {});
    expect(end).not.toThrow();
  });
});
