/**
 * Plotly with only the traces that the figures use (scatter is in the core). The whole of it is four times as large and
 * needs eval, which the content policy forbids.
 */
import Plotly from 'plotly.js/lib/core';
import bar from 'plotly.js/lib/bar';
import heatmap from 'plotly.js/lib/heatmap';

Plotly.register([bar, heatmap]);

export { Plotly };
