/**
 * `@parley/client/embed`: a call inside somebody's page, in a frame. Documentation: docs/EMBEDDING.md.
 * @module
 */
export { EMBED_VERSION, readCommand, readFrameMessage } from './embed/embed-message.ts';
export type {
  EmbedCommand,
  EmbedErrorCode,
  EmbedEvent,
  EmbedFault,
  EmbedPeer,
  EmbedState,
  ReadCommand,
  ReadFrameMessage,
} from './embed/embed-message.ts';
export { defineParleyCall, ParleyCallElement } from './embed/parley-call-element.ts';
export { THEME_COLORS } from './embed/theme.ts';
export type { Theme, ThemeColor } from './embed/theme.ts';
