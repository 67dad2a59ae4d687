import { createClient } from '@parley/client';
import { createRoot } from 'react-dom/client';
import { Call } from './call.jsx';

// One client for the whole page, made outside of any component: it outlives every render.
const client = createClient();

createRoot(document.getElementById('root')).render(<Call client={client} />);
