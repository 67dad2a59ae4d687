/**
 * The call's end of the conversation with the page that has it in a frame. Only that window, at the origin it gave when it
 * framed us, is heard and told; the server says who may frame us at all.
 * @module
 */
import type { EmbedEvent } from '@parley/client/embed';
import { EMBED_VERSION } from '@parley/client/embed';
import type { RoomSession } from '../room/room-session.ts';
import { answerCommands } from './answer-commands.ts';
import './embed.css';
import { reportState } from './report-state.ts';

/** Begins the conversation; what it returns ends it. */
export function openEmbed(session: RoomSession, origin: string): () => void {
  const post = (message: object): void => {
    window.parent.postMessage({ parley: EMBED_VERSION, ...message }, origin);
  };
  const tell = (event: EmbedEvent): void => post(event);
  const root = document.documentElement;
  const answer = answerCommands(session, root);
  const onMessage = ({ source, origin: from, data }: MessageEvent): void => {
    if (source === window.parent && from === origin)
      void answer(data).then((reply) => reply && post(reply));
  };
  root.dataset['embedded'] = '';
  addEventListener('message', onMessage);
  tell({ event: 'ready' });
  const stop = reportState(session, tell);
  return () => {
    removeEventListener('message', onMessage);
    stop();
  };
}
