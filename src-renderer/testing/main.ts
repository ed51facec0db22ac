import { devBridge } from './dev-bridge.ts';

const query = new URLSearchParams(location.search);
const theme = query.get('theme');
if (theme !== null) localStorage.setItem('qlf.view', JSON.stringify({ theme, board: query.get('board') ?? 'grid' }));
if (!query.has('no-engine')) window.qlf = devBridge(query);
await import('../main.tsx');
