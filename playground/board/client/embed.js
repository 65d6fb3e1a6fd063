/** The board alone on a bare page: what is shown and how is in the page's address, see embed.py. */
import { makeBoard } from './board.js';
import { loadPlotly } from './charts.js';
import { find } from './elements.js';
import { followTheme } from './theme.js';

const place = find(document, '#board', HTMLElement);
const query = new URLSearchParams(location.search);
const isCopy = query.has('copy'); // of a run, in a frame: the page around it keeps its own
const { show, play, theme, present, hide = '' } = Object.fromEntries(query);
for (const name of ['show', 'play', 'theme', 'present', 'copy']) query.delete(name);

followTheme(theme);
const board = makeBoard(find(document, '#markup', HTMLTemplateElement).innerHTML, () => loadPlotly(String(place.dataset.plotly)));
const panels = Object.values(board.panels).map(({ dataset: { view } }) => String(view));
const notShown = show ? panels.filter((view) => !show.split(',').includes(view)) : [];
board.leaveOut([...notShown, ...hide.split(',')]);
place.append(board.root);
board.checkTheme();
board.value.isKept = !isCopy;
await board.attach({ line: `${place.dataset.line}?${query}` });
if (present === '1') board.present.enter();
if (play === '1') board.player.play();
