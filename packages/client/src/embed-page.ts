/**
 * `/embed.js` of a server: makes `<parley-call>` known to the page that loads it.
 * @module
 */
import { defineParleyCall } from './embed/parley-call-element.ts';

const { currentScript } = document;
const source = currentScript instanceof HTMLScriptElement ? currentScript.src : location.href;

defineParleyCall({ server: new URL(source).origin });
