/**
 * The board without a server: a run that was recorded into the page itself. It plays, goes back, and
 * shows all that the run's frames hold; what would need training is not there.
 */
import { makeBoard } from './board.js';
import { thePlotly } from './charts.js';
import { find } from './elements.js';
import { unpack } from './message.js';
import { followTheme } from './theme.js';

/** @param {string} selector Of an element with bytes as base64. */
async function bytesOf(selector) {
  const text = find(document, selector, HTMLElement).textContent.trim();
  return new Uint8Array(await (await fetch(`data:application/octet-stream;base64,${text}`)).arrayBuffer());
}

/** @param {Uint8Array<ArrayBuffer>} packed */
async function inflate(packed) {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'))).text();
}

/** Show the recording in the element `board`. */
export async function showRecording() {
  followTheme();
  const plotly = document.createElement('script');
  plotly.textContent = await inflate(await bytesOf('#plotly'));
  document.head.append(plotly);
  const { header, frames } = await unpack(await bytesOf('#recording'));
  const board = makeBoard(find(document, '#markup', HTMLTemplateElement).innerHTML, async () => thePlotly());
  find(document, '#board', HTMLElement).append(board.root);
  board.load(header, frames);
}
